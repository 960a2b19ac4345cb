import { writeNpz } from "../containers/npz.ts";
import { extrinsicsOf } from "./common/extrinsics.ts";
import type { ExportFormat, ExportJob } from "./common/format.ts";
import { FPS, FRAMES, SEGMENT, SIZE } from "./common/options.ts";
import { frameNearNow } from "./common/prepared.ts";
import { IN_SPACE, spaceNotices, spaceSceneOf } from "./common/space-scene.ts";

/**
 * Tracks in space as SpatialTrackerV2 and TAPIP3D lay them out. T frames, N points.
 * - `coords` [T,N,3] float32, world: the camera's space at "now", x right, y down, z forward;
 * - `extrinsics` [T,4,4] float32 world to camera; `intrinsics` [T,3,3] float32, pixels of `video_size`,
 *   0 = centre of the first pixel;
 * - `visibs` [T,N] bool; `query_points` [N,4] float32 (t, x, y, z) at "now".
 * Ours beside it: `moving` [N] bool, `sigma_log_depth` [N] float32, `rgb` [N,3] uint8, `point_ids` [N]
 * int32, `video_size` [2] int32 (height, width), `fps`, `now_frame`, `now_secs` [1] float64.
 * Their `video` and `depths` are not in it.
 */
export const tracks3d: ExportFormat = {
  ...IN_SPACE,
  name: "tracks-3d",
  label: "3-D tracks",
  description: "Points in space and cameras as SpatialTrackerV2 and TAPIP3D lay them out.",
  extension: ".npz",
  mediaType: "application/zip",
  defaults: { segment: "both" },
  options: [SEGMENT, SIZE, FPS, FRAMES],
  notices: (job) => [
    ...spaceNotices(job),
    "The file holds no pictures and no depth maps: viewers that show them need the clip.",
  ],
  write: (job) => ({ main: writeTracks3d(job) }),
};

function writeTracks3d(job: ExportJob): Uint8Array {
  const scene = spaceSceneOf(job);
  const { cameras, positionsTN3, size, fps } = scene;
  const { focalPxT, centre, frameCount: T } = cameras;
  const N = scene.pointIds.length;
  const intrinsics = Float32Array.from({ length: 9 * T }, (_, i) => {
    const focal = focalPxT[Math.floor(i / 9)];
    return [focal, 0, centre[0], 0, focal, centre[1], 0, 0, 1][i % 9];
  });
  const now = frameNearNow(job.prepared);
  const queries = new Float32Array(4 * N);
  for (let n = 0; n < N; n++) {
    const at = 3 * (now * N + n);
    queries.set([now, ...positionsTN3.subarray(at, at + 3)], 4 * n);
  }
  return writeNpz([
    { name: "coords", shape: [T, N, 3], dtype: "float32", values: positionsTN3 },
    { name: "extrinsics", shape: [T, 4, 4], dtype: "float32", values: extrinsicsOf(cameras) },
    { name: "intrinsics", shape: [T, 3, 3], dtype: "float32", values: intrinsics },
    { name: "visibs", shape: [T, N], dtype: "bool", values: scene.shownTN },
    { name: "query_points", shape: [N, 4], dtype: "float32", values: queries },
    { name: "moving", shape: [N], dtype: "bool", values: scene.stateN.map((s) => s >> 1) },
    { name: "sigma_log_depth", shape: [N], dtype: "float32", values: scene.sigmaLogN },
    { name: "rgb", shape: [N, 3], dtype: "uint8", values: scene.rgbN3 },
    { name: "point_ids", shape: [N], dtype: "int32", values: scene.pointIds },
    { name: "video_size", shape: [2], dtype: "int32", values: [size.height, size.width] },
    { name: "fps", shape: [1], dtype: "float64", values: [fps] },
    { name: "now_frame", shape: [1], dtype: "float64", values: [job.prepared.nowFrame] },
    { name: "now_secs", shape: [1], dtype: "float64", values: [job.document.forecast.nowSecs] },
  ]);
}
