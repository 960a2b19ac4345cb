import { type Job, throwIfCancelled } from "../../domain/job.ts";
import type { PointTracker, TrackRequest } from "../../domain/ports.ts";
import { createTracks, type Tracks } from "../../domain/tracks.ts";
import { type Pyramid, TrackingKernel } from "./kernel/kernel.ts";
import { refreshShape } from "./local-shape.ts";
import { nearestNeighbours } from "./neighbours.ts";
import { settlePoint } from "./spans.ts";
import { createTrackState, fillGap, type TrackState } from "./state.ts";
import { createStepBuffers, createStepResult, stepPoints } from "./step.ts";

const LEVELS = 4;
const NEIGHBOURS = 12;
/** Longest stretch of work between two looks at the event loop, where a cancel may wait. */
const YIELD_MILLIS = 60;

/** `loadKernel` gives the compiled module of `kernel/assembly`; it is asked for once. */
export function createPointTracker(loadKernel: () => Promise<WebAssembly.Module>): PointTracker {
  let module: Promise<WebAssembly.Module> | undefined;
  /** Kernels between two runs: their memory, some 50 MB, is used again. */
  const idle: TrackingKernel[] = [];
  return {
    async track(request, job) {
      module ??= loadKernel();
      const kernel = idle.pop() ?? new TrackingKernel(await module);
      kernel.clear();
      try {
        return await trackPoints(kernel, request, job);
      } finally {
        idle.push(kernel);
      }
    },
  };
}

/**
 * Tracks points through frames: patch alignment from frame to frame under neighbourhood consensus,
 * corrected by alignments over longer spans down to the first frame. For each point and frame the
 * least uncertain chain of spans wins (after MFT, Neoral et al. 2024); a point that no earlier
 * sight of it confirms is hidden, moves with its neighbours, and is looked for again.
 * Positions are finite everywhere; frame 0 equals the query points.
 */
async function trackPoints(
  kernel: TrackingKernel,
  request: TrackRequest,
  job?: Job,
): Promise<Tracks> {
  const { frames, queryXyN2 } = request;
  const n = queryXyN2.length / 2;
  const tracks = createTracks(frames.length, n);
  if (frames.length === 0) return tracks;
  tracks.tracksTN2.set(queryXyN2);
  tracks.visibilityTN.fill(1, 0, n);
  const neighboursNK = nearestNeighbours(queryXyN2, NEIGHBOURS);
  const buffers = createStepBuffers(kernel, n, neighboursNK);
  const state = createTrackState(frames.length, queryXyN2, frames[0].size);
  const step = createStepResult(n);
  const pyramids: Pyramid[] = [kernel.buildPyramid(frames[0], LEVELS)];
  let sliceStart = performance.now();
  for (let t = 1; t < frames.length; t++) {
    throwIfCancelled(job);
    pyramids.push(kernel.buildPyramid(frames[t], LEVELS));
    const from = state.xyN2[t - 1];
    for (let i = 0; i < n; i++) {
      const isSeen = state.lastSeenN[t - 1][i] === t - 1;
      state.trustN[i] = isSeen ? 1 : 0;
      for (let c = 2 * i; c < 2 * i + 2; c++) {
        state.startN2[c] = t > 1 ? 2 * from[c] - state.xyN2[t - 2][c] : from[c];
      }
    }
    stepPoints(buffers, pyramids[t - 1], pyramids[t], from, state.startN2, state.trustN, step);
    refreshShape(state, buffers, step, t);
    for (let i = 0; i < n; i++) settlePoint(state, buffers, step, pyramids, t, i);
    job?.onProgress?.({ stage: "Tracking", done: t + 1, total: frames.length });
    if (performance.now() - sliceStart > YIELD_MILLIS) {
      await new Promise((resolve) => setTimeout(resolve, 0));
      sliceStart = performance.now();
    }
  }
  throwIfCancelled(job);
  return collect(state, tracks);
}

function collect(state: TrackState, tracks: Tracks): Tracks {
  const n = tracks.pointCount;
  for (let i = 0; i < n; i++) fillGap(state, i);
  for (let t = 1; t < tracks.frameCount; t++) {
    tracks.tracksTN2.set(state.xyN2[t], t * n * 2);
    for (let i = 0; i < n; i++) {
      tracks.visibilityTN[t * n + i] = state.lastSeenN[t][i] === t ? 1 : 0;
    }
  }
  return tracks;
}
