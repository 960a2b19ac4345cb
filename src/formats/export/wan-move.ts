import type { Size } from "../../domain/clip.ts";
import { writeNpy } from "../containers/npy.ts";
import { readShown } from "./common/as-read.ts";
import type { ExportFormat } from "./common/format.ts";
import { MOTION } from "./common/motion.ts";
import { FPS, SEGMENT, type SizePreset, SPACING, TRACKS, WAN_SIZES } from "./common/options.ts";
import { EDGE_SHIFT } from "./common/pixel-edge.ts";
import type { PreparedTracks } from "./common/prepared.ts";
import type { ExportFile } from "./common/types.ts";
import { wanMoveSize } from "./common/wan.ts";

/** Sizes that generate.py makes of themselves. */
const MOVE_SIZES: readonly SizePreset[] = [
  { size: { width: 832, height: 464 }, note: "as generate.py makes it" },
  { size: { width: 464, height: 832 }, note: "as generate.py makes it, upright" },
];

/**
 * The official Wan-Move generate.py.
 * - `tracks.npy` [1,T,N,2] float32 (x,y), edge pixels of the input picture;
 * - `visibility.npy` [1,T,N] bool.
 * T = 81 at 16 frames a second and nothing else: 97 and 121 stop the reader, 49 leave the end unguided.
 * Positions must be floats, or an in-place product in the reader fails.
 */
export const wanMove: ExportFormat = {
  name: "wan-move",
  label: "Wan-Move",
  description: "tracks.npy and visibility.npy for the official Wan-Move generate.py.",
  group: "For video generators",
  extension: ".zip",
  mediaType: "application/zip",
  severalFiles: true,
  futures: "each",
  startsVisible: true,
  playbackFps: 16,
  defaults: { segment: "future", frames: 81 },
  options: [
    SEGMENT,
    MOTION,
    { kind: "size", presets: [...MOVE_SIZES, ...WAN_SIZES] },
    FPS,
    SPACING,
    TRACKS,
  ],
  asRead: readShown,
  notices: ({ prepared }) => sizeNotices(prepared.size),
  write: ({ prepared }) => ({ main: writeWanMove(prepared) }),
};

function sizeNotices(size: Size): string[] {
  const { width, height } = wanMoveSize(size);
  if (width === size.width && height === size.height) return [];
  return [
    `generate.py makes ${width}×${height} of a picture of ${size.width}×${size.height}; at ${width}×${height} nothing is scaled.`,
  ];
}

function writeWanMove({ tracks, shownTN }: PreparedTracks): ExportFile[] {
  const { frameCount, pointCount } = tracks;
  const xy = tracks.tracksTN2.map((v) => v + EDGE_SHIFT);
  return [
    { name: "tracks.npy", bytes: writeNpy([1, frameCount, pointCount, 2], "float32", xy) },
    { name: "visibility.npy", bytes: writeNpy([1, frameCount, pointCount], "bool", shownTN) },
  ];
}
