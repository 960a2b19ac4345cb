import { expect, test } from "vitest";
import { pairsLaying } from "./laying.ts";
import type { Pair } from "./placing.ts";

type Place = readonly [number, number];

/** A picture that is bent along x as it is laid: no even map does that. */
const bent = ([x, y]: Place): [number, number] => [300 + 0.5 * x, 80 + 0.6 * y + 0.0004 * x * x];
const CORNERS: readonly Place[] = [0, 100, 200, 300].flatMap((x) =>
  [0, 100, 200].map((y): Place => [x, y]),
);
const pairs = CORNERS.map((at): Pair => [...at, ...bent(at)]);

test("many matched points are met exactly, places between them smoothly", () => {
  const laying = pairsLaying(pairs);
  for (const at of CORNERS) {
    const [x, y] = laying?.sourceOf(...bent(at)) ?? [];
    expect(x).toBeCloseTo(at[0], 6);
    expect(y).toBeCloseTo(at[1], 6);
  }
  for (const at of [
    [150, 60],
    [220, 150],
  ] as const) {
    const [x, y] = laying?.sourceOf(...bent(at)) ?? [];
    expect(Math.hypot(Number(x) - at[0], Number(y) - at[1])).toBeLessThan(3);
  }
});

test("a displacement turns as the picture does around it", () => {
  const laying = pairsLaying(pairs);
  const at: Place = [150, 60];
  const [x, y] = bent(at);
  const [dx, dy] = laying?.turned(10, 0, x, y) ?? [];
  const moved = bent([at[0] + 10, at[1]]);
  expect(Math.hypot(Number(dx) - (moved[0] - x), Number(dy) - (moved[1] - y))).toBeLessThan(0.3);
});

test("where the warp folds, displacements turn as on the whole; places on one line still lay", () => {
  // Two neighbours have changed places.
  const folded: Pair[] = [
    ...([
      [0, 0, 0, 0],
      [300, 0, 300, 0],
      [0, 300, 0, 300],
      [300, 300, 300, 300],
      [140, 150, 160, 150],
      [160, 150, 140, 150],
    ] as const),
  ];
  const [dx, dy] = pairsLaying(folded)?.turned(10, 0, 150, 150) ?? [];
  expect(Number(dx)).toBeGreaterThan(5);
  expect(Math.abs(Number(dy))).toBeLessThan(1);
  const line = [0, 1, 2, 3].map((i): Pair => [50 * i, 50 * i, 100 * i, 100 * i]);
  const [x, y] = pairsLaying(line)?.sourceOf(150, 150) ?? [];
  expect([x, y].map((v) => Math.round(Number(v)))).toEqual([75, 75]);
  expect(pairsLaying([])?.sourceOf(3, 4)).toEqual([3, 4]);
});
