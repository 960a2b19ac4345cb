import { writeNpy } from "../containers/npy.ts";
import { EDGE_SHIFT } from "./common/pixel-edge.ts";
import type { PreparedTracks } from "./common/prepare.ts";

/**
 * `wan2gp`: one .npy [T,N,2] float32 (x,y) from 0 to 1, −1 for hidden points.
 * Wan2GP takes a file whose largest value is at most 1 as normalised and reads round(v · [W,H]); one
 * value above 1 would turn the whole file into pixels. Writing floor(x) / W makes that rounding land
 * on the very pixel that holds the point.
 */
export function writeWan2gp({ tracks, shownTN, size }: PreparedTracks): Uint8Array {
  const { frameCount, pointCount, tracksTN2 } = tracks;
  const out = new Float32Array(tracksTN2.length);
  for (let i = 0; i < shownTN.length; i++) {
    const shown = shownTN[i] === 1;
    out[2 * i] = shown ? Math.floor(tracksTN2[2 * i] + EDGE_SHIFT) / size.width : -1;
    out[2 * i + 1] = shown ? Math.floor(tracksTN2[2 * i + 1] + EDGE_SHIFT) / size.height : -1;
  }
  return writeNpy([frameCount, pointCount, 2], "float32", out);
}
