import type { ImportedSpace } from "../../../domain/imported-space.ts";
import type { NpyArray } from "../../containers/npy.ts";
import type { Layout } from "./layout.ts";
import { pathOfArrays } from "./path.ts";
import { project } from "./project.ts";

const PROJECTED = "tracks_XYZ, projected";
const IN_FRONT = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0];

/**
 * TAPVid-3D: `tracks_XYZ` [T,N,3] in the camera's space, `fx_fy_cx_cy` [4] in pixels of the video,
 * `visibility` [T,N], `queries_xyt` [N,3] (x, y, t); `extrinsics_w2c` [T,4,4] world to camera where it is
 * told, else the camera is taken to stand.
 */
export const tapvid3d: Layout = {
  recognise({ arrays }) {
    const tracks = arrays.get("tracks_XYZ");
    const lens = arrays.get("fx_fy_cx_cy");
    if (tracks?.shape.length !== 3 || tracks.shape[2] !== 3 || lens?.data.length !== 4) return null;
    const [fx, fy, cx, cy] = lens.data;
    const space = spaceOf(tracks, arrays.get("extrinsics_w2c"), (fx + fy) / 2, [cx, cy]);
    const positions = project(tracks, () => ({ pose34: IN_FRONT, fx, fy, cx, cy }));
    return {
      derived: new Map([[PROJECTED, positions]]),
      hints: {
        looksLike: "TAPVid-3D (positions in space)",
        tracks: PROJECTED,
        axes: "TNC",
        units: "px",
        origin: "pixel-centre",
        space,
        notTracks: ["tracks_XYZ", "extrinsics_w2c"],
        notes: ["Positions in space are projected by the file’s own lens, pixels of its video."],
      },
    };
  },
};

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
