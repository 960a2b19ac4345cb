import { beforeEach, expect, test } from "vitest";
import { pinOf } from "../../domain/edits/pin.ts";
import { staleSlots } from "../slots.ts";
import { type Studio, selectDocument } from "../studio.ts";
import { type Asked, fakeStudio } from "../testing.ts";
import { addCamera } from "./cameras.ts";
import { openClip } from "./clip.ts";
import { toggleEdit } from "./edit-list.ts";
import { addBody, addDrag, addPin, holdBorder, putEdit } from "./edits.ts";
import { forecast } from "./forecast.ts";
import { toggleLock } from "./futures.ts";
import { commitGesture, removeByGesture } from "./gestures.ts";
import { setNow } from "./transport.ts";
import { selectWeighedWords, wishInBox } from "./wishes.ts";

const pin = (at: readonly [number, number] = [100, 60]) => pinOf("a", "Pin 1", 5, 40, at);
let studio: Studio;
let asked: Asked;

beforeEach(async () => {
  ({ studio, asked } = fakeStudio());
  await openClip(studio, new File(["a clip"], "made.mp4"));
  studio.state.edit((document) => ({ ...document, futureCount: 3 }));
  await forecast(studio);
});

const document = () => selectDocument(studio.state);
const stale = () => staleSlots(document()).map(({ id }) => id);
const futures = () => document().slots.map(({ futureId }) => futureId);

test("a gesture's edit and the futures that follow it are one step there and back", async () => {
  const free = document();
  await commitGesture(studio, pin());
  expect(asked.requests.at(-1)?.seeds).toEqual([1, 2, 3]);
  expect(asked.requests.at(-1)?.constraints?.weightTN[40 * 390 + 5]).toBe(1);
  expect(stale()).toEqual([]);
  const followed = document();
  studio.state.undo();
  expect(document()).toBe(free);
  studio.state.redo();
  expect(document()).toBe(followed);
  for (const id of futures()) expect(studio.bulk.futures.has(String(id))).toBe(true);
  await removeByGesture(studio, "a");
  expect(stale()).toEqual([]);
  studio.state.undo();
  expect(document()).toBe(followed);
});

test("locked futures stay and are stale; no slot gets its first future", async () => {
  toggleLock(studio, 2);
  studio.state.edit((old) => ({ ...old, futureCount: 5 }));
  const [, locked] = futures();
  await commitGesture(studio, pin());
  expect(asked.requests.at(-1)?.seeds).toEqual([1, 3]);
  expect(stale()).toEqual([2]);
  expect(futures()[1]).toBe(locked);
});

test("numbers ask for nothing by themselves; nor does a gesture over another now or beside a run", async () => {
  putEdit(studio, pin());
  expect(asked.requests).toHaveLength(1);
  setNow(studio, 20);
  await commitGesture(studio, pin([90, 60]));
  expect(asked.requests).toHaveLength(1);
  expect(stale()).toEqual([1, 2, 3]);
  studio.state.undo();
  studio.state.undo();
  studio.state.setRun({ phase: "opening" });
  await commitGesture(studio, pin([80, 60]));
  expect(asked.requests).toHaveLength(1);
});

test("the next gesture, or an undo, ends the completion of the one before it", async () => {
  let open = (): void => undefined;
  asked.gate = new Promise<void>((done) => {
    open = done;
  });
  const first = commitGesture(studio, pin());
  const second = commitGesture(studio, pin([90, 60]));
  asked.gate = null;
  open();
  await Promise.all([first, second]);
  expect(stale()).toEqual([]);
  expect(document().edits).toEqual([pin([90, 60])]);
  expect(studio.state.phase).toBe("idle");
  const third = commitGesture(studio, pin([80, 60]));
  studio.state.undo();
  await third;
  expect(studio.state.phase).toBe("idle");
  expect(stale()).toEqual([]);
  expect(document().edits).toEqual([pin([90, 60])]);
  expect(studio.state.history.future).toHaveLength(1);
});

test("under a camera that is on, what is made anew lies in the scene; what is there keeps its space", async () => {
  await commitGesture(studio, pin());
  const camera = addCamera(studio);
  await commitGesture(studio, { ...pin([120, 60]), id: "b" });
  await commitGesture(studio, pin([90, 60]));
  const spaces = () => Object.fromEntries(document().edits.map(({ id, space }) => [id, space]));
  expect(spaces()).toMatchObject({ a: "screen", b: "scene" });
  const added = [addDrag, addPin, addBody].map((add) => add(studio, 27));
  for (const edit of [...added, holdBorder(studio)]) {
    expect(spaces()[edit?.id ?? ""]).toBe("scene");
  }
  if (camera) toggleEdit(studio, camera.id);
  expect(addPin(studio, 27)?.space).toBe("screen");
  await commitGesture(studio, { ...pin([120, 60]), id: "c" });
  expect(spaces()).toMatchObject({ c: "screen" });
});

test("a wish draws more than are kept, into the open slots; taking it back brings the old ones", async () => {
  toggleLock(studio, 2);
  const before = futures();
  await wishInBox(studio, [0, 0, 200, 200]);
  expect(document().edits).toMatchObject([{ kind: "wish", wants: "inside" }]);
  const { seeds = [] } = asked.requests.at(-1) ?? {};
  expect(asked.requests.slice(1).flatMap((request) => request.seeds).length).toBeGreaterThan(31);
  expect(seeds).not.toContain(2);
  expect(stale()).toEqual([2]);
  const kept = document().slots.map(({ seed }) => seed);
  expect(new Set(kept).size).toBe(3);
  expect(futures().every((id) => studio.bulk.futures.has(String(id)))).toBe(true);
  expect(selectWeighedWords(studio.state)).toMatch(/futures were drawn.*2 kept/);
  studio.state.undo();
  expect(futures()).toEqual(before);
  expect(selectWeighedWords(studio.state)).toBeNull();
  // A wish that is pointed out gets the next box.
  studio.state.redo();
  await wishInBox(studio, [0, 0, 300, 200]);
  expect(document().edits).toMatchObject([{ kind: "wish", box: [0, 0, 300, 200] }]);
});
