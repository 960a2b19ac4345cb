import { writeNpz } from "../containers/npz.ts";
import { readShown } from "./common/as-read.ts";
import type { ExportFormat } from "./common/format.ts";
import { MOTION } from "./common/motion.ts";
import { FPS, FRAMES, SEGMENT, SIZE } from "./common/options.ts";
import { EDGE_SHIFT } from "./common/pixel-edge.ts";
import { frameNearNow, type PreparedTracks } from "./common/prepared.ts";

/**
 * What TAP-Vid and TAPIR call points, occlusion and queries, without their pickle.
 * - `points` [N,T,2] float32 (x,y) from 0 to 1, 0 = left or top edge of the picture;
 * - `occluded` [N,T] bool, true = hidden or outside;
 * - `query_points` [N,3] float32 (t, y, x) at "now", y and x from 0 to 1 like the points;
 * - `video_size` [2] int32 (height, width); `fps` [1] float64.
 */
export const tapvid: ExportFormat = {
  name: "tapvid",
  label: "TAP-Vid",
  description: "Points, occlusion and queries as the TAP-Vid and TAPIR tools lay them out.",
  group: "Data",
  extension: ".npz",
  mediaType: "application/zip",
  futures: "each",
  defaults: { segment: "future" },
  options: [SEGMENT, MOTION, SIZE, FPS, FRAMES],
  asRead: readShown,
  write: ({ prepared }) => ({ main: writeTapvid(prepared) }),
};

function writeTapvid(prepared: PreparedTracks): Uint8Array {
  const { tracks, shownTN, size, fps } = prepared;
  const { frameCount: T, pointCount: N, tracksTN2 } = tracks;
  const pointsNT2 = new Float32Array(N * T * 2);
  const occludedNT = new Uint8Array(N * T);
  const queriesN3 = new Float32Array(N * 3);
  const now = frameNearNow(prepared);
  for (let n = 0; n < N; n++) {
    for (let t = 0; t < T; t++) {
      const from = t * N + n;
      const to = n * T + t;
      pointsNT2[2 * to] = (tracksTN2[2 * from] + EDGE_SHIFT) / size.width;
      pointsNT2[2 * to + 1] = (tracksTN2[2 * from + 1] + EDGE_SHIFT) / size.height;
      occludedNT[to] = 1 - shownTN[from];
    }
    const at = 2 * (n * T + now);
    queriesN3.set([now, pointsNT2[at + 1], pointsNT2[at]], 3 * n);
  }
  return writeNpz([
    { name: "points", shape: [N, T, 2], dtype: "float32", values: pointsNT2 },
    { name: "occluded", shape: [N, T], dtype: "bool", values: occludedNT },
    { name: "query_points", shape: [N, 3], dtype: "float32", values: queriesN3 },
    { name: "video_size", shape: [2], dtype: "int32", values: [size.height, size.width] },
    { name: "fps", shape: [1], dtype: "float64", values: [fps] },
  ]);
}
