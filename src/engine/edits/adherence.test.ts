import { expect, test } from "vitest";
import { pinOf } from "../../domain/edits/pin.ts";
import { POINT_COUNT } from "../../domain/grid.ts";
import { futureOf, historyOf } from "../completion/testing.ts";
import { adherenceOf } from "./adherence.ts";
import { previewFuture } from "./preview.ts";

const history = historyOf(() => [0, 0]);
const free = futureOf(() => [0, 0]);
const startN2 = history.tracksTN2.subarray(-2 * POINT_COUNT);
const pin = (id: string, point: number, dx: number, dy: number) =>
  pinOf(id, id, point, 20, [startN2[2 * point] + dx, startN2[2 * point + 1] + dy]);

test("a future that was made without the edits misses them by what they ask", () => {
  const edits = [pin("a", 100, 30, 40), { ...pin("b", 20, 8, 0), on: false }];
  const { missPx, movedPx } = adherenceOf(edits, history, free, free);
  expect([...missPx]).toEqual([["a", expect.closeTo(50, 4)]]);
  expect(movedPx).toBe(0);
});

test("one that follows them misses nothing, and takes others along by less than the edit asks", () => {
  const edits = [pin("a", 100, 30, 40), pin("b", 300, 0, 20)];
  const size = { width: 832, height: 480 };
  const shown = previewFuture(free, edits, history, size);
  const { missPx, movedPx } = adherenceOf(edits, history, shown, free);
  expect(missPx.get("a")).toBeCloseTo(0, 4);
  expect(missPx.get("b")).toBeCloseTo(0, 4);
  expect(movedPx).toBeGreaterThan(1);
  expect(movedPx).toBeLessThan(50);
  expect(adherenceOf(edits, history, shown, null).movedPx).toBeNull();
});

test("an edit is not held to what a later one overrules, a soft one to nothing", () => {
  const edits = [pin("a", 100, 30, 40), pin("b", 100, 0, 20), pin("c", 7, 5, 0)];
  edits[2] = { ...edits[2], strength: 4 };
  const { missPx } = adherenceOf(edits, history, free, null);
  expect([...missPx]).toEqual([["b", expect.closeTo(20, 4)]]);
});
