import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  clipPxFromVideoPx,
  displaySize,
  fitPicture,
  UPRIGHT,
  videoPxFromClipPx,
} from "./fitting.ts";

const TARGET = { width: 832, height: 480 };

describe("display size", () => {
  it("turns and stretches the stored picture without losing pixels", () => {
    const stored = { width: 160, height: 240 };
    const turned = { rotation: 90, flip: false } as const;
    expect(displaySize(stored, 2, UPRIGHT)).toEqual({ width: 320, height: 240 });
    expect(displaySize(stored, 0.5, UPRIGHT)).toEqual({ width: 160, height: 480 });
    expect(displaySize(stored, 2, turned)).toEqual({ width: 240, height: 320 });
  });
});

describe("fitting", () => {
  it("cover fills the frame and crops the longer side evenly", () => {
    const { source, destination } = fitPicture({ width: 1280, height: 720 }, TARGET, "cover");
    expect(destination).toEqual({ x: 0, y: 0, ...TARGET });
    expect(source).toEqual({ x: 16, y: 0, width: 1248, height: 720 });
  });

  it("letterbox shows everything, centred", () => {
    const portrait = { width: 1080, height: 1920 };
    const { source, destination } = fitPicture(portrait, TARGET, "letterbox");
    expect(source).toEqual({ x: 0, y: 0, ...portrait });
    expect(destination).toEqual({ x: 281, y: 0, width: 270, height: 480 });
  });

  it("maps positions to the clip and back", () => {
    const side = fc.integer({ min: 1, max: 4000 });
    const fit = fc.constantFrom("cover" as const, "letterbox" as const);
    const position = fc.double({ min: -50, max: 900, noNaN: true });
    fc.assert(
      fc.property(side, side, fit, position, position, (width, height, how, x, y) => {
        const fitting = fitPicture({ width, height }, TARGET, how);
        const [backX, backY] = videoPxFromClipPx(fitting, ...clipPxFromVideoPx(fitting, x, y));
        expect(backX).toBeCloseTo(x, 6);
        expect(backY).toBeCloseTo(y, 6);
      }),
    );
  });

  it("maps pixel centres to pixel centres when nothing is scaled", () => {
    const fitting = fitPicture({ width: 1000, height: 480 }, TARGET, "cover");
    expect(clipPxFromVideoPx(fitting, 0, 0)).toEqual([84, 0]);
  });
});
