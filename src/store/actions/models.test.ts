import { beforeEach, expect, test } from "vitest";
import { FormatError, PackError } from "../../domain/errors.ts";
import { gridQueryXyN2, POINT_COUNT } from "../../domain/grid.ts";
import { inspect } from "../../domain/pack/needs.ts";
import type { Forecaster, ForecastRequest } from "../../domain/ports.ts";
import { createTracks } from "../../domain/tracks.ts";
import { testManifest, trajloomPart } from "../../engine/models/testing.ts";
import { writeNpy } from "../../formats/containers/npy.ts";
import { SHIPPED_MODEL } from "../document.ts";
import type { Runtimes } from "../runtimes.ts";
import { type Studio, selectModelKey } from "../studio.ts";
import { type Asked, fakeStudio } from "../testing.ts";
import { openClip } from "./clip.ts";
import { forecast } from "./forecast.ts";
import {
  chooseModel,
  considerPack,
  giveInput,
  loadCandidate,
  overrideSampler,
  removeModel,
} from "./models.ts";

let studio: Studio;
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
  requests = [];
  disposed = 0;
  refusal = null;
  const fake = fakeStudio();
  ({ studio, asked } = fake);
  const gpu = { reason: "none here" };
  const answers: Partial<Runtimes> = {
    inspectPack: async () => inspect(manifest, { gpu, memoryBytes: null }),
    async openPack(_, job) {
      if (refusal) throw refusal;
      job?.onProgress?.({
        stage: "pack",
        done: 4,
        total: 10,
        item: { name: "graphs.onnx", done: 4, total: 10 },
      });
      expect(studio.state.candidate?.load?.files).toEqual([
        { name: "graphs.onnx", done: 4, total: 10 },
      ]);
      return loom();
    },
  };
  Object.assign(fake.ports, answers);
});

async function load(): Promise<string> {
  await considerPack(studio, LOCATION, "an address");
  expect(studio.state.candidate?.inspection?.needs.downloadBytes).toBe(10);
  await loadCandidate(studio);
  return selectModelKey(studio.state);
}

test("a loaded model forecasts from the first past frame at its own rate", async () => {
  await openClip(studio, new File(["a clip"], "made.mp4"));
  const key = await load();
  expect(key).not.toBe(SHIPPED_MODEL);
  expect(studio.state.candidate).toBeNull();
  await expect.poll(() => studio.state.phase).toBe("idle");
  expect(studio.state.working.rate).toBe("native");
  expect(asked.opened).toHaveLength(2);

  await forecast(studio);
  expect(studio.state.notice).toBeNull();
  expect(studio.state.history.present.origin?.packId).toBe("loom");
  const { historyId = "" } = studio.state.history.present.origin ?? {};
  const past = studio.bulk.histories.get(historyId);
  expect(past?.referenceFrame).toBe("first-history");
  expect(past?.queryXyN2).toEqual(past?.history.tracksTN2.slice(-2 * POINT_COUNT));
  // The truth goes on from the same points: the whole clip is tracked once more.
  await expect.poll(() => studio.bulk.truths.has(historyId)).toBe(true);
  expect(asked.trackedLengths.at(-1)).toBe(100);
  expect(studio.bulk.truths.get(historyId)?.frameCount).toBe(50);
});

test("a pack that fails leaves the model before it, and the problem beside the pack", async () => {
  const key = await load();
  refusal = new PackError("altered", "Download it again.");
  await considerPack(studio, LOCATION, "another");
  await loadCandidate(studio);
  expect(studio.state.candidate?.problem).toEqual({
    message: "altered",
    remedy: "Download it again.",
  });
  expect(studio.state.candidate?.load).toBeNull();
  expect(selectModelKey(studio.state)).toBe(key);
  expect(studio.state.notice).toBeNull();
});

test("going back brings the grid at now and the rate back; removing frees the model", async () => {
  await openClip(studio, new File(["a clip"], "made.mp4"));
  const key = await load();
  await expect.poll(() => studio.state.phase).toBe("idle");
  chooseModel(studio, SHIPPED_MODEL);
  await expect.poll(() => studio.state.phase).toBe("idle");
  expect(studio.state.working.rate).toBe(16);
  await forecast(studio);
  const { historyId = "" } = studio.state.history.present.origin ?? {};
  expect(studio.bulk.histories.get(historyId)?.queryXyN2).toEqual(gridQueryXyN2());
  expect(requests).toHaveLength(0);
  removeModel(studio, key);
  expect(disposed).toBe(1);
  expect(studio.state.models.map((model) => model.key)).toEqual([SHIPPED_MODEL]);
});

test("what the user sets reaches the model; a text of another size does not", async () => {
  await openClip(studio, new File(["a clip"], "made.mp4"));
  await load();
  await expect.poll(() => studio.state.phase).toBe("idle");
  overrideSampler(studio, { solver: "ab2", timeShift: 3, source: "paper" });
  const npy = (values: number[]) =>
    new File([writeNpy([values.length], "float32", values) as Uint8Array<ArrayBuffer>], "t.npy");
  await expect(giveInput(studio, text, npy([1, 2]))).rejects.toThrow(FormatError);
  await giveInput(studio, text, npy([1, 2, 3]));
  await forecast(studio);
  expect(requests[0]).toMatchObject({
    sampler: { solver: "ab2", steps: 100, timeShift: 3, source: "paper" },
    inputs: { text: Float32Array.of(1, 2, 3) },
  });
});

test("two packs that share their name share no future, and undo gives the old ones back", async () => {
  await openClip(studio, new File(["a clip"], "made.mp4"));
  await forecast(studio);
  const before = studio.state.history.present;
  const shipped = await studio.ports.forecaster();
  const files = [{ path: "velocity.onnx", bytes: 10, sha256: "7".repeat(64) }];
  const twin = { ...loom(), manifest: { ...shipped.manifest, files } };
  const gpu = { reason: "none here" };
  Object.assign(studio.ports, {
    inspectPack: async () => inspect(twin.manifest, { gpu, memoryBytes: null }),
    openPack: async () => twin,
  });
  await considerPack(studio, LOCATION, "a retrained pack");
  await loadCandidate(studio);
  await expect.poll(() => studio.state.phase).toBe("idle");
  await forecast(studio);
  const after = studio.state.history.present;
  expect(after.origin?.packId).toBe(before.origin?.packId);
  expect(after.origin?.packIdentity).not.toBe(before.origin?.packIdentity);
  const ids = (document: typeof before) => document.slots.map(({ futureId }) => futureId);
  expect(ids(after).filter((id) => ids(before).includes(id))).toEqual([]);
  const old = ids(before).map((id) => studio.bulk.futures.get(id ?? ""));
  studio.state.undo();
  expect(ids(studio.state.history.present)).toEqual(ids(before));
  expect(old.every((future) => future?.tracks.tracksTN2.some((v) => v > 0))).toBe(true);
});

test("the chosen model and what is set of its sampler are undone like everything else", async () => {
  await openClip(studio, new File(["a clip"], "made.mp4"));
  const key = await load();
  await expect.poll(() => studio.state.phase).toBe("idle");
  overrideSampler(studio, { timeShift: 2 });
  overrideSampler(studio, { timeShift: 3 });
  overrideSampler(studio, { steps: 7 });
  studio.state.undo();
  expect(studio.state.history.present.sampler).toEqual({ timeShift: 3 });
  studio.state.undo();
  expect(studio.state.history.present.sampler).toEqual({});
  expect(studio.state.pack?.name).toBe("Loom");
  while (studio.state.history.past.length > 1) studio.state.undo();
  expect(selectModelKey(studio.state)).toBe(SHIPPED_MODEL);
  while (studio.state.history.future.length > 0) studio.state.redo();
  expect(selectModelKey(studio.state)).toBe(key);
  expect(studio.state.pack?.name).toBe("Loom");
  // A model that was removed gives way to the one that ships, also when undo asks for it.
  removeModel(studio, key);
  studio.state.undo();
  expect(selectModelKey(studio.state)).toBe(SHIPPED_MODEL);
});
