import { expect, test } from "vitest";
import { movingTracks } from "../../engine/completion/testing.ts";
import { selectDocument } from "../studio.ts";
import { fakeStudio } from "../testing.ts";
import { openClip } from "./clip.ts";
import { forecast } from "./forecast.ts";
import {
  growPicked,
  holdPicked,
  selectMiddlePicked,
  selectPickedMotion,
  takePicked,
} from "./picked.ts";

const isThing = (x: number, y: number) => Math.hypot(x - 400, y - 240) < 70;

async function studioOfTwo() {
  const made = fakeStudio();
  const { studio } = made;
  await openClip(studio, new File(["a clip"], "made.mp4"));
  studio.state.edit((document) => ({ ...document, futureCount: 2 }));
  await forecast(studio);
  const [, second] = selectDocument(studio.state).slots;
  const tracks = movingTracks(81, -1, (x, y) => (isThing(x, y) ? [2, 0] : [0, 0]));
  studio.bulk.futures.set(second.futureId ?? "", { seed: second.seed, tracks });
  return made;
}

test("what one future does with a thing is put into all: from one click, with what moves along", async () => {
  const { studio, asked } = await studioOfTwo();
  const middle = 7 * 26 + 12;
  expect(takePicked(studio)).toBeNull();
  studio.state.setView({ selectedPoints: [middle] });
  studio.state.pickMotion(2);
  expect(selectPickedMotion(studio.state)).toBe(2);
  await takePicked(studio);
  const [take] = selectDocument(studio.state).edits;
  expect(take).toMatchObject({ kind: "take", name: "Motion of future 2 1", space: "screen" });
  if (take.kind !== "take") throw new Error("no take");
  expect(take.points.length).toBeGreaterThan(8);
  const constraints = asked.requests.at(-1)?.constraints;
  expect(constraints?.weightTN[80 * 390 + middle]).toBe(1);
  expect(constraints?.positionsTN2[2 * (80 * 390 + middle)]).toBeCloseTo(400 + 162 - 0, 0);
  studio.state.undo();
  expect(selectDocument(studio.state).edits).toEqual([]);
});

test("picked points grow to what moves with them, and are held where they are", async () => {
  const { studio } = await studioOfTwo();
  studio.state.setView({ selectedPoints: [7 * 26 + 12] });
  studio.state.pickMotion(2);
  expect(growPicked(studio)).toBe(true);
  const { selectedPoints } = studio.state.view;
  expect(selectedPoints.length).toBeGreaterThan(8);
  expect(growPicked(studio)).toBe(false);
  await holdPicked(studio);
  expect(selectDocument(studio.state).edits[0]).toMatchObject({
    kind: "pin",
    at: null,
    points: selectedPoints,
  });
});

test("of several picked points the one in their middle stands for them", async () => {
  const { studio } = await studioOfTwo();
  const middle = () => selectMiddlePicked(studio.state, studio);
  expect(middle()).toBeNull();
  const square = [-1, 0, 1].flatMap((row) =>
    [-1, 0, 1].map((column) => (7 + row) * 26 + 12 + column),
  );
  studio.state.setView({ selectedPoints: square });
  expect(middle()).toBe(7 * 26 + 12);
  studio.state.setView({ selectedPoints: [3] });
  expect(middle()).toBe(3);
});
