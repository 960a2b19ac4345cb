import { beforeEach, expect, test } from "vitest";
import { wishOf } from "../../domain/edits/wish.ts";
import { drawLatent } from "../../engine/exploration/latent.ts";
import { representatives } from "../../engine/exploration/representatives.ts";
import { withCamera } from "../../engine/models/photo/testing.ts";
import { writeDocument } from "../../formats/document/document.ts";
import { PHOTO_MODEL, SHIPPED_MODEL } from "../document.ts";
import { forecastOf } from "../forecastOf.ts";
import { type Studio, selectDocument, selectModelKey } from "../studio.ts";
import { photoStudio } from "../testing-photo.ts";
import { openClip } from "./clip.ts";
import { exploreFutures, selectExploration } from "./explore.ts";
import { forecast, resample, resampleOne } from "./forecast.ts";
import {
  keepLive,
  openMode,
  showBetween,
  showKept,
  showPlace,
  showVariation,
} from "./live-future.ts";
import { setOneFrame } from "./models.ts";
import { keepRepresentatives } from "./representatives.ts";
import { restoreForecast } from "./restore.ts";

let studio: Studio;
let takeModel: (part: object) => void;
let runs: Record<string, number>;

beforeEach(() => {
  ({ studio, runs, takeModel } = photoStudio());
});

const open = (name: string) => openClip(studio, new File(["a clip"], name));
const slots = () => selectDocument(studio.state).slots.filter(({ futureId }) => futureId);
const futureOf = (index: number) => {
  const future = studio.bulk.futures.get(slots()[index].futureId ?? "");
  if (!future) throw new Error("no future there");
  return future;
};

async function explored() {
  await open("photo.jpg");
  await exploreFutures(studio, 100);
  const exploration = selectExploration(studio.state, studio);
  if (!exploration) throw new Error("nothing was explored");
  return exploration;
}

test("a photo goes to the model of one picture, a clip back; the switch is the user's, and undone", async () => {
  await open("made.mp4");
  expect(selectModelKey(studio.state)).toBe(SHIPPED_MODEL);
  await open("photo.jpg");
  expect(selectModelKey(studio.state)).toBe(PHOTO_MODEL);
  setOneFrame(studio, false);
  expect(selectModelKey(studio.state)).toBe(SHIPPED_MODEL);
  studio.state.undo();
  expect(selectModelKey(studio.state)).toBe(PHOTO_MODEL);
  await open("made.mp4");
  expect(selectModelKey(studio.state)).toBe(SHIPPED_MODEL);
});

test("without such a model a photo is forecast as before", async () => {
  studio.store.setState({ shipsPhoto: false });
  await open("photo.jpg");
  expect(selectModelKey(studio.state)).toBe(SHIPPED_MODEL);
});

test("the picture is looked at once for samples, what is tried out and what is kept", async () => {
  const exploration = await explored();
  await showPlace(studio, exploration, [1, 2]);
  await keepLive(studio);
  await forecast(studio);
  expect(runs.look).toBe(1);
});

test("a mode that is kept is the sample that stood for it, drawn by its seed", async () => {
  const exploration = await explored();
  const [mode] = exploration.modes.groups;
  openMode(studio, exploration, mode);
  await expect.poll(() => studio.state.live?.seed).toBe(exploration.seeds[mode.medoid]);
  const tried = studio.bulk.live.get(studio.state.live?.id ?? "");
  await keepLive(studio);
  const [slot] = slots();
  expect(slot).toMatchObject({ seed: exploration.seeds[mode.medoid] });
  expect(slot.latent).toBeUndefined();
  expect(futureOf(0).tracks).toEqual(tried?.tracks);
  expect(studio.state.live).toBeNull();
  expect(selectDocument(studio.state).soloId).toBe(slot.id);
});

test("what no seed draws keeps its latent and parents through forecast, new seed and undo", async () => {
  const exploration = await explored();
  await showPlace(studio, exploration, [10, -20]);
  await keepLive(studio);
  const [kept] = slots();
  expect(kept.latent?.parents).toHaveLength(6);
  const made = futureOf(0);
  expect(made.latent).toMatchObject({ z: kept.latent?.z, picture: exploration.sight.picture });
  await forecast(studio);
  expect(slots()).toHaveLength(8);
  expect(futureOf(0).tracks).toEqual(made.tracks);
  await resampleOne(studio, kept.id);
  expect(slots()[0].latent).toBeUndefined();
  expect(futureOf(0).tracks).not.toEqual(made.tracks);
  studio.state.undo();
  expect(slots()[0].latent).toEqual(kept.latent);
  expect(futureOf(0).tracks).toEqual(made.tracks);
});

/** The futures on screen as a file would hold them. */
function saved(): File {
  const document = selectDocument(studio.state);
  const forecast = forecastOf(studio, document, slots(), "sampled");
  if (!forecast || !document.origin) throw new Error("nothing was forecast");
  const bytes = writeDocument({ forecast, clip: document.origin.clip });
  return new File([Uint8Array.from(bytes)], "forecast.json");
}

test("futures that come back from a file give themselves again, chosen ones and those of seeds", async () => {
  const exploration = await explored();
  await showPlace(studio, exploration, [10, -20]);
  await keepLive(studio);
  studio.state.edit((document) => ({ ...document, futureCount: 3 }));
  await forecast(studio);
  const before = slots().map((_, i) => futureOf(i));
  const file = saved();
  await resample(studio);
  expect(futureOf(0).tracks).not.toEqual(before[0].tracks);
  await restoreForecast(studio, file);
  const restored = slots();
  expect(restored[0].latent).toEqual({
    z: before[0].latent?.z,
    parents: before[0].latent?.parents,
  });
  expect(restored.slice(1).every(({ latent }) => !latent)).toBe(true);
  await forecast(studio);
  expect(slots().map((_, i) => futureOf(i))).toEqual(before);
  studio.state.undo();
  expect(slots()).toEqual(restored);
  await forecast(studio);
  expect(slots().map((_, i) => futureOf(i))).toEqual(before);
});

test("sliders, variations and ways go on from a future that came back from a file", async () => {
  const exploration = await explored();
  await showPlace(studio, exploration, [10, -20]);
  await keepLive(studio);
  const kept = futureOf(0);
  await restoreForecast(studio, saved());
  await exploreFutures(studio, 100);
  await showKept(studio, 1);
  expect(studio.state.base).toMatchObject({ z: kept.latent?.z });
  const tried = () => studio.bulk.live.get(studio.state.live?.id ?? "");
  expect(tried()?.tracks).toEqual(kept.tracks);
  expect(tried()?.latent).toEqual(kept.latent);
  await keepLive(studio);
  expect(slots()[1].latent).toEqual(slots()[0].latent);
  expect(futureOf(1).tracks).toEqual(kept.tracks);
});

test("a variation leaves held parts, and the way to another future ends at it", async () => {
  const exploration = await explored();
  const base = { z: [1, 2, 3, 0.5], words: "base" };
  studio.state.setExploration({ heldParts: ["size"], strength: 1 });
  await showVariation(studio, exploration, base);
  const z = () => studio.bulk.live.get(studio.state.live?.id ?? "")?.latent?.z ?? [];
  expect(z()[3]).toBe(0.5);
  expect(z()[0]).not.toBe(1);
  const other = { z: [0, -1, 0, 2], words: "other" };
  await showBetween(studio, base, other, { share: 1, straight: false });
  z().forEach((v, i) => {
    expect(v).toBeCloseTo(other.z[i], 5);
  });
});

test("a camera rests until it is let go; what it then does is kept, tried out and given again", async () => {
  takeModel(withCamera(1));
  const exploration = await explored();
  await forecast(studio);
  expect(slots().every((_, i) => futureOf(i).cameraPathT6 === undefined)).toBe(true);
  const resting = slots().map(({ seed }) => seed);
  studio.state.setExploration({ heldParts: [] });
  await forecast(studio);
  expect(slots().map(({ seed, latent }) => [seed, latent])).toEqual(
    resting.map((seed) => [seed, undefined]),
  );
  await resample(studio);
  const panned = futureOf(0);
  const own = panned.latent?.z ?? [];
  expect(own[3]).not.toBe(0);
  expect(panned.cameraPathT6?.[2]).toBeCloseTo(100 * own[3], 3);
  expect(slots()[0].latent?.z).toEqual(own);
  studio.state.setExploration({ heldParts: ["camera"] });
  await showKept(studio, slots()[0].id);
  const tried = () => studio.bulk.live.get(studio.state.live?.id ?? "");
  expect(tried()?.tracks).toEqual(panned.tracks);
  await showVariation(studio, exploration, { z: own, words: "it" });
  expect(tried()?.latent?.z[3]).toBe(own[3]);
  studio.bulk.futures.clear();
  await forecast(studio);
  expect(futureOf(0).tracks).toEqual(panned.tracks);
});

test("what wishes draw beside the futures has its camera let go as they have", async () => {
  takeModel(withCamera(1));
  await explored();
  studio.state.setExploration({ heldParts: [] });
  const wish = wishOf({ id: "w", name: "Wish" }, "inside", [0, 1, 2], [600, 0, 831, 479], 81);
  studio.state.edit((document) => ({ ...document, edits: [wish] }));
  await resample(studio);
  expect(slots()).toHaveLength(8);
  for (const index of slots().keys()) expect(futureOf(index).latent?.z[3]).not.toBe(0);
});

test("futures of an earlier model are drawn anew by the model that is there", async () => {
  const exploration = await explored();
  await showPlace(studio, exploration, [10, -20]);
  await keepLive(studio);
  studio.state.edit((document) => ({
    ...document,
    origin: document.origin && { ...document.origin, packIdentity: "earlier" },
    slots: document.slots.map((slot) => ({ ...slot, latent: { z: [1, 2] } })),
  }));
  await forecast(studio);
  expect(studio.state.notice).toBeNull();
  expect(slots()).toHaveLength(8);
  expect(slots().every(({ futureId, latent }) => futureId !== null && !latent)).toBe(true);
});

test("choices that go over to another picture are told", async () => {
  const exploration = await explored();
  await showPlace(studio, exploration, [10, -20]);
  await keepLive(studio);
  await forecast(studio);
  expect(studio.state.notice).toBeNull();
  // As if it had been forecast from another picture of the clip.
  studio.state.edit((document) => ({
    ...document,
    origin: document.origin && { ...document.origin, historyId: "another", nowIndex: 7 },
  }));
  await forecast(studio);
  expect(studio.state.notice?.message).toContain("One future chosen in another picture");
  await resample(studio);
  expect(studio.state.notice).toBeNull();
});

test("the futures that stand for all are samples by their seeds; a locked one stays, undo brings the others back", async () => {
  const exploration = await explored();
  studio.state.edit((document) => ({ ...document, futureCount: 3 }));
  await forecast(studio);
  studio.state.edit((document) => ({
    ...document,
    slots: document.slots.map((slot) => ({ ...slot, locked: slot.id === 2 })),
  }));
  const before = slots();
  await keepRepresentatives(studio, exploration);
  const own = representatives(exploration, 3).map((index) => exploration.seeds[index]);
  const kept = slots();
  expect(kept).toHaveLength(3);
  expect(kept[1]).toEqual(before[1]);
  const placed = [kept[0].seed, kept[2].seed];
  expect(placed).toEqual(own.filter((seed) => seed !== before[1].seed).slice(0, 2));
  expect([...(futureOf(0).latent?.z ?? [])]).toEqual([...drawLatent(placed[0], 4)]);
  studio.state.undo();
  studio.state.undo();
  expect(slots()).toEqual(before);
});
