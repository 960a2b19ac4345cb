import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { FormatError, PackError } from "../../domain/errors.ts";
import { gridQueryXyN2, POINT_COUNT } from "../../domain/grid.ts";
import { inspect } from "../../domain/pack/needs.ts";
import type { Forecaster, ForecastRequest } from "../../domain/ports.ts";
import { createTracks } from "../../domain/tracks.ts";
import { testManifest, trajloomPart } from "../../engine/models/testing.ts";
import { writeNpy } from "../../formats/containers/npy.ts";
import { bulk } from "../bulk.ts";
import { installRuntimes, runtimes } from "../runtimes.ts";
import { SHIPPED_MODEL } from "../slices/modelsSlice.ts";
import { studio, useStudio } from "../studio.ts";
import { type Asked, installFakeRuntimes } from "../testing.ts";
import { openClip } from "./clip.ts";
import { forecast } from "./forecast.ts";
import { chooseModel, giveInput, loadOffered, offerPack, removeModel, tune } from "./models.ts";

const initial = useStudio.getInitialState();
const LOCATION = { kind: "url", url: "https://studio.example/packs/loom/" } as const;

const manifest = testManifest({
  ...trajloomPart({ text: 3 }),
  id: "loom",
  name: "Loom",
  frames: { history: 81, horizon: 81, rate: "native" },
  defaultSampler: { solver: "euler", steps: 100 },
});
const [, text] = manifest.inputs;

let asked: Asked;
let requests: ForecastRequest[];
let disposed = 0;
let refusal: PackError | null;

function loom(): Forecaster {
  return {
    manifest,
    backend: { backend: "webgpu", threads: 1, reason: "test" },
    async forecast(request, onFuture) {
      requests.push(request);
      const tracks = createTracks(81, POINT_COUNT);
      for (const seed of request.seeds) onFuture({ seed, tracks });
    },
    dispose: async () => void disposed++,
  };
}

beforeEach(() => {
  useStudio.setState(initial, true);
  requests = [];
  disposed = 0;
  refusal = null;
  asked = installFakeRuntimes();
  const gpu = { reason: "none here" };
  installRuntimes({
    ...runtimes(),
    inspectPack: async () => inspect(manifest, { gpu, memoryBytes: null }),
    async openPack(_, job) {
      if (refusal) throw refusal;
      job?.onProgress?.({
        stage: "pack",
        done: 4,
        total: 10,
        item: { name: "graphs.onnx", done: 4, total: 10 },
      });
      expect(studio().offer?.load?.files).toEqual([{ name: "graphs.onnx", done: 4, total: 10 }]);
      return loom();
    },
  });
});

afterEach(() => {
  vi.unstubAllGlobals();
  bulk.models.clear();
});

async function load(): Promise<string> {
  await offerPack(LOCATION, "an address");
  expect(studio().offer?.inspection?.needs.downloadBytes).toBe(10);
  await loadOffered();
  return studio().chosenModel;
}

test("a loaded model forecasts from the first past frame at its own rate", async () => {
  await openClip(new File(["a clip"], "made.mp4"));
  const key = await load();
  expect(key).not.toBe(SHIPPED_MODEL);
  expect(studio().offer).toBeNull();
  await expect.poll(() => studio().phase).toBe("idle");
  expect(studio().working.rate).toBe("native");
  expect(asked.opened).toHaveLength(2);

  await forecast();
  expect(studio().notice).toBeNull();
  expect(studio().history.present.origin?.packId).toBe("loom");
  const { historyId = "" } = studio().history.present.origin ?? {};
  const past = bulk.histories.get(historyId);
  expect(past?.referenceFrame).toBe("first-history");
  expect(past?.queryXyN2).toEqual(past?.history.tracksTN2.slice(-2 * POINT_COUNT));
  // The truth goes on from the same points: the whole clip is tracked once more.
  await expect.poll(() => bulk.truths.has(historyId)).toBe(true);
  expect(asked.trackedLengths.at(-1)).toBe(100);
  expect(bulk.truths.get(historyId)?.frameCount).toBe(50);
});

test("a pack that fails leaves the model before it, and the problem beside the pack", async () => {
  const key = await load();
  refusal = new PackError("altered", "Download it again.");
  await offerPack(LOCATION, "another");
  await loadOffered();
  expect(studio().offer?.problem).toEqual({ message: "altered", remedy: "Download it again." });
  expect(studio().offer?.load).toBeNull();
  expect(studio().chosenModel).toBe(key);
  expect(studio().notice).toBeNull();
});

test("going back brings the grid at now and the rate back; removing frees the model", async () => {
  await openClip(new File(["a clip"], "made.mp4"));
  const key = await load();
  await expect.poll(() => studio().phase).toBe("idle");
  chooseModel(SHIPPED_MODEL);
  await expect.poll(() => studio().phase).toBe("idle");
  expect(studio().working.rate).toBe(16);
  await forecast();
  const { historyId = "" } = studio().history.present.origin ?? {};
  expect(bulk.histories.get(historyId)?.queryXyN2).toEqual(gridQueryXyN2());
  expect(requests).toHaveLength(0);
  removeModel(key);
  expect(disposed).toBe(1);
  expect(studio().models.map((model) => model.key)).toEqual([SHIPPED_MODEL]);
});

test("what the user sets reaches the model; a text of another size does not", async () => {
  await openClip(new File(["a clip"], "made.mp4"));
  await load();
  await expect.poll(() => studio().phase).toBe("idle");
  tune({ solver: "ab2", timeShift: 3, source: "paper" });
  const npy = (values: number[]) =>
    new File([writeNpy([values.length], "float32", values) as Uint8Array<ArrayBuffer>], "t.npy");
  await expect(giveInput(text, npy([1, 2]))).rejects.toThrow(FormatError);
  await giveInput(text, npy([1, 2, 3]));
  await forecast();
  expect(requests[0]).toMatchObject({
    sampler: { solver: "ab2", steps: 100, timeShift: 3, source: "paper" },
    inputs: { text: Float32Array.of(1, 2, 3) },
  });
});
