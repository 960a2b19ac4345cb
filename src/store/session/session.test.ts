import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { gridQueryXyN2, POINT_COUNT } from "../../domain/grid.ts";
import { createTracks } from "../../domain/tracks.ts";
import { openClip } from "../actions/clip.ts";
import { forecast, resample } from "../actions/forecast.ts";
import { toggleLock } from "../actions/futures.ts";
import { adoptTracks } from "../actions/imports.ts";
import { loadOffered, offerPack, tune } from "../actions/models.ts";
import { seek, setNow } from "../actions/transport.ts";
import { bulk } from "../bulk.ts";
import { playhead } from "../playhead.ts";
import { SHIPPED_MODEL } from "../slices/modelsSlice.ts";
import { selectGeometry, selectModel, studio, useStudio } from "../studio.ts";
import { type Asked, installFakePack, installFakeRuntimes } from "../testing.ts";
import { SessionKeeper } from "./keeper.ts";
import { restoreSession, resumeSession } from "./restore.ts";
import { memoryStorage, type SessionStorage } from "./storage.ts";

const initial = useStudio.getInitialState();
let asked: Asked;
let keeper: SessionKeeper | undefined;

beforeEach(() => {
  forgetPage();
  asked = installFakeRuntimes();
});

afterEach(async () => {
  await keeper?.stop();
  vi.unstubAllGlobals();
});

/** What a reload does to the page's memory. */
function forgetPage(): void {
  useStudio.setState(initial, true);
  for (const map of Object.values(bulk)) map.clear();
  playhead.set(0);
}

function keep(storage: SessionStorage): void {
  keeper = new SessionKeeper(storage, new Map());
  keeper.start();
}

async function reload(storage: SessionStorage): Promise<boolean> {
  await expect.poll(() => studio().keeping).toBe("kept");
  await keeper?.stop();
  forgetPage();
  const restored = restoreSession(await storage.load());
  resumeSession();
  return restored;
}

const present = () => studio().history.present;
const seeds = () => present().slots.map(({ seed }) => seed);

test("clip, now, seeds, locks, futures, selection and undo come back", async () => {
  const storage = memoryStorage();
  keep(storage);
  await openClip(new File(["a clip"], "made.mp4"), { rate: "native", fit: "letterbox" });
  setNow(30);
  await forecast();
  await expect.poll(() => studio().truthRevision).toBe(1);
  toggleLock(3);
  await resample();
  studio().setView({ selectedPoints: [5, 9], mode: "spacetime" });
  studio().setTransport({ loopStart: 4 });
  seek(61);
  const before = present();
  const first = bulk.futures.get(before.slots[0].futureId ?? "");

  expect(await reload(storage)).toBe(true);
  expect(present()).toEqual(before);
  expect(seeds()).toEqual([9, 10, 3, 11, 12, 13, 14, 15]);
  expect(bulk.futures.get(before.slots[0].futureId ?? "")).toEqual(first);
  expect(bulk.truths.size).toBe(1);
  expect(studio().view).toMatchObject({ selectedPoints: [5, 9], mode: "spacetime" });
  expect(studio().loopStart).toBe(4);
  expect(playhead.get()).toBe(61);
  studio().undo();
  expect(seeds()).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  expect(present().slots.every((slot) => bulk.futures.has(slot.futureId ?? ""))).toBe(true);
  studio().redo();
  await resample();
  expect(seeds()).toEqual([16, 17, 3, 18, 19, 20, 21, 22]);
  // The past came back too: nothing was tracked again.
  expect(asked.trackedLengths).toEqual([31, 70]);
});

test("the chosen model comes back from the browser’s cache; where it is gone, the shipped one", async () => {
  const storage = memoryStorage();
  const gone = installFakePack();
  keep(storage);
  await openClip(new File(["a clip"], "made.mp4"));
  await offerPack({ kind: "url", url: "https://studio.example/loom/" }, "an address");
  await loadOffered();
  tune({ solver: "ab2" });
  expect(await reload(storage)).toBe(true);
  const model = () => selectModel(studio());
  expect(model()).toMatchObject({ packId: "loom", source: "an address" });
  expect(selectGeometry(studio()).referenceFrame).toBe("first-history");
  expect(studio().tuning.solver).toBe("ab2");
  await expect.poll(() => model()?.backend.reason).toBe("made by the test");
  expect(gone.opened.at(-1)).toMatchObject({
    kind: "kept",
    pack: { baseUrl: "https://studio.example/loom/" },
  });
  await forecast();
  expect(present().origin?.packId).toBe("loom");

  gone.isGone = true;
  keep(storage);
  studio().setView({ stride: 3 });
  expect(await reload(storage)).toBe(true);
  await expect.poll(() => studio().notice?.message).toMatch(/gone.*ships with Foretrack now/);
  expect(studio().chosenModel).toBe(SHIPPED_MODEL);
  expect(present().origin?.packId).toBe("loom");
  await forecast();
  expect(studio().status).toBe("Forecast ready");
  expect(present().origin?.packId).toBe("test-pack");
});

test("imported tracks come back and are forecast from another now", async () => {
  const storage = memoryStorage();
  keep(storage);
  await openClip(new File(["a clip"], "made.mp4"));
  const tracks = createTracks(100, POINT_COUNT);
  tracks.visibilityTN.fill(1);
  for (let t = 0; t < 100; t++) tracks.tracksTN2.set(gridQueryXyN2(), 2 * t * POINT_COUNT);
  adoptTracks({ tracks, fileName: "tapir.npz", fps: 16, firstSecs: 0, nowIndex: 49 });

  await reload(storage);
  expect(present().imported?.fileName).toBe("tapir.npz");
  setNow(30);
  await forecast();
  expect(studio().status).toBe("Forecast ready");
  expect(present().origin?.imported?.fileName).toBe("tapir.npz");
  expect(asked.requests[0].inputs.history?.frameCount).toBe(31);
});

test("a clip that does not fit is told, and opening it again finds its place", async () => {
  const storage = memoryStorage(10);
  keep(storage);
  await openClip(new File(["a clip"], "made.mp4"));
  await forecast();
  await expect.poll(() => studio().shortage?.message).toMatch(/does not fit/);
  const before = present();

  await reload(storage);
  expect(studio().notice?.message).toBe("made.mp4 was not kept with your session");
  expect(present()).toEqual(before);
  setNow(20);
  await forecast();
  expect(studio().notice?.remedy).toMatch(/Open the file again/);
  await openClip(new File(["a clip"], "made.mp4"));
  expect(present()).toEqual({ ...before, nowIndex: 20 });
  await forecast();
  expect(studio().status).toBe("Forecast ready");
});

test("a storage without room is told once, and the page then asks before it closes", async () => {
  const full: SessionStorage = {
    ...memoryStorage(),
    change: () => Promise.reject(new DOMException("full", "QuotaExceededError")),
  };
  keep(full);
  await openClip(new File(["a clip"], "made.mp4"));
  await expect.poll(() => studio().keeping).toBe("failed");
  expect(studio().shortage?.message).toMatch(/storage is full/);
  // A run and what it tells leave it in sight.
  await forecast();
  expect(studio().status).toBe("Forecast ready");
  expect(studio().shortage?.message).toMatch(/storage is full/);
  studio().setShortage(null);
  setNow(12);
  await new Promise((done) => setTimeout(done, 500));
  expect(studio().shortage).toBeNull();
  expect(studio().keeping).toBe("failed");
});

test("a shortage goes once there is room, or another clip is on stage", async () => {
  let room = 0;
  const storage = memoryStorage();
  const change: SessionStorage["change"] = (put, remove) =>
    room > 0 ? storage.change(put, remove) : Promise.reject(new Error("full"));
  keep({ ...storage, change, room: async () => room });
  await openClip(new File(["a clip"], "made.mp4"));
  await expect.poll(() => studio().shortage?.of).toBe("session");
  room = 1;
  setNow(12);
  await expect.poll(() => studio().shortage?.message).toMatch(/does not fit/);
  room = 1e9;
  await openClip(new File(["a clip"], "small.mp4"));
  await expect.poll(() => studio().shortage).toBeNull();
});

test("what no step reaches any more leaves the storage", async () => {
  const storage = memoryStorage();
  keep(storage);
  for (let i = 0; i < 8; i++) {
    await openClip(new File(["a clip"], `${i}.mp4`));
    await expect.poll(() => studio().keeping).toBe("kept");
  }
  const files = [...(await storage.load()).keys()].filter((key) => key.startsWith("file:"));
  expect(files).toHaveLength(6);
});

test("a record of another version is left alone", () => {
  expect(restoreSession(new Map([["session", { version: 99 }]]))).toBe(false);
  expect(restoreSession(new Map())).toBe(false);
  expect(present().clipId).toBeNull();
});
