import { expect, test } from "vitest";
import {
  eyeOf,
  focalPxOfFov,
  fovOfFocalPx,
  frameCentre,
  stillPinholePath,
  videoPxFromWorld,
  worldFromVideoPx,
} from "./pinhole.ts";

const SIZE = { width: 832, height: 480 };

test("a field of view of 55° is 799 px at the studio's width, and back", () => {
  expect(focalPxOfFov(55, SIZE)).toBeCloseTo(799.1, 1);
  expect(fovOfFocalPx(focalPxOfFov(55, SIZE), SIZE)).toBeCloseTo(55, 9);
});

test("a camera that stands still sees a position where it was unprojected from", () => {
  const path = stillPinholePath(2, 800, SIZE);
  const world = worldFromVideoPx(800, frameCentre(SIZE), 100, 400, 2.5);
  const [x, y, depth] = videoPxFromWorld(path, 1, world);
  expect([x, y, depth]).toEqual([expect.closeTo(100, 9), expect.closeTo(400, 9), 2.5]);
});

test("the camera's place is where everything behind the lens meets", () => {
  const path = stillPinholePath(1, 800, SIZE);
  // A quarter turn to the right about the axis that points down, then a step.
  path.rotationT9.set([0, 0, -1, 0, 1, 0, 1, 0, 0]);
  path.translationT3.set([0.5, 0.25, 2]);
  const [x, y, z] = eyeOf(path, 0);
  expect(videoPxFromWorld(path, 0, [x, y, z])[2]).toBeCloseTo(0, 6);
  // What lay to the right of it is now straight ahead.
  const [px, py, depth] = videoPxFromWorld(path, 0, [x + 3, y, z]);
  expect([px, py, depth]).toEqual([
    expect.closeTo(415.5, 4),
    expect.closeTo(239.5, 4),
    expect.closeTo(3, 6),
  ]);
});
