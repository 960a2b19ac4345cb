import { afterEach, beforeEach, expect, test } from "vitest";
import { gridQueryXyN2, POINT_COUNT } from "../../domain/grid.ts";
import { createTracks } from "../../domain/tracks.ts";
import { testManifest } from "../../engine/models/testing.ts";
import { openClip } from "../actions/clip.ts";
import { forecast, resample } from "../actions/forecast.ts";
import { toggleLock } from "../actions/futures.ts";
import { adoptTracks } from "../actions/imports.ts";
import { considerPack, loadCandidate, overrideSampler } from "../actions/models.ts";
import { seek, setNow } from "../actions/transport.ts";
import { closeStudio } from "../close-studio.ts";
import { createStudio } from "../create-studio.ts";
import { SHIPPED_MODEL } from "../document.ts";
import type { Runtimes } from "../runtimes.ts";
import { type Studio, selectGeometry, selectModel, selectModelKey } from "../studio.ts";
import { type Asked, fakeStudio, installFakePack } from "../testing.ts";
import { SessionKeeper } from "./keeper.ts";
import { restoreSession, resumeSession } from "./restore.ts";
import { snapshot } from "./saved.ts";
import { memoryStorage, type SessionStorage } from "./storage.ts";

let studio: Studio;
let ports: Runtimes;
let asked: Asked;
let keeper: SessionKeeper | undefined;

beforeEach(() => {
  ({ studio, ports, asked } = fakeStudio());
});

afterEach(async () => {
  await keeper?.stop();
  await closeStudio(studio);
});

/** What a reload does: the studio of before ends, and another one begins with the same runtimes. */
function forgetPage(): void {
  void closeStudio(studio);
  studio = createStudio(ports);
}

function keep(storage: SessionStorage): void {
  keeper = new SessionKeeper(studio, storage, new Map());
  keeper.start();
}

async function reload(storage: SessionStorage): Promise<boolean> {
  await expect.poll(() => studio.state.keeping).toBe("kept");
  await keeper?.stop();
  forgetPage();
  const restored = restoreSession(studio, await storage.load());
  resumeSession(studio);
  return restored;
}

const present = () => studio.state.history.present;
const seeds = () => present().slots.map(({ seed }) => seed);

test("clip, now, seeds, locks, futures, selection and undo come back", async () => {
  const storage = memoryStorage();
  keep(storage);
  await openClip(studio, new File(["a clip"], "made.mp4"), { rate: "native", fit: "letterbox" });
  setNow(studio, 30);
  await forecast(studio);
  await expect.poll(() => studio.state.truthRevision).toBe(1);
  toggleLock(studio, 3);
  await resample(studio);
  studio.state.setView({ selectedPoints: [5, 9], mode: "spacetime" });
  studio.state.setTransport({ loopStart: 4 });
  seek(studio, 61);
  const before = present();
  const first = studio.bulk.futures.get(before.slots[0].futureId ?? "");

  expect(await reload(storage)).toBe(true);
  expect(present()).toEqual(before);
  expect(seeds()).toEqual([9, 10, 3, 11, 12, 13, 14, 15]);
  expect(studio.bulk.futures.get(before.slots[0].futureId ?? "")).toEqual(first);
  expect(studio.bulk.truths.size).toBe(1);
  expect(studio.state.view).toMatchObject({ selectedPoints: [5, 9], mode: "spacetime" });
  expect(studio.state.loopStart).toBe(4);
  expect(studio.playhead.get()).toBe(61);
  studio.state.undo();
  expect(seeds()).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  expect(present().slots.every((slot) => studio.bulk.futures.has(slot.futureId ?? ""))).toBe(true);
  studio.state.redo();
  await resample(studio);
  expect(seeds()).toEqual([16, 17, 3, 18, 19, 20, 21, 22]);
  // The past came back too: nothing was tracked again.
  expect(asked.trackedLengths).toEqual([31, 70]);
});

test("a later visit brings the pictures of known tracks once the user pauses, those of what followed, too", async () => {
  const storage = memoryStorage();
  keep(storage);
  await openClip(studio, new File(["a clip"], "made.mp4"));
  await forecast(studio);
  await expect.poll(() => studio.state.truthRevision).toBe(1);
  await reload(storage);
  asked.pictures.length = 0;
  await resample(studio);
  const sorted = () => [...new Set(asked.pictures)].sort((a, b) => a - b);
  await expect.poll(sorted, { timeout: 5000 }).toEqual(Array.from({ length: 100 }, (_, i) => i));
  expect(asked.trackedLengths).toHaveLength(2);
});

test("the chosen model comes back from the browser’s cache; where it is gone, the shipped one", async () => {
  const storage = memoryStorage();
  const gone = installFakePack(ports);
  keep(storage);
  await openClip(studio, new File(["a clip"], "made.mp4"));
  await considerPack(studio, { kind: "url", url: "https://studio.example/loom/" }, "an address");
  await loadCandidate(studio);
  overrideSampler(studio, { solver: "ab2" });
  expect(await reload(storage)).toBe(true);
  const model = () => selectModel(studio.state);
  expect(model()).toMatchObject({ packId: "loom", source: "an address" });
  expect(selectGeometry(studio.state).referenceFrame).toBe("first-history");
  expect(present().sampler.solver).toBe("ab2");
  await expect.poll(() => model()?.backend.reason).toBe("made by the test");
  expect(gone.opened.at(-1)).toMatchObject({
    kind: "kept",
    pack: { baseUrl: "https://studio.example/loom/" },
  });
  await forecast(studio);
  expect(present().origin?.packId).toBe("loom");

  gone.isGone = true;
  keep(storage);
  studio.state.setView({ stride: 3 });
  expect(await reload(storage)).toBe(true);
  await expect.poll(() => studio.state.notice?.message).toMatch(/gone.*ships with Foretrack now/);
  expect(selectModelKey(studio.state)).toBe(SHIPPED_MODEL);
  expect(present().origin?.packId).toBe("loom");
  await forecast(studio);
  expect(studio.state.status).toBe("Forecast ready");
  expect(present().origin?.packId).toBe("test-pack");
});

test("imported tracks come back and are forecast from another now", async () => {
  const storage = memoryStorage();
  keep(storage);
  await openClip(studio, new File(["a clip"], "made.mp4"));
  const tracks = createTracks(100, POINT_COUNT);
  tracks.visibilityTN.fill(1);
  for (let t = 0; t < 100; t++) tracks.tracksTN2.set(gridQueryXyN2(), 2 * t * POINT_COUNT);
  adoptTracks(studio, { tracks, fileName: "tapir.npz", fps: 16, firstSecs: 0, nowIndex: 49 });

  await reload(storage);
  expect(present().imported?.fileName).toBe("tapir.npz");
  setNow(studio, 30);
  await forecast(studio);
  expect(studio.state.status).toBe("Forecast ready");
  expect(present().origin?.imported?.fileName).toBe("tapir.npz");
  expect(asked.requests[0].inputs.history?.frameCount).toBe(31);
});

test("a clip that does not fit is told, and opening it again finds its place", async () => {
  const storage = memoryStorage(10);
  keep(storage);
  await openClip(studio, new File(["a clip"], "made.mp4"));
  await forecast(studio);
  await expect.poll(() => studio.state.quotaNotice?.message).toMatch(/does not fit/);
  const before = present();

  await reload(storage);
  expect(studio.state.notice?.message).toBe("made.mp4 was not kept with your session");
  expect(present()).toEqual(before);
  setNow(studio, 20);
  await forecast(studio);
  expect(studio.state.notice?.remedy).toMatch(/Open the file again/);
  await openClip(studio, new File(["a clip"], "made.mp4"));
  expect(present()).toEqual({ ...before, nowIndex: 20 });
  await forecast(studio);
  expect(studio.state.status).toBe("Forecast ready");
});

test("a storage without room is told once, and the page then asks before it closes", async () => {
  const full: SessionStorage = {
    ...memoryStorage(),
    change: () => Promise.reject(new DOMException("full", "QuotaExceededError")),
  };
  keep(full);
  await openClip(studio, new File(["a clip"], "made.mp4"));
  await expect.poll(() => studio.state.keeping).toBe("failed");
  expect(studio.state.quotaNotice?.message).toMatch(/storage is full/);
  // A run and what it tells leave it in sight.
  await forecast(studio);
  expect(studio.state.status).toBe("Forecast ready");
  expect(studio.state.quotaNotice?.message).toMatch(/storage is full/);
  studio.state.setQuotaNotice(null);
  setNow(studio, 12);
  await new Promise((done) => setTimeout(done, 500));
  expect(studio.state.quotaNotice).toBeNull();
  expect(studio.state.keeping).toBe("failed");
});

test("a quota notice goes once there is room, or another clip is on stage", async () => {
  let room = 0;
  const storage = memoryStorage();
  const change: SessionStorage["change"] = (put, remove) =>
    room > 0 ? storage.change(put, remove) : Promise.reject(new Error("full"));
  keep({ ...storage, change, room: async () => room });
  await openClip(studio, new File(["a clip"], "made.mp4"));
  await expect.poll(() => studio.state.quotaNotice?.of).toBe("session");
  room = 1;
  setNow(studio, 12);
  await expect.poll(() => studio.state.quotaNotice?.message).toMatch(/does not fit/);
  room = 1e9;
  await openClip(studio, new File(["a clip"], "small.mp4"));
  await expect.poll(() => studio.state.quotaNotice).toBeNull();
});

test("what no step reaches any more leaves the storage", async () => {
  const storage = memoryStorage();
  keep(storage);
  for (let i = 0; i < 8; i++) {
    await openClip(studio, new File(["a clip"], `${i}.mp4`));
    await expect.poll(() => studio.state.keeping).toBe("kept");
  }
  const files = [...(await storage.load()).keys()].filter((key) => key.startsWith("file:"));
  expect(files).toHaveLength(6);
});

test("a record of another version is left alone", () => {
  expect(restoreSession(studio, new Map([["session", { version: 99 }]]))).toBe(false);
  expect(restoreSession(studio, new Map())).toBe(false);
  expect(present().clipId).toBeNull();
});

test("a session of an earlier build brings its solver steps and its model's settings along", async () => {
  installFakePack(ports);
  await openClip(studio, new File(["a clip"], "made.mp4"));
  await considerPack(studio, { kind: "url", url: "https://studio.example/loom/" }, "an address");
  await loadCandidate(studio);
  const { record, arrays, files } = snapshot(studio);
  const { model, sampler, given, ...older } = record.history.present;
  const { inputs, offers, ...olderManifest } = record.model?.manifest ?? testManifest();
  const kept = structuredClone({
    ...record,
    history: { ...record.history, past: [], present: { ...older, steps: 5 } },
    model: {
      ...record.model,
      manifest: olderManifest,
      tuning: { solver: "ab2", timeShift: null, source: null, given: {} },
    },
  });
  ({ studio } = fakeStudio());
  expect(
    restoreSession(studio, new Map<string, unknown>([["session", kept], ...arrays, ...files])),
  ).toBe(true);
  expect(present().sampler).toMatchObject({ steps: 5, solver: "ab2" });
  expect(selectModel(studio.state)?.packId).toBe("loom");
  expect(selectModel(studio.state)?.offers).toEqual(offers);
  expect([model, sampler, given, inputs]).not.toContain(undefined);
});

test("a page that is left while an older state is being written keeps the newest", async () => {
  const storage = memoryStorage();
  let begun = 0;
  let end = () => {};
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  const slow: SessionStorage = {
    ...storage,
    // As in a browser: handed over at once, done later.
    async change(put, remove) {
      await storage.change(put, remove);
      begun++;
      await ended;
    },
  };
  keep(slow);
  await openClip(studio, new File(["a clip"], "made.mp4"));
  await expect.poll(() => begun).toBe(1);
  await forecast(studio);
  // The forecast's own turn has come, but the write before it is not over.
  await new Promise((resolve) => setTimeout(resolve, 400));
  keeper?.flush();
  forgetPage();
  expect(restoreSession(studio, await storage.load())).toBe(true);
  expect(seeds()).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  expect(present().slots.every((slot) => studio.bulk.futures.has(slot.futureId ?? ""))).toBe(true);
  end();
});
