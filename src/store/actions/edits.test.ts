import { beforeEach, expect, test } from "vitest";
import { pinOf } from "../../domain/edits/pin.ts";
import { forecastOf } from "../forecastOf.ts";
import { planSeeds, staleSlots } from "../slots.ts";
import { type Studio, selectDocument } from "../studio.ts";
import { type Asked, fakeStudio } from "../testing.ts";
import { openClip } from "./clip.ts";
import {
  addDrag,
  addPin,
  freshEdit,
  holdBorder,
  putEdit,
  removeEdit,
  selectEditingGap,
  stepPatch,
} from "./edits.ts";
import { forecast } from "./forecast.ts";
import { toggleLock } from "./futures.ts";

const pin = (at: readonly [number, number] = [100, 60]) => pinOf("a", "Pin 1", 5, 40, at);
let studio: Studio;
let asked: Asked;

beforeEach(() => {
  ({ studio, asked } = fakeStudio());
});

const edits = () => selectDocument(studio.state).edits;
const stale = () => staleSlots(selectDocument(studio.state)).map(({ id }) => id);

test("an edit is one step there and back; numbers that are typed in one go are one step", () => {
  putEdit(studio, pin());
  putEdit(studio, pin([101, 60]), "edit:a:x");
  putEdit(studio, pin([110, 60]), "edit:a:x");
  expect(edits()).toEqual([pin([110, 60])]);
  studio.state.undo();
  expect(edits()).toEqual([pin()]);
  studio.state.undo();
  expect(edits()).toEqual([]);
  studio.state.redo();
  removeEdit(studio, "a");
  expect(edits()).toEqual([]);
  studio.state.undo();
  expect(edits()).toEqual([pin()]);
});

test("names and ids are new ones", () => {
  expect(freshEdit(studio, "Pin").name).toBe("Pin 1");
  putEdit(studio, pin());
  expect(freshEdit(studio, "Pin").name).toBe("Pin 2");
  expect(freshEdit(studio, "Pin").id).not.toBe(freshEdit(studio, "Pin").id);
});

test("edits mark the futures that do not obey them and go along with the next forecast", async () => {
  await openClip(studio, new File(["a clip"], "made.mp4"));
  expect(selectEditingGap(studio.state, studio)).toMatch(/Press Forecast/);
  expect(addPin(studio, 5)).toBeNull();
  studio.state.edit((document) => ({ ...document, futureCount: 2 }));
  await forecast(studio);
  expect(selectEditingGap(studio.state, studio)).toBeNull();
  const first = selectDocument(studio.state).slots.map(({ futureId }) => futureId);
  putEdit(studio, pin());
  expect(stale()).toEqual([1, 2]);
  expect(selectDocument(studio.state).slots.map(({ futureId }) => futureId)).toEqual(first);
  toggleLock(studio, 1);
  expect([...planSeeds(selectDocument(studio.state), "same").keys()]).toEqual([2]);
  await forecast(studio);
  expect(stale()).toEqual([1]);
  const document = selectDocument(studio.state);
  expect(document.slots.map(({ futureId }) => futureId === first[0])).toEqual([true, false]);
  expect(asked.requests.at(-1)?.constraints?.weightTN[40 * 390 + 5]).toBe(1);
  expect(forecastOf(studio, document, document.slots, "sampled")?.edits).toEqual([pin()]);
  putEdit(studio, { ...pin(), on: false });
  expect(stale()).toEqual([2]);
  expect(studio.bulk.futures.size).toBe(3);
});

test("keys step the patch of the drag that is pointed out, or of the next one", async () => {
  await openClip(studio, new File(["a clip"], "made.mp4"));
  await forecast(studio);
  stepPatch(studio, "radius", 1);
  expect(studio.state.patch).toEqual({ radius: 74, hardness: 1 });
  const drag = addDrag(studio, 27);
  studio.state.selectEdit(drag?.id ?? null);
  stepPatch(studio, "hardness", -1);
  stepPatch(studio, "hardness", -1);
  expect(edits()[0]).toMatchObject({ radius: 64, hardness: 0.8 });
  studio.state.undo();
  expect(edits()[0]).toMatchObject({ hardness: 1 });
  expect(studio.state.patch).toEqual({ radius: 74, hardness: 1 });
});

test("the border is held by the points on its rim, over the whole horizon", async () => {
  await openClip(studio, new File(["a clip"], "made.mp4"));
  expect(holdBorder(studio)).toBeNull();
  await forecast(studio);
  const border = holdBorder(studio);
  expect(border).toMatchObject({ kind: "pin", name: "Border 1", at: null, frames: [0, 80] });
  // 15 rows of 26: what is not in the inner 13 rows of 24.
  expect(border?.kind === "pin" && border.points).toHaveLength(390 - 13 * 24);
});

test("a pin by numbers begins where its point is, in the last frame", async () => {
  await openClip(studio, new File(["a clip"], "made.mp4"));
  await forecast(studio);
  expect(addPin(studio, 27)).toMatchObject({
    name: "Pin 1",
    points: [27],
    at: [48, 48],
    frames: [80, 80],
  });
  studio.state.setView({ camera: "held" });
  expect(selectEditingGap(studio.state, studio)).toMatch(/Camera/);
});
