import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { SilenceWatch } from "./silence.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test("tells of silence once, and not while something is heard", () => {
  const silent = vi.fn();
  const watch = new SilenceWatch(silent);
  watch.listen(3000);
  for (let i = 0; i < 10; i++) {
    vi.advanceTimersByTime(2000);
    watch.heard();
  }
  expect(silent).not.toHaveBeenCalled();
  vi.advanceTimersByTime(60_000);
  expect(silent).toHaveBeenCalledTimes(1);
});

test("starts over when it is asked to listen again, and hears nothing once it is stopped", () => {
  const silent = vi.fn();
  const watch = new SilenceWatch(silent);
  watch.listen(3000);
  vi.advanceTimersByTime(2900);
  watch.listen(3000);
  vi.advanceTimersByTime(2900);
  watch.stop();
  vi.advanceTimersByTime(60_000);
  expect(silent).not.toHaveBeenCalled();
});
