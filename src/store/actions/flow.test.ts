import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { CancelledError, MediaError } from "../../domain/errors.ts";
import type { Future } from "../../domain/forecast.ts";
import { gridQueryXyN2, POINT_COUNT } from "../../domain/grid.ts";
import type { Job } from "../../domain/job.ts";
import type { PackManifest } from "../../domain/pack.ts";
import type { ForecastRequest, OpenClip } from "../../domain/ports.ts";
import { createTracks } from "../../domain/tracks.ts";
import { installRuntimes } from "../runtimes.ts";
import { studio, useStudio } from "../studio.ts";
import { openClip } from "./clip.ts";
import { cancel, forecast, resample, resampleOne } from "./forecast.ts";
import { toggleLock } from "./futures.ts";
import { setNow } from "./transport.ts";

const initial = useStudio.getInitialState();
let requests: ForecastRequest[] = [];
let trackedLengths: number[] = [];
/** While set, a future waits for it before it arrives. */
let gate: Promise<void> | null = null;

function clipOf(frameCount: number): OpenClip {
  return {
    info: {
      name: "made.mp4",
      kind: "video",
      displaySize: { width: 832, height: 480 },
      durationSecs: frameCount / 16,
      nativeFps: 16,
      nativeFrameCount: frameCount,
      fps: 16,
      frameCount,
      frameTimesSecs: Float64Array.from({ length: frameCount }, (_, i) => i / 16),
      codec: "test",
      decodedBy: "webcodecs",
    },
    async read(start, end, size, onFrame) {
      for (let index = start; index < end; index++) {
        onFrame({ index, size: { width: 2, height: 2 }, rgba: new Uint8ClampedArray(16) });
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

const manifest = {
  id: "test-pack",
  name: "Test pack",
  licence: "Apache-2.0",
  files: [],
  defaultSampler: { solver: "euler", steps: 4 },
} as unknown as PackManifest;

beforeEach(() => {
  requests = [];
  trackedLengths = [];
  gate = null;
  useStudio.setState(initial, true);
  vi.stubGlobal("ImageData", class {});
  vi.stubGlobal("createImageBitmap", async () => ({ close: () => undefined }));
  installRuntimes({
    decoder: async () => ({
      async open(source) {
        if (source.size < 4) throw new MediaError("not a video", "Choose another file.");
        return clipOf(100);
      },
    }),
    tracker: async () => ({
      async track({ frames }) {
        trackedLengths.push(frames.length);
        return stillTracks(frames.length);
      },
    }),
    forecaster: async () => ({
      manifest,
      backend: { backend: "wasm", threads: 1, reason: "test" },
      async forecast(request: ForecastRequest, onFuture: (future: Future) => void, job?: Job) {
        requests.push(request);
        for (const seed of request.seeds) {
          if (gate) await gate;
          if (job?.signal?.aborted) throw new CancelledError();
          onFuture({ seed, tracks: stillTracks(81) });
        }
      },
      dispose: async () => undefined,
    }),
  });
});

afterEach(() => vi.unstubAllGlobals());

const clipFile = () => new File(["a clip"], "made.mp4");
const present = () => studio().history.present;
const seeds = () => present().slots.map((slot) => slot.seed);

test("from an opened clip to eight futures, then the truth", async () => {
  await openClip(clipFile());
  expect(present().nowIndex).toBe(49);
  await forecast();
  expect(studio().status).toBe("Forecast ready");
  expect(studio().phase).toBe("idle");
  expect(seeds()).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  expect(present().slots.every((slot) => slot.futureId)).toBe(true);
  await vi.waitFor(() => expect(studio().truthRevision).toBe(1));
  // The past ends with "now"; the truth starts from it and runs to the clip's end.
  expect(trackedLengths).toEqual([50, 51]);
  expect(requests[0].history.frameCount).toBe(50);
  expect(requests[0].frameIntervalSecs).toBeCloseTo(1 / 16);
});

test("resampling keeps what is locked and tracks nothing again", async () => {
  await openClip(clipFile());
  await forecast();
  await vi.waitFor(() => expect(studio().truthRevision).toBe(1));
  toggleLock(3);
  await resample();
  expect(seeds()).toEqual([9, 10, 3, 11, 12, 13, 14, 15]);
  await resampleOne(1);
  expect(seeds()[0]).toBe(16);
  expect(trackedLengths).toHaveLength(2);
  studio().undo();
  expect(seeds()[0]).toBe(9);
  studio().undo();
  expect(seeds()).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
});

test("a cancelled run leaves what had arrived, and the next run works", async () => {
  await openClip(clipFile());
  await forecast();
  let open: () => void = () => undefined;
  gate = new Promise((resolve) => {
    open = resolve;
  });
  const run = resample();
  await vi.waitFor(() => expect(studio().phase).toBe("forecasting"));
  cancel();
  expect(studio().phase).toBe("idle");
  expect(studio().status).toBe("Cancelled");
  open();
  await run;
  expect(seeds()).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  expect(studio().notice).toBeNull();
  gate = null;
  await resample();
  expect(studio().status).toBe("Forecast ready");
});

test("a bad file gives a message and leaves the work as it was", async () => {
  await openClip(clipFile());
  await forecast();
  const before = present();
  await openClip(new File(["x"], "notes.txt"));
  expect(studio().notice?.message).toBe("not a video");
  expect(studio().notice?.remedy).toBe("Choose another file.");
  await openClip(new File([], "empty.mp4"));
  expect(studio().notice?.message).toContain("0 bytes");
  expect(present()).toBe(before);
  expect(studio().phase).toBe("idle");
});

test("moving now keeps the old forecast until a new one arrives", async () => {
  await openClip(clipFile());
  await forecast();
  setNow(30);
  expect(present().origin?.nowIndex).toBe(49);
  expect(present().slots.every((slot) => slot.futureId)).toBe(true);
  await forecast();
  expect(present().origin?.nowIndex).toBe(30);
  expect(requests[1].history.frameCount).toBe(31);
});

test("undo after opening another clip brings the first one back with its futures", async () => {
  await openClip(clipFile());
  await forecast();
  const before = present();
  await openClip(new File(["another"], "other.mp4"));
  expect(present().slots).toHaveLength(0);
  studio().undo();
  expect(present()).toBe(before);
});
