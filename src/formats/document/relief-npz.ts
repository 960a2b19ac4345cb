import type { ReliefAnswer } from "../../domain/space-field.ts";
import { type NpzEntry, writeNpz } from "../containers/npz.ts";
import { extrinsicsOf } from "../export/common/extrinsics.ts";
import type { TracksMoment } from "./tracks-npz.ts";

/**
 * What the observed tracks tell of space at "now". N points, T frames of past, the last one is "now".
 * World: the camera's space at "now", x right, y down, z forward, in median depths of what stands still.
 * - `known` uint8, a single number: 0 where nothing can be told, and then only the numbers of the last
 *   three lines are there;
 * - `relief` [H,W] float32: inverse depth of cells that cover the 832×480 frame evenly, median 1;
 *   `relief_measured` [H,W] uint8: 1 where points or level ground told it, 0 where it is filled in;
 *   `relief_sigma_log` [H,W] float32, standard deviation of its logarithm, where it is told;
 * - `query_xy_n2` [N,2] videoPx at "now"; `inverse_depth_n`, `sigma_log_n`, `residual_px_n` [N] float32;
 *   `state_n` [N] uint8: 0 unknown, 1 still, 2 moving by itself; `ground_n` [N] uint8, where a drive has bare
 *   ground: 1 = unknown by its track, and as deep as level ground;
 * - `extrinsics_t44` [T,4,4] world to camera, `focal_px_t` [T], `centre_px` [2];
 * - `parallax_px` float64: largest shift of the median point by translation alone;
 * - `why` [L] uint8: UTF-8 of the reason where nothing is known (`no-translation`, …), else empty;
 * - `fps`, `now_secs` float64 and `now_frame` int32.
 */
export function writeReliefNpz(
  { field, relief }: ReliefAnswer,
  queryXyN2: Float32Array,
  { fps, nowSecs, nowFrame }: TracksMoment,
): Uint8Array {
  const { cameras } = field;
  const why = new TextEncoder().encode(field.why ?? "");
  const entries: NpzEntry[] = [
    { name: "known", shape: [], dtype: "uint8", values: [cameras && relief ? 1 : 0] },
    { name: "parallax_px", shape: [], dtype: "float64", values: [field.parallaxPx] },
    { name: "why", shape: [why.length], dtype: "uint8", values: why },
    { name: "fps", shape: [], dtype: "float64", values: [fps] },
    { name: "now_secs", shape: [], dtype: "float64", values: [nowSecs] },
    { name: "now_frame", shape: [], dtype: "int32", values: [nowFrame] },
  ];
  if (!cameras || !relief) return writeNpz(entries);
  const cells = [relief.rows, relief.columns];
  const N = field.stateN.length;
  const T = cameras.frameCount;
  const float = (name: string, shape: readonly number[], values: ArrayLike<number>) =>
    entries.push({ name, shape, dtype: "float32", values });
  const measured = relief.known ?? new Uint8Array(relief.inverseDepth.length).fill(1);
  entries.push({ name: "relief_measured", shape: cells, dtype: "uint8", values: measured });
  entries.push({ name: "state_n", shape: [N], dtype: "uint8", values: field.stateN });
  if (field.groundN) {
    entries.push({ name: "ground_n", shape: [N], dtype: "uint8", values: field.groundN });
  }
  float("relief", cells, relief.inverseDepth);
  if (relief.sigmaLog) float("relief_sigma_log", cells, relief.sigmaLog);
  float("query_xy_n2", [N, 2], queryXyN2);
  float("inverse_depth_n", [N], field.inverseDepthN);
  float("sigma_log_n", [N], field.sigmaLogN);
  float("residual_px_n", [N], field.residualPxN);
  float("extrinsics_t44", [T, 4, 4], extrinsicsOf(cameras));
  float("focal_px_t", [T], cameras.focalPxT);
  float("centre_px", [2], cameras.centre);
  return writeNpz(entries);
}
