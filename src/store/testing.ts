import { expect, onTestFinished, vi } from "vitest";
import { CancelledError, MediaError, PackError } from "../domain/errors.ts";
import type { Future } from "../domain/forecast.ts";
import { gridQueryXyN2, POINT_COUNT } from "../domain/grid.ts";
import type { Job } from "../domain/job.ts";
import type { PackLocation } from "../domain/pack/location.ts";
import { inspect } from "../domain/pack/needs.ts";
import type { ForecastRequest, OpenClip } from "../domain/ports.ts";
import { createTracks } from "../domain/tracks.ts";
import { testManifest, trajloomPart } from "../engine/models/testing.ts";
import { reliefEstimator } from "../engine/space/estimator.ts";
import { askedOf, tapFrame } from "../engine/tracking/luma.ts";
import { closeStudio } from "./close-studio.ts";
import { createStudio } from "./create-studio.ts";
import type { Runtimes } from "./runtimes.ts";
import type { Studio } from "./studio.ts";

const manifest = testManifest();

/** What the fake runtimes were asked for. */
export interface Asked {
  readonly opened: string[];
  readonly closed: string[];
  readonly requests: ForecastRequest[];
  readonly trackedLengths: number[];
  /** Working frames whose pictures left a decoder for the stage. */
  readonly pictures: number[];
  /** While set, a future waits for it before it arrives. */
  gate: Promise<void> | null;
}

export interface FakeStudio {
  readonly studio: Studio;
  readonly ports: Runtimes;
  readonly asked: Asked;
}

/** A studio for one test, whose runtimes answer at once: clips of 100 frames, points that stand still. */
export function fakeStudio(): FakeStudio {
  const asked: Asked = {
    opened: [],
    closed: [],
    requests: [],
    trackedLengths: [],
    pictures: [],
    gate: null,
  };
  vi.stubGlobal("ImageData", class {});
  vi.stubGlobal("createImageBitmap", async () => ({ close: () => undefined }));
  const ports: Runtimes = {
    decoder: async () => ({
      async open(source, { rate }, job) {
        if (source.size < 4) throw new MediaError("not a video", "Choose another file.");
        job?.onProgress?.({ stage: "load decoder", done: 0, total: 1 });
        job?.onProgress?.({ stage: "read through", done: 3e8, total: 2e9 });
        const name = source instanceof File ? source.name : "clip";
        asked.opened.push(name);
        const clip = clipOf(rate === "native" ? 16 : rate, asked.pictures);
        return { ...clip, close: async () => void asked.closed.push(name) };
      },
    }),
    tracker: async () => ({
      async track({ frames }) {
        asked.trackedLengths.push(frames.length);
        return stillTracks(frames.length);
      },
    }),
    relief: async () => reliefEstimator,
    inspectPack: async () => {
      throw new PackError("no pack here", "Choose another one.");
    },
    fetchZip: async () => null,
    openPack: async () => {
      throw new PackError("no pack here", "Choose another one.");
    },
    forecaster: async () => ({
      manifest,
      backend: { backend: "wasm", threads: 1, reason: "test" },
      async forecast(request: ForecastRequest, onFuture: (future: Future) => void, job?: Job) {
        asked.requests.push(request);
        for (const seed of request.seeds) {
          if (asked.gate) await asked.gate;
          if (job?.signal?.aborted) throw new CancelledError();
          onFuture({ seed, tracks: stillTracks(81) });
        }
      },
      dispose: async () => undefined,
    }),
    forgetKeptPacks: async () => undefined,
  };
  const studio = createStudio(ports);
  // Ends before the stubs do: what it began ahead of the user would miss them.
  onTestFinished(async () => {
    await closeStudio(studio);
    vi.unstubAllGlobals();
  });
  return { studio, ports, asked };
}

/** What the fake runtimes answer when a pack is asked for. */
export interface FakePack {
  readonly opened: PackLocation[];
  /** While set, the pack cannot be opened. */
  isGone: boolean;
}

/** Lets `ports` answer with a pack whose points start on the first frame, whatever the location. */
export function installFakePack(ports: Runtimes): FakePack {
  const answers: FakePack = { opened: [], isGone: false };
  const made = testManifest({ ...trajloomPart(), id: "loom", name: "Loom" });
  const model = ports.forecaster();
  const changes: Partial<Runtimes> = {
    inspectPack: async () => inspect(made, { gpu: { reason: "none" }, memoryBytes: null }),
    async openPack(location) {
      answers.opened.push(location);
      if (answers.isGone) throw new PackError("Loom is gone", "Load it again.");
      const backend = { backend: "wasm", threads: 1, reason: "made by the test" } as const;
      return { ...(await model), manifest: made, backend };
    },
  };
  Object.assign(ports, changes);
  return answers;
}

/** One hundred frames of 16 a second, read at `fps`. */
function clipOf(fps: number, pictures: number[]): OpenClip {
  const frameCount = Math.ceil((100 / 16) * fps);
  return {
    info: {
      name: "made.mp4",
      kind: "video",
      displaySize: { width: 832, height: 480 },
      durationSecs: 100 / 16,
      nativeFps: 16,
      nativeFrameCount: 100,
      fps,
      frameCount,
      frameTimesSecs: Float64Array.from({ length: frameCount }, (_, i) => i / fps),
      codec: "test",
      decodedBy: "webcodecs",
    },
    async read(start, end, size, taps) {
      for (let index = start; index < end; index++) {
        if (askedOf(taps, index).planar) pictures.push(index);
        tapFrame(taps, { index, size: { width: 2, height: 2 }, rgba: new Uint8ClampedArray(16) });
      }
      expect(size).toEqual({ width: 832, height: 480 });
    },
    close: async () => undefined,
  };
}

function stillTracks(frameCount: number) {
  const tracks = createTracks(frameCount, POINT_COUNT);
  for (let t = 0; t < frameCount; t++) tracks.tracksTN2.set(gridQueryXyN2(), t * POINT_COUNT * 2);
  tracks.visibilityTN.fill(1);
  return tracks;
}
