import type { Forecast } from "../../domain/forecast.ts";
import { HORIZON_FRAMES, WORKING_HEIGHT, WORKING_WIDTH } from "../../domain/grid.ts";
import { selectPoints } from "../../domain/resampling.ts";
import { sliceFrames, type Tracks } from "../../domain/tracks.ts";
import { writeNpy } from "../containers/npy.ts";
import type { ExportFormat, ExportJob } from "./common/format.ts";
import type { ExportFile } from "./common/types.ts";

/**
 * The run directory that TrajLoom's benchmark reads, 832×480, 0 = centre of the
 * first pixel. Frame 0 is the frame after "now".
 * - `pred_tracks.npy` float32 [81,N,2] (x,y); `pred_visibility.npy` uint8 [81,N];
 * - `query_xy.npy` int64 [N,2]: whole pixels at "now";
 * - `gt_tracks.npy`, `gt_visibility.npy`: the same of what really happened, where it is known;
 * - `meta.json`.
 */
export const trajloomBenchmark: ExportFormat = {
  name: "trajloom-benchmark",
  label: "TrajLoom benchmark run",
  description: "A run directory for TrajLoom's benchmark, with the real continuation where known.",
  group: "Data",
  extension: ".zip",
  mediaType: "application/zip",
  severalFiles: true,
  futures: "each",
  defaults: { segment: "future" },
  options: [],
  notices: ({ document, prepared }) =>
    benchmarkNotices(document.forecast, prepared.futureIndex ?? 0),
  asRead: ({ tracks }) => sliceFrames(tracks, 1, tracks.frameCount),
  write: (job) => ({ main: writeTrajloomBenchmark(job) }),
};

function writeTrajloomBenchmark({ document, prepared }: ExportJob): ExportFile[] {
  const { forecast, clip } = document;
  const { pointIds } = prepared;
  const future = forecast.futures[prepared.futureIndex ?? 0];
  const now = forecast.history.frameCount - 1;
  const queries = selectPoints(sliceFrames(forecast.history, now, now + 1), pointIds);
  const meta = {
    clip: clip.name,
    width: WORKING_WIDTH,
    height: WORKING_HEIGHT,
    fps: forecast.fps,
    now_secs: forecast.nowSecs,
    history_frames: forecast.history.frameCount,
    pred_frames: future.tracks.frameCount,
    gt_frames: forecast.truth?.frameCount ?? 0,
    num_points: pointIds.length,
    seed: future.seed,
    pack: forecast.packId,
    solver: forecast.sampler?.solver ?? null,
    steps: forecast.sampler?.steps ?? null,
  };
  return [
    ...trackFiles("pred", selectPoints(future.tracks, pointIds)),
    {
      name: "query_xy.npy",
      bytes: writeNpy([pointIds.length, 2], "int64", queries.tracksTN2.map(Math.round)),
    },
    ...(forecast.truth ? trackFiles("gt", selectPoints(forecast.truth, pointIds)) : []),
    { name: "meta.json", bytes: new TextEncoder().encode(`${JSON.stringify(meta, null, 1)}\n`) },
  ];
}

function benchmarkNotices(forecast: Forecast, futureIndex: number): string[] {
  const notices: string[] = [];
  const frames = forecast.futures[futureIndex].tracks.frameCount;
  if (frames !== HORIZON_FRAMES) {
    notices.push(`The benchmark expects ${HORIZON_FRAMES} frames; this future has ${frames}.`);
  }
  if (!forecast.truth) {
    notices.push("The clip ends at “now”: there is no ground truth to write.");
  } else if (forecast.truth.frameCount < frames) {
    notices.push(`The ground truth ends after ${forecast.truth.frameCount} of ${frames} frames.`);
  }
  return notices;
}

function trackFiles(prefix: string, tracks: Tracks): ExportFile[] {
  const { frameCount: T, pointCount: N, tracksTN2, visibilityTN } = tracks;
  return [
    { name: `${prefix}_tracks.npy`, bytes: writeNpy([T, N, 2], "float32", tracksTN2) },
    { name: `${prefix}_visibility.npy`, bytes: writeNpy([T, N], "uint8", visibilityTN) },
  ];
}
