import type { Frame, GrayFrame } from "../../domain/clip.ts";
import { CancelledError } from "../../domain/errors.ts";
import { POINT_COUNT } from "../../domain/grid.ts";
import { type Job, throwIfCancelled } from "../../domain/job.ts";
import type {
  Forecaster,
  ForecastRequest,
  OpenClip,
  PointTracker,
  TrackRequest,
} from "../../domain/ports.ts";
import { createTracks, type Tracks } from "../../domain/tracks.ts";
import { testManifest } from "../models/testing.ts";
import { tapFrame } from "../tracking/luma.ts";

/** Frame i of the fake clip is a grey of this level: luma tells which frames were read. */
export const greyOf = (index: number) => index + 1;

/** What the fake ports were asked for, in order. */
export interface Calls {
  /** Working frames that were decoded, one entry a pass. */
  readonly reads: (readonly [number, number])[];
  readonly tracked: (TrackRequest & { readonly frames: readonly GrayFrame[] })[];
  readonly requests: ForecastRequest[];
}

export function fakeCalls(): Calls {
  return { reads: [], tracked: [], requests: [] };
}

export function fakeClip(calls: Calls, frameCount: number, fps = 16): OpenClip {
  return {
    info: {
      name: "made.mp4",
      kind: "video",
      displaySize: { width: 8, height: 4 },
      durationSecs: frameCount / fps,
      nativeFps: fps,
      nativeFrameCount: frameCount,
      fps,
      frameCount,
      frameTimesSecs: Float64Array.from({ length: frameCount }, (_, i) => i / fps),
      codec: "test",
      decodedBy: "webcodecs",
    },
    async read(start, end, _size, taps, job) {
      calls.reads.push([start, end]);
      for (let index = start; index < end; index++) {
        throwIfCancelled(job);
        tapFrame(taps, greyFrame(index));
        job?.onProgress?.({ stage: "decode", done: index + 1 - start, total: end - start });
      }
    },
    close: async () => undefined,
  };
}

function greyFrame(index: number): Frame {
  const rgba = new Uint8ClampedArray(8 * 4 * 4).fill(greyOf(index));
  return { index, size: { width: 8, height: 4 }, rgba };
}

/** Every point moves right by one pixel a frame, away from the request's first frame. */
export function fakeTracker(calls: Calls): PointTracker {
  return {
    async track(request: TrackRequest, job?: Job): Promise<Tracks> {
      const frames: GrayFrame[] = [];
      for await (const frame of request.frames) frames.push(frame);
      calls.tracked.push({ ...request, frames });
      throwIfCancelled(job);
      const count = request.frames.length;
      const tracks = createTracks(count, request.queryXyN2.length / 2);
      tracks.visibilityTN.fill(1);
      for (let i = 0; i < tracks.tracksTN2.length; i++) {
        const t = Math.floor(i / request.queryXyN2.length);
        tracks.tracksTN2[i] = request.queryXyN2[i % request.queryXyN2.length] + (i % 2 ? 0 : t);
      }
      job?.onProgress?.({ stage: "track", done: count, total: count });
      return tracks;
    },
  };
}

export function fakeModel(calls: Calls, manifest = testManifest()): Forecaster {
  return {
    manifest,
    backend: { backend: "node", threads: 1, reason: "made by the test" },
    async forecast(request, onFuture, job) {
      calls.requests.push(request);
      for (const [done, seed] of request.seeds.entries()) {
        if (job?.signal?.aborted) throw new CancelledError();
        const tracks = createTracks(manifest.frames.horizon, POINT_COUNT);
        onFuture({ seed, tracks });
        job?.onProgress?.({ stage: "forecast", done: done + 1, total: request.seeds.length });
      }
    },
    dispose: async () => undefined,
  };
}
