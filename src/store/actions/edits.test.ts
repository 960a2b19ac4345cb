import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { pinOf } from "../../domain/edits/pin.ts";
import { bulk } from "../bulk.ts";
import { forecastOf } from "../forecastOf.ts";
import { planSeeds, staleSlots } from "../slots.ts";
import { selectDocument, studio, useStudio } from "../studio.ts";
import { type Asked, installFakeRuntimes } from "../testing.ts";
import { openClip } from "./clip.ts";
import { addPin, freshEdit, putEdit, removeEdit, selectEditingGap } from "./edits.ts";
import { forecast } from "./forecast.ts";
import { toggleLock } from "./futures.ts";

const initial = useStudio.getInitialState();
const pin = (at: readonly [number, number] = [100, 60]) => pinOf("a", "Pin 1", 5, 40, at);
let asked: Asked;

beforeEach(() => {
  useStudio.setState(initial, true);
  asked = installFakeRuntimes();
});

afterEach(() => vi.unstubAllGlobals());

const edits = () => selectDocument(studio()).edits;
const stale = () => staleSlots(selectDocument(studio())).map(({ id }) => id);

test("an edit is one step there and back; numbers that are typed in one go are one step", () => {
  putEdit(pin());
  putEdit(pin([101, 60]), "edit:a:x");
  putEdit(pin([110, 60]), "edit:a:x");
  expect(edits()).toEqual([pin([110, 60])]);
  studio().undo();
  expect(edits()).toEqual([pin()]);
  studio().undo();
  expect(edits()).toEqual([]);
  studio().redo();
  removeEdit("a");
  expect(edits()).toEqual([]);
  studio().undo();
  expect(edits()).toEqual([pin()]);
});

test("names and ids are new ones", () => {
  expect(freshEdit("Pin").name).toBe("Pin 1");
  putEdit(pin());
  expect(freshEdit("Pin").name).toBe("Pin 2");
  expect(freshEdit("Pin").id).not.toBe(freshEdit("Pin").id);
});

test("edits mark the futures that do not obey them and go along with the next forecast", async () => {
  await openClip(new File(["a clip"], "made.mp4"));
  expect(selectEditingGap(studio())).toMatch(/Press Forecast/);
  expect(addPin(5)).toBeNull();
  studio().edit((document) => ({ ...document, futureCount: 2 }));
  await forecast();
  expect(selectEditingGap(studio())).toBeNull();
  const first = selectDocument(studio()).slots.map(({ futureId }) => futureId);
  putEdit(pin());
  expect(stale()).toEqual([1, 2]);
  expect(selectDocument(studio()).slots.map(({ futureId }) => futureId)).toEqual(first);
  toggleLock(1);
  expect([...planSeeds(selectDocument(studio()), "same").keys()]).toEqual([2]);
  await forecast();
  expect(stale()).toEqual([1]);
  const document = selectDocument(studio());
  expect(document.slots.map(({ futureId }) => futureId === first[0])).toEqual([true, false]);
  expect(asked.requests.at(-1)?.constraints?.weightTN[40 * 390 + 5]).toBe(1);
  expect(forecastOf(document, document.slots, "sampled")?.edits).toEqual([pin()]);
  putEdit({ ...pin(), on: false });
  expect(stale()).toEqual([2]);
  expect(bulk.futures.size).toBe(3);
});

test("a pin by numbers begins where its point is, in the last frame", async () => {
  await openClip(new File(["a clip"], "made.mp4"));
  await forecast();
  expect(addPin(27)).toMatchObject({ name: "Pin 1", points: [27], at: [48, 48], frames: [80, 80] });
  studio().setView({ camera: "held" });
  expect(selectEditingGap(studio())).toMatch(/Camera/);
});
