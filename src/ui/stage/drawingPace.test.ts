import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { DrawingPace } from "./drawingPace.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A stage whose frames take so long. */
function paceOf(millis: number): DrawingPace {
  return new DrawingPace(() => new Promise((done) => setTimeout(() => done(millis), millis)));
}

/** Numbers that came every 100 ms, and those that were drawn. */
async function drawnOf(count: number, millis: number): Promise<number[]> {
  const drawn: number[] = [];
  const pace = paceOf(millis);
  for (let i = 1; i <= count; i++) {
    pace.soon(() => drawn.push(i));
    await vi.advanceTimersByTimeAsync(100);
  }
  await vi.runAllTimersAsync();
  return drawn;
}

test("what is cheap to draw is drawn each time", async () => {
  expect(await drawnOf(5, 1)).toEqual([1, 2, 3, 4, 5]);
});

test("the first is drawn at once and the last in any case, others as often as there is room", async () => {
  const drawn = await drawnOf(8, 150);
  expect(drawn[0]).toBe(1);
  expect(drawn.at(-1)).toBe(8);
  expect(drawn.length).toBeLessThan(6);
});

test("what cannot wait is drawn at once, and nothing older after it", async () => {
  const drawn: string[] = [];
  const pace = paceOf(500);
  pace.soon(() => drawn.push("first"));
  await vi.advanceTimersByTimeAsync(30);
  pace.soon(() => drawn.push("waits"));
  expect(drawn).toEqual(["first"]);
  pace.now(() => drawn.push("now"));
  await vi.runAllTimersAsync();
  expect(drawn).toEqual(["first", "now"]);
});

test("nothing is drawn on a stage that is gone", async () => {
  const drawn: string[] = [];
  const pace = paceOf(1);
  pace.now(() => drawn.push("first"));
  pace.soon(() => drawn.push("waits"));
  pace.dispose();
  await vi.runAllTimersAsync();
  expect(drawn).toEqual(["first"]);
});
