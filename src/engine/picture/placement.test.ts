import { expect, test } from "vitest";
import { UPRIGHT } from "../../domain/fitting.ts";
import { type Placement, placementOf } from "./placement.ts";

/** A clip of 320×240 that fills a frame of 640×480. */
const CLIP: Placement = {
  orientation: UPRIGHT,
  display: { width: 320, height: 240 },
  fitting: {
    source: { x: 0, y: 0, width: 320, height: 240 },
    destination: { x: 0, y: 0, width: 640, height: 480 },
  },
  size: { width: 640, height: 480 },
};

test("a picture of the clip's shape fills its frame, however large it is", () => {
  expect(placementOf(CLIP, { width: 320, height: 240 })).toBe(CLIP);
  expect(placementOf(CLIP, { width: 640, height: 480 })).toBe(CLIP);
  expect(placementOf(CLIP, { width: 641, height: 480 })).toBe(CLIP);
});

test("a picture of another shape stands whole in the middle", () => {
  const { fitting, display } = placementOf(CLIP, { width: 240, height: 240 });
  expect(display).toEqual({ width: 240, height: 240 });
  expect(fitting.source).toEqual({ x: 0, y: 0, width: 240, height: 240 });
  expect(fitting.destination).toEqual({ x: 80, y: 0, width: 480, height: 480 });
});

test("of a cut the part that is seen of it stays", () => {
  const cut = {
    ...CLIP,
    fitting: { ...CLIP.fitting, source: { x: 0, y: 60, width: 320, height: 120 } },
  };
  const { fitting } = placementOf(cut, { width: 240, height: 240 });
  expect(fitting.source).toEqual({ x: 0, y: 60, width: 240, height: 120 });
  expect(fitting.destination).toEqual({ x: 80, y: 0, width: 480, height: 480 });
});
