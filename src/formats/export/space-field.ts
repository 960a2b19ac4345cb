import { type NpzEntry, writeNpz } from "../containers/npz.ts";
import { extrinsicsOf } from "./common/extrinsics.ts";
import type { ExportFormat, ExportJob } from "./common/format.ts";
import { IN_SPACE, knownSpace, spaceNotices } from "./common/space-scene.ts";

/**
 * Everything that is known in space, as it is known: all points, exact curves, nothing resampled.
 * N points, K control points of a C² cubic B-spline with clamped uniform knots, T frames of past (the
 * last one is "now"), F futures of S frames (the first one is "now"). World: the camera's space at "now",
 * x right, y down, z forward, in median depths of what stands still. Pixels are those of `video_size`,
 * 0 = centre of the first one.
 * - `query_xy` [N,2] float32 px at "now"; `inverse_depth` [N], `sigma_log_depth` [N], `residual_px` [N]
 *   float32; `state` [N] uint8: 0 unknown, 1 still, 2 moving; `rgb` [N,3] uint8 where the picture was there;
 * - `control_past` [N,K,3] float32 over the frames of the past, time 0 to 1;
 * - `extrinsics_past` [T,4,4] world to camera, `focal_px_past` [T], `centre_px` [2] float32;
 * - `control_future` [F,N,K,3], `extrinsics_future` [F,S,4,4], `focal_px_future` [F,S], `rigidity_px` [F];
 * - `tracks` [T,N,2] float32 px and `visibs` [T,N] bool where the points are those of the tracks;
 * - `fps`, `now_secs` [1] float64; `now_frame` [1] int32; `video_size` [2] int32 (height, width);
 *   `version` [1] int32 = 1.
 */
export const spaceField: ExportFormat = {
  ...IN_SPACE,
  name: "space-field",
  label: "Foretrack field",
  description: "All that is known in space, exactly, as an .npz that Foretrack and NumPy read.",
  extension: ".npz",
  mediaType: "application/zip",
  futures: "together",
  defaultFutures: "all",
  defaults: { segment: "both" },
  options: [],
  notices: (job) => [
    ...spaceNotices(job),
    ...(job.prepared.segment === "past"
      ? ["No future lies in space yet, so the file holds the past alone."]
      : []),
  ],
  write: (job) => ({ main: writeSpaceField(job) }),
};

function writeSpaceField({ document, all, prepared }: ExportJob): Uint8Array {
  const { forecast } = document;
  const { field, curves, lifted, queryXyN2, rgbN3 } = knownSpace(document.space);
  const cameras = field.cameras;
  if (!cameras) throw new RangeError("a known space has cameras");
  const N = field.stateN.length;
  const { size } = prepared;
  const float = (name: string, shape: readonly number[], values: ArrayLike<number>): NpzEntry => {
    return { name, shape, dtype: "float32", values };
  };
  const entries: NpzEntry[] = [
    float("query_xy", [N, 2], queryXyN2),
    float("inverse_depth", [N], field.inverseDepthN),
    float("sigma_log_depth", [N], field.sigmaLogN),
    float("residual_px", [N], field.residualPxN),
    { name: "state", shape: [N], dtype: "uint8", values: field.stateN },
    float("control_past", [N, curves.controlCount, 3], curves.controlNK3),
    float("extrinsics_past", [cameras.frameCount, 4, 4], extrinsicsOf(cameras)),
    float("focal_px_past", [cameras.frameCount], cameras.focalPxT),
    float("centre_px", [2], cameras.centre),
    { name: "video_size", shape: [2], dtype: "int32", values: [size.height, size.width] },
    { name: "fps", shape: [1], dtype: "float64", values: [forecast.fps] },
    { name: "now_secs", shape: [1], dtype: "float64", values: [forecast.nowSecs] },
    { name: "now_frame", shape: [1], dtype: "int32", values: [cameras.frameCount - 1] },
    { name: "version", shape: [1], dtype: "int32", values: [1] },
  ];
  if (rgbN3) entries.push({ name: "rgb", shape: [N, 3], dtype: "uint8", values: rgbN3 });
  const { history } = forecast;
  if (history.pointCount === N) {
    entries.push(float("tracks", [history.frameCount, N, 2], history.tracksTN2), {
      name: "visibs",
      shape: [history.frameCount, N],
      dtype: "bool",
      values: history.visibilityTN,
    });
  }
  const futures = all.flatMap(({ futureIndex }) => lifted[futureIndex ?? -1] ?? []);
  if (futures.length > 0) {
    const [first] = futures;
    const S = first.cameras.frameCount;
    const F = futures.length;
    entries.push(
      float(
        "control_future",
        [F, N, first.curves.controlCount, 3],
        joined(futures.map((f) => f.curves.controlNK3)),
      ),
      float("extrinsics_future", [F, S, 4, 4], joined(futures.map((f) => extrinsicsOf(f.cameras)))),
      float("focal_px_future", [F, S], joined(futures.map((f) => f.cameras.focalPxT))),
      float(
        "rigidity_px",
        [F],
        futures.map((f) => f.rigidityPx),
      ),
    );
  }
  return writeNpz(entries);
}

function joined(parts: readonly Float32Array[]): Float32Array {
  const out = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}
