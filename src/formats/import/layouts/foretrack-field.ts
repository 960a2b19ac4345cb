import { basisAt } from "../../../domain/curve-basis.ts";
import { UNKNOWN } from "../../../domain/space-field.ts";
import type { NpyArray } from "../../containers/npy.ts";
import type { Layout } from "./layout.ts";
import { pathOfArrays } from "./path.ts";
import { project } from "./project.ts";

const PROJECTED = "control_past, projected";

/** Our own field (`export/space-field.ts`): its past. Positions are asked of the curves at each frame. */
export const foretrackField: Layout = {
  recognise({ arrays }) {
    const control = arrays.get("control_past");
    const extrinsics = arrays.get("extrinsics_past");
    const focal = arrays.get("focal_px_past");
    const state = arrays.get("state");
    const centre = arrays.get("centre_px")?.data;
    const [height, width] = arrays.get("video_size")?.data ?? [];
    const [N, K, D] = control?.shape ?? [];
    const T = focal?.shape[0] ?? 0;
    const fits = D === 3 && K >= 4 && extrinsics?.shape.join() === [T, 4, 4].join();
    if (!control || !extrinsics || !focal || centre?.length !== 2 || !fits || T < 1) return null;
    if (!(width >= 16 && height >= 16)) return null;
    const positionsTN3 = positionsOf(control, T, state?.data);
    const cameras = pathOfArrays(extrinsics, (t) => focal.data[t], [centre[0], centre[1]]);
    const seen = { shape: [T, N, 3], dtype: "float32" as const, data: positionsTN3 };
    const projected = project(seen, (t) => ({
      pose34: extrinsics.data.subarray(16 * t, 16 * t + 12),
      ...{ fx: focal.data[t], fy: focal.data[t], cx: centre[0], cy: centre[1] },
    }));
    const tracked = arrays.get("tracks")?.shape.join() === [T, N, 2].join();
    const secs = arrays.get("now_secs")?.data[0];
    return {
      ...(tracked ? {} : { derived: new Map([[PROJECTED, projected]]) }),
      hints: {
        looksLike: "Foretrack field (tracks, cameras and depth)",
        ...{ tracks: tracked ? "tracks" : PROJECTED, axes: "TNC", units: "px" },
        origin: "pixel-centre",
        sourceSize: { width, height },
        space: { cameras, positionsTN3 },
        notTracks: ["control_past", "control_future", "extrinsics_past", "extrinsics_future"],
        ...(secs !== undefined && secs >= 0 ? { now: { frame: T - 1, secs } } : {}),
      },
    };
  },
};

/** [T,N,3] on C² splines over time 0 to 1; NaN of points of which nothing is known. */
function positionsOf(control: NpyArray, frameCount: number, state: ArrayLike<number> | undefined) {
  const [N, K] = control.shape;
  const out = new Float32Array(frameCount * N * 3);
  for (let t = 0; t < frameCount; t++) {
    const { first, weights } = basisAt("smooth", K, frameCount > 1 ? t / (frameCount - 1) : 1);
    for (let n = 0; n < N; n++) {
      for (let c = 0; c < 3; c++) {
        let sum = state?.[n] === UNKNOWN ? Number.NaN : 0;
        for (let i = 0; i < 4; i++) sum += weights[i] * control.data[3 * (n * K + first + i) + c];
        out[3 * (t * N + n) + c] = sum;
      }
    }
  }
  return out;
}
