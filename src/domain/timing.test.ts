import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { frameIndexAtSecs, nativeTiming, workingTiming } from "./timing.ts";

const steady = (count: number, fps: number) => Array.from({ length: count }, (_, i) => i / fps);

describe("native timing", () => {
  it("counts from the first shown frame, in presentation order", () => {
    const timing = nativeTiming([2.0, 2.2, 2.1, 2.3]);
    expect(Array.from(timing.ptsSecs)).toEqual([0, 0.1, 0.2, 0.3]);
    expect(timing.durationSecs).toBeCloseTo(0.4, 9);
    expect(timing.fps).toBe(10);
  });

  it("reads the rate through the rounding of Matroska's milliseconds", () => {
    const rounded = steady(180, 30).map((t) => Math.round(t * 1000) / 1000);
    const timing = nativeTiming(rounded);
    expect(timing.fps).toBeCloseTo(30, 1);
    expect(workingTiming(timing, 16).frameTimesSecs.length).toBe(96);
  });

  it("closes a gap that one damaged timestamp tears, and no pause of minutes", () => {
    const torn = nativeTiming([...steady(40, 30), 119_485.757552]);
    expect(torn.durationSecs).toBeCloseTo(41 / 30, 4);
    expect(workingTiming(torn, 16).frameTimesSecs.length).toBe(22);
    expect(nativeTiming([0, 86_400]).durationSecs).toBeCloseTo(2 / 16, 9);
    expect(nativeTiming([0, 0.1, 300, 300.1]).durationSecs).toBeCloseTo(300.2, 4);
  });

  it("gives frames of one timestamp times of their own", () => {
    const rounded = Array.from({ length: 400 }, (_, i) => Math.floor(i / 2) / 1000);
    const timing = nativeTiming(rounded);
    expect(timing.ptsSecs.length).toBe(400);
    expect(Array.from(timing.ptsSecs.subarray(0, 4))).toEqual([0, 0.0005, 0.001, 0.0015]);
    expect(timing.fps).toBeCloseTo(2000, 0);
    const shown = workingTiming(timing, 100).nativeIndices;
    expect(Array.from(shown.subarray(0, 4))).toEqual([0, 20, 40, 60]);
  });

  it("plays frames that all have the same time at 10 a second", () => {
    expect(Array.from(nativeTiming([5, 5, 5]).ptsSecs)).toEqual([0, 0.1, 0.2]);
  });

  it("shows a part of the file that comes twice once", () => {
    const part = steady(60, 30);
    expect(nativeTiming([...part, ...part.slice(10, 50)]).ptsSecs.length).toBe(60);
  });

  it("refuses a clip without frames", () => {
    expect(() => nativeTiming([])).toThrow(RangeError);
  });
});

describe("working timing", () => {
  it("shows the native frame that is on screen when a working frame is due", () => {
    const timing = workingTiming(nativeTiming(steady(30, 30)), 16);
    expect(timing.frameTimesSecs.length).toBe(16);
    expect(Array.from(timing.nativeIndices).slice(0, 9)).toEqual([0, 1, 3, 5, 7, 9, 11, 13, 15]);
  });

  it("takes frames that a container stamped half a millisecond late", () => {
    const stamped = steady(60, 30).map((t) => Math.round(t * 1000) / 1000);
    const timing = workingTiming(nativeTiming(stamped), 15);
    expect(Array.from(timing.nativeIndices)).toEqual(Array.from({ length: 30 }, (_, i) => 2 * i));
  });

  it("repeats a frame that stays on screen", () => {
    const timing = workingTiming(nativeTiming([0, 0.1, 0.6]), 10);
    expect(Array.from(timing.nativeIndices)).toEqual([0, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2]);
  });

  it("gives every native frame at its own time at the native rate", () => {
    const timing = workingTiming(nativeTiming([0, 0.1, 0.6]), "native");
    expect(Array.from(timing.nativeIndices)).toEqual([0, 1, 2]);
    expect(Array.from(timing.frameTimesSecs)).toEqual([0, 0.1, 0.6]);
  });

  it("keeps a photo one frame at any rate", () => {
    for (const rate of [16, 240, "native"] as const) {
      const timing = workingTiming(nativeTiming([7]), rate);
      expect(timing.frameTimesSecs.length).toBe(1);
      expect(timing.durationSecs).toBeGreaterThan(0);
    }
  });

  it("refuses rates that are not positive numbers", () => {
    for (const rate of [0, -1, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => workingTiming(nativeTiming([0, 1]), rate)).toThrow(RangeError);
    }
  });

  it("never shows a frame before its time and never goes back", () => {
    const intervals = fc.array(fc.integer({ min: 2, max: 400 }), { minLength: 1, maxLength: 80 });
    fc.assert(
      fc.property(intervals, fc.integer({ min: 1, max: 120 }), (millis, rate) => {
        const ends = millis.map((_, i) => millis.slice(0, i + 1).reduce((a, b) => a + b) / 1000);
        const native = nativeTiming([0, ...ends]);
        const { frameTimesSecs, nativeIndices } = workingTiming(native, rate);
        for (let i = 0; i < nativeIndices.length; i++) {
          const shown = nativeIndices[i];
          expect(native.ptsSecs[shown]).toBeLessThanOrEqual(frameTimesSecs[i] + 0.001);
          const next = native.ptsSecs[shown + 1] ?? Number.POSITIVE_INFINITY;
          expect(next).toBeGreaterThan(frameTimesSecs[i]);
        }
        const lastTime = frameTimesSecs[frameTimesSecs.length - 1];
        expect(lastTime).toBeLessThan(native.durationSecs);
        expect(lastTime + 1 / rate).toBeGreaterThanOrEqual(native.durationSecs - 0.0011);
      }),
    );
  });
});

it("finds the frame at a time, within the clip's ends", () => {
  const times = Float64Array.of(0, 0.1, 0.2);
  expect([-1, 0, 0.05, 0.1, 0.19, 0.2, 9].map((t) => frameIndexAtSecs(times, t))).toEqual([
    0, 0, 0, 1, 1, 2, 2,
  ]);
});
