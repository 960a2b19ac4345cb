import { describe, expect, test } from "vitest";
import { type Light, LightConverter, lightOf } from "./light.ts";

/** BT.709 levels of samples between 0 and 1. */
function converted(light: Light, r: number, g: number, b: number): number[] {
  const out = new Uint8ClampedArray(3);
  const [x, y, z] = [r, g, b].map((v) => Math.round(1023 * v));
  new LightConverter(light).write(out, 0, x, y, z);
  return [...out];
}

const HLG: Light = { transfer: "hlg", primaries: "bt2020" };
const PQ: Light = { transfer: "pq", primaries: "bt2020" };

describe("light", () => {
  test("is known by the names of ffprobe and of WebCodecs; what is BT.709 needs nothing", () => {
    expect(lightOf("arib-std-b67", "bt2020")).toEqual(HLG);
    expect(lightOf("hlg", "bt2020")).toEqual(HLG);
    expect(lightOf("smpte2084", "bt2020")).toEqual(PQ);
    expect(lightOf("bt709", "smpte432")).toEqual({ transfer: "sdr", primaries: "p3" });
    for (const name of ["bt709", "smpte170m", "iec61966-2-1", "unknown", ""]) {
      expect(lightOf(name, "bt709"), name).toBeUndefined();
    }
  });

  test("black stays black, reference white is near white and the peak is white", () => {
    for (const [light, reference] of [
      [HLG, 0.75],
      [PQ, 0.5807],
    ] as const) {
      expect(converted(light, 0, 0, 0)).toEqual([0, 0, 0]);
      const [white, ...others] = converted(light, reference, reference, reference);
      expect(white).toBeGreaterThanOrEqual(235);
      expect(others.every((level) => Math.abs(level - white) <= 1)).toBe(true);
    }
    expect(converted(HLG, 1, 1, 1)).toEqual([255, 255, 255]);
  });

  test("more light is never darker, and greys stay grey", () => {
    for (const light of [HLG, PQ]) {
      let last = 0;
      for (let v = 0; v <= 1; v += 1 / 64) {
        const [r, g, b] = converted(light, v, v, v);
        expect(Math.max(r, g, b) - Math.min(r, g, b)).toBeLessThanOrEqual(2);
        expect(r).toBeGreaterThanOrEqual(last);
        last = r;
      }
    }
  });

  test("a red of BT.709 comes back from BT.2020 as red, without green and blue", () => {
    // Linear (1, 0, 0) of BT.709 in BT.2020 is (0.6274, 0.0691, 0.0164), here with BT.709's curve.
    const curve = (v: number) => (v < 0.018 ? 4.5 * v : 1.099 * v ** 0.45 - 0.099);
    const [r, g, b] = converted(
      { transfer: "sdr", primaries: "bt2020" },
      curve(0.6274),
      curve(0.0691),
      curve(0.0164),
    );
    expect(r).toBeGreaterThan(250);
    expect(Math.max(g, b)).toBeLessThan(12);
  });
});

test("light that is told to be linear gets BT.709's curve, and no tone mapping", () => {
  const linear = lightOf("linear", "bt709");
  if (!linear) throw new Error("linear light is to be converted");
  const out = new Uint8ClampedArray(4);
  for (const [light, level] of [
    [0, 0],
    [0.18, 104],
    [1, 255],
  ]) {
    const sample = Math.round(1023 * light);
    new LightConverter(linear).write(out, 0, sample, sample, sample);
    expect(Math.abs(out[0] - level)).toBeLessThanOrEqual(1);
  }
});
