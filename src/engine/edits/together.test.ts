import { expect, test } from "vitest";
import { gridQueryXyN2, POINT_COUNT } from "../../domain/grid.ts";
import { movingTracks } from "../completion/testing.ts";
import { movesTogether } from "./together.ts";

const SIZE = { width: 832, height: 480 };
const query = gridQueryXyN2();
/** A disc that goes right and down before a camera that pans left and zooms in slowly. */
const isDisc = (x: number, y: number) => Math.hypot(x - 400, y - 240) < 90;
const pan = (x: number, y: number) => [-2 + 0.004 * (x - 416), 0.004 * (y - 240)] as const;
const scene = (x: number, y: number) => {
  const [u, v] = pan(x, y);
  return isDisc(x, y) ? ([u + 3, v + 1] as const) : ([u, v] as const);
};
const history = movingTracks(17, 16, scene);
const future = { seed: 1, tracks: movingTracks(40, -1, scene) };
const points = (is: (x: number, y: number) => boolean) =>
  Array.from({ length: POINT_COUNT }, (_, n) => n).filter((n) =>
    is(query[2 * n], query[2 * n + 1]),
  );
const at = (x: number, y: number) => Math.floor(y / 32) * 26 + Math.floor(x / 32);

test("a click on a thing takes all of it and nothing else, under a camera that moves", () => {
  expect(movesTogether(at(400, 240), history, future, SIZE)).toEqual(points(isDisc));
});

test("a click on the ground takes the ground around and beside the thing", () => {
  const ground = movesTogether(at(40, 40), history, future, SIZE);
  expect(ground).toEqual(points((x, y) => !isDisc(x, y)));
});

test("two things of one motion that do not touch are two; the future tells apart what stood still", () => {
  const two = (x: number, y: number) =>
    Math.hypot(x - 200, y - 240) < 70 || Math.hypot(x - 600, y - 240) < 70;
  const goes = (x: number, y: number) => (two(x, y) ? ([2, 0] as const) : ([0, 0] as const));
  const still = movingTracks(9, 8, () => [0, 0]);
  const later = { seed: 1, tracks: movingTracks(40, -1, goes) };
  expect(movesTogether(at(200, 240), still, later, SIZE)).toEqual(
    points((x, y) => two(x, y) && x < 400),
  );
  expect(movesTogether(at(200, 240), still, null, SIZE)).toHaveLength(POINT_COUNT);
});
