import type { GrayFrame } from "../../domain/clip.ts";
import { type Job, throwIfCancelled } from "../../domain/job.ts";
import type { PointTracker, TrackRequest } from "../../domain/ports.ts";
import { createTracks, type Tracks } from "../../domain/tracks.ts";
import { type Pyramid, TrackingKernel } from "./kernel/kernel.ts";
import { refreshShape } from "./local-shape.ts";
import { nearestNeighbours } from "./neighbours.ts";
import { framesStillNeeded, settlePoint } from "./spans.ts";
import { createTrackState, fillGap, type TrackState } from "./state.ts";
import {
  createStepBuffers,
  createStepResult,
  type StepBuffers,
  type StepResult,
  stepPoints,
} from "./step.ts";

const LEVELS = 4;
const NEIGHBOURS = 12;
/** Longest stretch of work between two looks at the event loop, where a cancel may wait. */
const YIELD_MILLIS = 60;

/** `loadKernel` gives the compiled module of `kernel/assembly`; it is asked for once. */
export function createPointTracker(loadKernel: () => Promise<WebAssembly.Module>): PointTracker {
  let module: Promise<WebAssembly.Module> | undefined;
  /** Kernels between two runs: their memory, some 20 MB, is used again. */
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

/** What is known while points are tracked. */
interface Run {
  readonly kernel: TrackingKernel;
  readonly buffers: StepBuffers;
  readonly state: TrackState;
  readonly step: StepResult;
  /** Of every frame so far; a hole where no later frame needs it. */
  readonly pyramids: Pyramid[];
}

/**
 * Tracks points through frames: patch alignment from frame to frame under neighbourhood consensus,
 * corrected by alignments over longer spans down to the first frame. For each point and frame the
 * least uncertain chain of spans wins (after MFT, Neoral et al. 2024); a point that no earlier
 * sight of it confirms is hidden, moves with its neighbours, and is looked for again.
 * Positions are finite everywhere; frame 0 equals the query points. Frames that come one by one are
 * worked off as they come.
 */
async function trackPoints(
  kernel: TrackingKernel,
  { frames, queryXyN2 }: TrackRequest,
  job?: Job,
): Promise<Tracks> {
  let run: Run | null = null;
  let sliceStart = performance.now();
  for await (const frame of frames) {
    throwIfCancelled(job);
    if (!run) run = begin(kernel, queryXyN2, frame, frames.length);
    else follow(run, frame);
    const done = run.pyramids.length;
    if (done > 1) job?.onProgress?.({ stage: "Tracking", done, total: frames.length });
    if (performance.now() - sliceStart > YIELD_MILLIS) {
      await new Promise((resolve) => setTimeout(resolve, 0));
      sliceStart = performance.now();
    }
  }
  throwIfCancelled(job);
  const came = run?.pyramids.length ?? 0;
  if (came !== frames.length) throw new RangeError(`${came} of ${frames.length} frames came`);
  return collect(run, queryXyN2);
}

function begin(
  kernel: TrackingKernel,
  queryXyN2: Float32Array,
  frame: GrayFrame,
  frameCount: number,
): Run {
  const n = queryXyN2.length / 2;
  return {
    kernel,
    buffers: createStepBuffers(kernel, n, nearestNeighbours(queryXyN2, NEIGHBOURS)),
    state: createTrackState(frameCount, queryXyN2, frame.size),
    step: createStepResult(n),
    pyramids: [kernel.buildPyramid(frame, LEVELS)],
  };
}

/** Finds all points in the next frame. */
function follow({ kernel, buffers, state, step, pyramids }: Run, frame: GrayFrame): void {
  const t = pyramids.length;
  pyramids.push(kernel.buildPyramid(frame, LEVELS));
  const n = state.trustN.length;
  const from = state.xyN2[t - 1];
  for (let i = 0; i < n; i++) {
    const isSeen = state.lastSeenN[t - 1][i] === t - 1;
    state.trustN[i] = isSeen ? 1 : 0;
    for (let c = 2 * i; c < 2 * i + 2; c++) {
      state.startN2[c] = t > 1 ? 2 * from[c] - state.xyN2[t - 2][c] : from[c];
    }
  }
  stepPoints(buffers, pyramids[t - 1], pyramids[t], from, state.startN2, state.trustN, step);
  state.textureN[t - 1].set(step.textureN);
  refreshShape(state, buffers, step, t);
  for (let i = 0; i < n; i++) settlePoint(state, buffers, step, pyramids, t, i);
  const needed = framesStillNeeded(state, t);
  pyramids.forEach((pyramid, s) => {
    if (needed.has(s)) return;
    kernel.giveBack(pyramid);
    delete pyramids[s];
  });
}

function collect(run: Run | null, queryXyN2: Float32Array): Tracks {
  const n = queryXyN2.length / 2;
  const tracks = createTracks(run?.pyramids.length ?? 0, n);
  if (!run) return tracks;
  const { state } = run;
  tracks.tracksTN2.set(queryXyN2);
  tracks.visibilityTN.fill(1, 0, n);
  for (let i = 0; i < n; i++) fillGap(state, i);
  for (let t = 1; t < tracks.frameCount; t++) {
    tracks.tracksTN2.set(state.xyN2[t], t * n * 2);
    for (let i = 0; i < n; i++) {
      tracks.visibilityTN[t * n + i] = state.lastSeenN[t][i] === t ? 1 : 0;
    }
  }
  return tracks;
}
