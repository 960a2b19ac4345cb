import { expect, test } from "vitest";
import { gridQueryXyN2, POINT_COUNT, STUDIO_GRID } from "../../domain/grid.ts";
import { createTracks } from "../../domain/tracks.ts";
import { movingTracks } from "../completion/testing.ts";
import { finerGrid } from "../exploration/finer.ts";
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
  expect(movesTogether([at(400, 240)], history, future, SIZE)).toEqual(points(isDisc));
});

test("a click on the ground takes the ground around and beside the thing", () => {
  const ground = movesTogether([at(40, 40)], history, future, SIZE);
  expect(ground).toEqual(points((x, y) => !isDisc(x, y)));
});

test("two things of one motion that do not touch are two; the future tells apart what stood still", () => {
  const two = (x: number, y: number) =>
    Math.hypot(x - 200, y - 240) < 70 || Math.hypot(x - 600, y - 240) < 70;
  const goes = (x: number, y: number) => (two(x, y) ? ([2, 0] as const) : ([0, 0] as const));
  const still = movingTracks(9, 8, () => [0, 0]);
  const later = { seed: 1, tracks: movingTracks(40, -1, goes) };
  expect(movesTogether([at(200, 240)], still, later, SIZE)).toEqual(
    points((x, y) => two(x, y) && x < 400),
  );
  expect(movesTogether([at(200, 240)], still, null, SIZE)).toHaveLength(POINT_COUNT);
});

test("of several picked points all that moves with any of them is taken, soon even on the finest cells", () => {
  const grid = finerGrid(STUDIO_GRID, 4);
  const start = gridQueryXyN2("cell-centre", grid);
  const isLeft = (n: number) => start[2 * n] < 200;
  const isRight = (n: number) => start[2 * n] > 600;
  const past = createTracks(1, start.length / 2);
  past.tracksTN2.set(start);
  const tracks = createTracks(20, start.length / 2);
  for (let t = 0; t < 20; t++) {
    for (let n = 0; n < start.length / 2; n++) {
      const down = isLeft(n) ? 3 * t : isRight(n) ? -3 * t : 0;
      tracks.tracksTN2.set([start[2 * n], start[2 * n + 1] + down], 2 * (t * past.pointCount + n));
    }
  }
  const all = Array.from({ length: past.pointCount }, (_, n) => n);
  const picked = all.filter((n) => n % 60 === 0 && (isLeft(n) || isRight(n)));
  const began = process.cpuUsage().user;
  const grown = movesTogether(picked, past, { tracks }, SIZE);
  expect(grown).toEqual(all.filter((n) => isLeft(n) || isRight(n)));
  // Motions and neighbours anew for each of them took thirty times as long as once for all.
  expect(process.cpuUsage().user - began).toBeLessThan(3e6);
});
