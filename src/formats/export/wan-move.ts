import { writeNpy } from "../containers/npy.ts";
import { EDGE_SHIFT } from "./common/pixel-edge.ts";
import type { PreparedTracks } from "./common/prepare.ts";
import type { ExportFile } from "./common/types.ts";

/**
 * `wan-move`: the official Wan-Move generate.py.
 * - `tracks.npy` [1,T,N,2] float32 (x,y), edge pixels of the input picture;
 * - `visibility.npy` [1,T,N] bool.
 * T = 81 at 16 frames a second. Positions must be floats, or an in-place product in the reader fails.
 */
export function writeWanMove({ tracks, shownTN }: PreparedTracks): ExportFile[] {
  const { frameCount, pointCount } = tracks;
  const xy = tracks.tracksTN2.map((v) => v + EDGE_SHIFT);
  return [
    { name: "tracks.npy", bytes: writeNpy([1, frameCount, pointCount, 2], "float32", xy) },
    { name: "visibility.npy", bytes: writeNpy([1, frameCount, pointCount], "bool", shownTN) },
  ];
}
