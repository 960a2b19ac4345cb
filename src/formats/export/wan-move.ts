import { writeNpy } from "../containers/npy.ts";
import { readShown } from "./common/as-read.ts";
import type { ExportFormat } from "./common/format.ts";
import { FPS, SEGMENT, SIZE } from "./common/options.ts";
import { EDGE_SHIFT } from "./common/pixel-edge.ts";
import type { PreparedTracks } from "./common/prepared.ts";
import type { ExportFile } from "./common/types.ts";

/**
 * The official Wan-Move generate.py.
 * - `tracks.npy` [1,T,N,2] float32 (x,y), edge pixels of the input picture;
 * - `visibility.npy` [1,T,N] bool.
 * T = 81 at 16 frames a second and nothing else: 97 and 121 stop the reader, 49 leave the end unguided. Positions must be floats, or an in-place product in the reader fails.
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
  options: [SEGMENT, SIZE, FPS],
  asRead: readShown,
  write: ({ prepared }) => ({ main: writeWanMove(prepared) }),
};

function writeWanMove({ tracks, shownTN }: PreparedTracks): ExportFile[] {
  const { frameCount, pointCount } = tracks;
  const xy = tracks.tracksTN2.map((v) => v + EDGE_SHIFT);
  return [
    { name: "tracks.npy", bytes: writeNpy([1, frameCount, pointCount, 2], "float32", xy) },
    { name: "visibility.npy", bytes: writeNpy([1, frameCount, pointCount], "bool", shownTN) },
  ];
}
