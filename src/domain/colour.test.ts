import { describe, expect, it } from "vitest";
import {
  type ColourVision,
  colourDistance,
  hexFromRgb,
  inGamut,
  oklabFromRgb,
  type Rgb,
  rgbFromHex,
  rgbFromOklch,
  simulateVision,
} from "./colour.ts";
import { bakeColours, directionColour, heatColour, speedColour } from "./data-colours.ts";
import {
  DASH_PATTERNS,
  dashIndexOfSlot,
  FUTURE_COLOUR_COUNT,
  futureStyle,
} from "./future-style.ts";

const turn = (i: number, count: number) => directionColour((2 * Math.PI * i) / count);

describe("colour maths", () => {
  it("agrees with the published OKLab of sRGB red and white", () => {
    const [l, a, b] = oklabFromRgb([1, 0, 0]);
    expect(l).toBeCloseTo(0.628, 3);
    expect(a).toBeCloseTo(0.2249, 3);
    expect(b).toBeCloseTo(0.1258, 3);
    expect(oklabFromRgb([1, 1, 1])[0]).toBeCloseTo(1, 4);
  });

  it("comes back from OKLCH and from hex", () => {
    const rgb = rgbFromOklch({ lightness: 0.7, chroma: 0.1, hueDegrees: 200 });
    const [l, a, b] = oklabFromRgb(rgb);
    expect(l).toBeCloseTo(0.7, 4);
    expect(Math.hypot(a, b)).toBeCloseTo(0.1, 4);
    expect(hexFromRgb(rgbFromHex("#12abef"))).toBe("#12abef");
  });
});

describe("direction wheel", () => {
  it("is cyclic, of even steps and inside sRGB", () => {
    const steps = Array.from({ length: 72 }, (_, i) =>
      colourDistance(turn(i, 72), turn(i + 1, 72)),
    );
    expect(Math.max(...steps) / Math.min(...steps)).toBeLessThan(1.02);
    for (let i = 0; i < 360; i++) expect(inGamut(turn(i, 360))).toBe(true);
  });

  it("tells opposite directions apart", () => {
    for (let i = 0; i < 36; i++) {
      expect(colourDistance(turn(i, 72), turn(i + 36, 72))).toBeGreaterThan(0.24);
    }
  });
});

describe("sequential maps", () => {
  it.each([
    ["speed", speedColour],
    ["heat", heatColour],
  ] as const)("%s rises in lightness, inside sRGB", (_, map) => {
    let before = 0;
    for (let i = 0; i <= 50; i++) {
      const rgb = map(i / 50);
      expect(inGamut(rgb)).toBe(true);
      const lightness = oklabFromRgb(rgb)[0];
      expect(lightness).toBeGreaterThan(before);
      before = lightness;
    }
  });

  it("bakes a cyclic map without repeating its first colour", () => {
    const baked = bakeColours(directionColour, 4, 2 * Math.PI, true);
    expect(hexFromRgb([baked[8] / 255, baked[9] / 255, baked[10] / 255])).toBe(
      hexFromRgb(directionColour(Math.PI)),
    );
  });
});

describe("styles of futures", () => {
  const colours = Array.from({ length: FUTURE_COLOUR_COUNT }, (_, slot) => futureStyle(slot).rgb);
  const views: readonly (ColourVision | "normal")[] = ["normal", "protan", "deutan", "tritan"];

  it.each(views)("keep every pair of colours apart for %s eyes", (vision) => {
    const seen: Rgb[] = colours.map((c) => (vision === "normal" ? c : simulateVision(c, vision)));
    for (let i = 0; i < seen.length; i++) {
      for (let j = 0; j < i; j++) expect(colourDistance(seen[i], seen[j])).toBeGreaterThan(0.09);
    }
  });

  it("repeat colours only with another dash", () => {
    const styles = Array.from({ length: 64 }, (_, slot) => {
      const { colour, dashName } = futureStyle(slot);
      return `${colour} ${dashName}`;
    });
    expect(new Set(styles).size).toBe(64);
  });

  it("name the dash that they draw", () => {
    expect(futureStyle(0).dash).toBe("none");
    expect(futureStyle(9).dashName).toBe(DASH_PATTERNS[dashIndexOfSlot(9)].name);
  });
});
