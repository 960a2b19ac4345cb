import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { planTime, type SegmentTime } from "./time.ts";

const future: SegmentTime = { segment: "future", frameCount: 82, nowIndex: 0, fps: 24 };
const past: SegmentTime = { segment: "past", frameCount: 81, nowIndex: 80, fps: 24 };
const both: SegmentTime = { segment: "both", frameCount: 162, nowIndex: 80, fps: 24 };

test("81 frames of now + 81 are now + 80, one for one", () => {
  const plan = planTime(future, 81);
  expect([...plan.indices]).toEqual(Array.from({ length: 81 }, (_, j) => j));
  expect(plan.fps).toBe(24);
  expect(plan.notices).toHaveLength(1);
});

test("other lengths spread the whole segment and say so", () => {
  const plan = planTime(both, 81);
  expect(plan.indices[0]).toBe(0);
  expect(plan.indices[80]).toBe(161);
  expect(plan.fps).toBeCloseTo((24 * 80) / 161);
  expect(plan.notices[0]).toMatch(/spread over 81/);
});

describe("a frame rate", () => {
  test("takes moments that meet now exactly", () => {
    expect([...planTime(future, undefined, 16).indices].slice(0, 3)).toEqual([0, 1.5, 3]);
    expect(planTime(past, undefined, 16).indices.at(-1)).toBe(80);
    const around = planTime(both, undefined, 16).indices;
    expect(around.indexOf(80)).toBe(53);
    expect(around[0]).toBeCloseTo(0.5);
  });

  test("never cuts or holds in silence", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(future, past, both),
        fc.integer({ min: 1, max: 60 }),
        fc.integer({ min: 1, max: 400 }),
        (time, fps, frames) => {
          const { indices, notices } = planTime(time, frames, fps);
          const last = time.frameCount - 1;
          const step = time.fps / fps;
          expect(indices).toHaveLength(frames);
          expect(
            indices.every((v, j) => v >= 0 && v <= last && (j === 0 || v >= indices[j - 1])),
          ).toBe(true);
          const reachesStart = indices[0] < step;
          const reachesEnd = indices[frames - 1] > last - step;
          const holds = indices.some((v, j) => j > 0 && v === indices[j - 1]);
          const told = notices.join(" ");
          if (!reachesStart || !reachesEnd) expect(told).toMatch(/not written/);
          if (holds) expect(told).toMatch(/hold the end/);
        },
      ),
    );
  });
});

test.each([
  [0, undefined],
  [1.5, undefined],
  [99999, undefined],
  [81, 0],
  [81, Number.NaN],
  [undefined, 1e9],
])("%s frames at %s a second are refused", (frames, fps) => {
  expect(() => planTime(future, frames, fps)).toThrow();
});
