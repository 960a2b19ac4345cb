import { expect, test } from "vitest";
import { HISTORY_FRAMES, HORIZON_FRAMES } from "../../domain/studio-defaults.ts";
import { historySpan, horizonSpan, percentAt, rulerMarks } from "./timelineMaths.ts";

test("the history ends with “now” and does not begin before the clip", () => {
  expect(historySpan(200)).toEqual({ from: 201 - HISTORY_FRAMES, to: 200 });
  expect(historySpan(10)).toEqual({ from: 0, to: 10 });
  expect(horizonSpan(10)).toEqual({ from: 10, to: 10 + HORIZON_FRAMES });
});

test("the first frame lies at the left end and the last one at the right, a single one at the left", () => {
  expect(percentAt(0, 101)).toBe(0);
  expect(percentAt(50, 101)).toBe(50);
  expect(percentAt(100, 101)).toBe(100);
  expect(percentAt(0, 1)).toBe(0);
});

test("labels fall on round seconds, five marks apart, and never crowd", () => {
  const marks = rulerMarks(161, 16);
  const labels = marks.flatMap(({ label }) => (label === null ? [] : [label]));
  expect(labels).toEqual([
    "0 s",
    "1 s",
    "2 s",
    "3 s",
    "4 s",
    "5 s",
    "6 s",
    "7 s",
    "8 s",
    "9 s",
    "10 s",
  ]);
  expect(marks.filter((_, i) => i % 5 !== 0).every(({ label }) => label === null)).toBe(true);
  expect(marks.find(({ label }) => label === "5 s")?.left).toBeCloseTo(50);
  for (const total of [2, 81, 1000, 20_000, 90_000]) {
    const count = rulerMarks(total, 16).filter(({ label }) => label !== null).length;
    expect(count).toBeLessThanOrEqual(17);
  }
});

test("no mark lies beyond the last frame", () => {
  const lefts = rulerMarks(100, 24).map(({ left }) => left);
  expect(Math.max(...lefts)).toBeLessThanOrEqual(100);
  expect(rulerMarks(1, 16)).toEqual([{ left: 0, label: "0 s" }]);
});
