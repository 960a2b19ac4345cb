import type { ImportedSpace } from "../../../domain/imported-space.ts";
import type { NpyArray } from "../../containers/npy.ts";
import type { LoadedArrays } from "../common/types.ts";
import type { Layout } from "./layout.ts";
import { hasPictureTracks, noCameras } from "./no-cameras.ts";
import { pathOfArrays } from "./path.ts";
import { project } from "./project.ts";

const PROJECTED = "tracks_XYZ, projected";
const IN_FRONT = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0];

/**
 * TAPVid-3D: `tracks_XYZ` [T,N,3] in the camera's space, `fx_fy_cx_cy` [4] in pixels of the video,
 * or `intrinsics` [3,3]; `visibility` [T,N], `queries_xyt` [N,3] (x, y, t); `extrinsics_w2c` [T,4,4] world to camera where it is
 * told, else the camera is taken to stand.
 */
export const tapvid3d: Layout = {
  recognise({ arrays }) {
    const tracks = arrays.get("tracks_XYZ");
    if (tracks?.shape.length !== 3 || tracks.shape[2] !== 3) return null;
    const lens = lensOf(arrays);
    if (!lens) {
      if (!hasPictureTracks(arrays)) throw noCameras(arrays);
      return null;
    }
    const [fx, fy, cx, cy] = lens;
    // Saved by point, as some convert it: one lens for all shows them in either order.
    const byPoint = steps(tracks, 1) < steps(tracks, 0) / 2;
    const space = spaceOf(tracks, arrays.get("extrinsics_w2c"), (fx + fy) / 2, [cx, cy]);
    const positions = project(tracks, () => ({ pose34: IN_FRONT, fx, fy, cx, cy }));
    return {
      derived: new Map([[PROJECTED, positions]]),
      hints: {
        looksLike: "TAPVid-3D (positions in space)",
        tracks: PROJECTED,
        axes: byPoint ? "NTC" : "TNC",
        units: "px",
        origin: "pixel-centre",
        ...(byPoint ? {} : { space }),
        notTracks: ["tracks_XYZ", "extrinsics_w2c"],
        notes: ["Positions in space are projected by the file’s own lens, pixels of its video."],
      },
    };
  },
};

/** fx, fy, cx, cy. */
function lensOf(arrays: LoadedArrays["arrays"]): readonly [number, number, number, number] | null {
  const lens = arrays.get("fx_fy_cx_cy")?.data;
  if (lens?.length === 4) return [lens[0], lens[1], lens[2], lens[3]];
  const matrix = arrays.get("intrinsics")?.data;
  return matrix?.length === 9 ? [matrix[0], matrix[4], matrix[2], matrix[5]] : null;
}

/** Mean distance of neighbours along an axis of [A,B,3]. */
function steps({ shape: [A, B], data }: NpyArray, axis: 0 | 1): number {
  let sum = 0;
  let count = 0;
  for (let a = 0; a < A; a++) {
    for (let b = 0; b < B; b++) {
      if ((axis === 0 ? a : b) === 0) continue;
      const at = 3 * (a * B + b);
      const before = at - (axis === 0 ? 3 * B : 3);
      const apart = [0, 1, 2].map((c) => data[at + c] - data[before + c]);
      const distance = Math.hypot(...apart);
      if (!Number.isFinite(distance)) continue;
      sum += distance;
      count++;
    }
  }
  return count > 0 ? sum / count : 0;
}

/** Positions before each frame's camera as places in the world, where its poses are told. */
function spaceOf(
  { shape: [T, N], data }: NpyArray,
  poses: NpyArray | undefined,
  focalPx: number,
  centre: readonly [number, number],
): ImportedSpace {
  const isTold = poses?.shape.join() === [T, 4, 4].join();
  const standing = Float32Array.from({ length: 16 * T }, (_, i) => ((i % 16) % 5 === 0 ? 1 : 0));
  const still: NpyArray = { shape: [T, 4, 4], dtype: "float32", data: standing };
  const matrices = isTold && poses ? poses : still;
  const cameras = pathOfArrays(matrices, () => focalPx, centre);
  const positionsTN3 = new Float32Array(3 * T * N);
  for (let t = 0; t < T; t++) {
    const r = cameras.rotationT9.subarray(9 * t, 9 * t + 9);
    const s = cameras.translationT3.subarray(3 * t, 3 * t + 3);
    for (let i = 3 * t * N; i < 3 * (t + 1) * N; i += 3) {
      const [x, y, z] = [data[i] - s[0], data[i + 1] - s[1], data[i + 2] - s[2]];
      for (let c = 0; c < 3; c++) positionsTN3[i + c] = r[c] * x + r[3 + c] * y + r[6 + c] * z;
    }
  }
  return { cameras, positionsTN3 };
}
