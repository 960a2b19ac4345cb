import { writeNpy } from "../containers/npy.ts";
import { readWholePixels } from "./common/as-read.ts";
import type { ExportFormat } from "./common/format.ts";
import { FPS, FRAMES, SEGMENT, SIZE } from "./common/options.ts";
import { EDGE_SHIFT } from "./common/pixel-edge.ts";
import type { PreparedTracks } from "./common/prepared.ts";
import { wanNotices } from "./common/wan.ts";

/**
 * One .npy [T,N,2] float32 (x,y) from 0 to 1, −1 for hidden points.
 * Wan2GP takes a file whose largest value is at most 1 as normalised and reads round(v · [W,H]); one
 * value above 1 would turn the whole file into pixels. Writing floor(x) / W makes that rounding land
 * on the very pixel that holds the point.
 */
export const wan2gp: ExportFormat = {
  name: "wan2gp",
  label: "Wan2GP",
  description: "One .npy of positions from 0 to 1 for Wan2GP's trajectory input.",
  group: "For video generators",
  extension: ".npy",
  mediaType: "application/octet-stream",
  futures: "each",
  startsVisible: true,
  playbackFps: 16,
  defaults: { segment: "future", frames: 81 },
  options: [SEGMENT, SIZE, FPS, FRAMES],
  asRead: readWholePixels,
  notices: wanNotices,
  write: ({ prepared }) => ({ main: writeWan2gp(prepared) }),
};

function writeWan2gp({ tracks, shownTN, size }: PreparedTracks): Uint8Array {
  const { frameCount, pointCount, tracksTN2 } = tracks;
  const out = new Float32Array(tracksTN2.length);
  for (let i = 0; i < shownTN.length; i++) {
    const shown = shownTN[i] === 1;
    out[2 * i] = shown ? Math.floor(tracksTN2[2 * i] + EDGE_SHIFT) / size.width : -1;
    out[2 * i + 1] = shown ? Math.floor(tracksTN2[2 * i + 1] + EDGE_SHIFT) / size.height : -1;
  }
  return writeNpy([frameCount, pointCount, 2], "float32", out);
}
