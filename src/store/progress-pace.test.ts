import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { progressPace } from "./progress-pace.ts";

beforeEach(() => void vi.useFakeTimers({ toFake: ["performance"] }));
afterEach(() => void vi.useRealTimers());

test("of work that takes ten seconds about four pictures a second are shown, and its end", () => {
  const isDue = progressPace();
  const shown: number[] = [];
  for (let done = 1; done <= 1000; done++) {
    vi.advanceTimersByTime(10);
    if (isDue(done, 1000)) shown.push(done);
  }
  expect(shown[0]).toBe(1);
  expect(shown.at(-1)).toBe(1000);
  expect(shown.length).toBeGreaterThanOrEqual(40);
  expect(shown.length).toBeLessThanOrEqual(42);
});

test("the end of work that is over at once is shown", () => {
  const isDue = progressPace();
  expect([1, 2, 3].map((done) => isDue(done, 3))).toEqual([true, false, true]);
});
