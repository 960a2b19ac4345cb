import { describe, expect, test } from "vitest";
import { gridQueryXyN2 } from "../grid.ts";
import { type DragEdit, dragKind, dragSchema, steppedPatch } from "./drag.ts";
import { EASES, easedProgress } from "./easing.ts";
import { COMMON_DEFAULTS } from "./kind.ts";
import { type StrokeSample, strokeOf } from "./stroke.ts";

const scene = { startN2: gridQueryXyN2(), frameCount: 81 };
const near = (n: number) => [scene.startN2[2 * n], scene.startN2[2 * n + 1]] as const;

function dragOf(part: Partial<DragEdit>): DragEdit {
  return dragSchema.parse({
    ...COMMON_DEFAULTS,
    id: "a",
    name: "Drag",
    kind: "drag",
    frames: [0, 10],
    samples: [
      [400, 240, 0],
      [500, 240, 1000],
    ],
    centre: [400, 240],
    radius: 40,
    hardness: 1,
    timing: "even",
    ...part,
  });
}

/** Positions of the path's frames less the point's start. */
function displacements(edit: DragEdit) {
  return dragKind.paths(edit, scene).map(({ point, positionsT2, sigmaPx }) => ({
    point,
    sigmaPx,
    first: [positionsT2[0] - near(point)[0], positionsT2[1] - near(point)[1]],
    last: [positionsT2.at(-2), positionsT2.at(-1)].map((v, i) => (v ?? 0) - near(point)[i]),
  }));
}

describe("a drag", () => {
  test("moves every point within its radius along the path, and no other", () => {
    const moved = displacements(dragOf({}));
    for (const { point, first, last, sigmaPx } of moved) {
      expect(Math.hypot(near(point)[0] - 400, near(point)[1] - 240)).toBeLessThanOrEqual(40);
      expect(first).toEqual([0, 0]);
      expect(last).toEqual([100, 0]);
      expect(sigmaPx).toBeUndefined();
    }
    // The grid point in the centre and its four neighbours.
    expect(moved.length).toBe(5);
  });

  test("inside one cell moves the nearest point by the drag's displacement", () => {
    const moved = displacements(dragOf({ centre: [401, 256], radius: 4 }));
    expect(moved).toHaveLength(1);
    expect(moved[0].last).toEqual([100, 0]);
  });

  test("a soft rim follows by less, and more loosely", () => {
    const moved = displacements(dragOf({ radius: 90, hardness: 0.3 }));
    const rim = moved.filter(({ sigmaPx }) => sigmaPx !== undefined);
    expect(rim.length).toBeGreaterThan(4);
    for (const { last } of rim) expect(last[0]).toBeLessThan(100);
    expect(moved.some(({ sigmaPx }) => sigmaPx === undefined)).toBe(true);
  });

  test("drawn timing keeps the hand's speed, even timing does not", () => {
    // Two thirds of the time for the first tenth of the way.
    const samples: [number, number, number][] = [];
    for (let i = 0; i <= 200; i++) samples.push([400 + i / 20, 240, i * 10]);
    for (let i = 1; i <= 100; i++) samples.push([410 + (90 * i) / 100, 240, 2000 + i * 10]);
    const middle = (timing: DragEdit["timing"]) => {
      const [path] = dragKind.paths(dragOf({ samples, timing }), scene);
      return path.positionsT2[10] - near(path.point)[0];
    };
    expect(middle("even")).toBeCloseTo(50, 0);
    expect(middle("drawn")).toBeCloseTo(7.5, 0);
  });

  test("a twist turns the patch about its centre and scale grows it", () => {
    const turned = dragOf({ centre: [400, 240], radius: 40, twistDegrees: 90, scale: 2 });
    const still = { ...turned, samples: [[400, 240, 0]] } as DragEdit;
    for (const { point, positionsT2 } of dragKind.paths(still, scene)) {
      const [ox, oy] = [near(point)[0] - 400, near(point)[1] - 240];
      expect(positionsT2.at(-2)).toBeCloseTo(400 - 2 * oy, 3);
      expect(positionsT2.at(-1)).toBeCloseTo(240 + 2 * ox, 3);
    }
  });

  test("time that runs back, and paths without end, are refused", () => {
    expect(() =>
      dragOf({
        samples: [
          [0, 0, 10],
          [1, 1, 5],
        ],
      }),
    ).toThrow(/order of time/);
    expect(() => dragOf({ samples: Array(60_001).fill([0, 0, 0]) })).toThrow();
    expect(() => dragOf({ samples: [[Number.NaN, 0, 0]] })).toThrow();
  });
});

test("a patch grows and shrinks by steps, to whole px, within what a hand needs", () => {
  const start = { radius: 64, hardness: 1 };
  expect(steppedPatch(start, "radius", 1)).toEqual({ radius: 74, hardness: 1 });
  expect(steppedPatch({ radius: 3, hardness: 1 }, "radius", 1).radius).toBe(4);
  expect(steppedPatch({ radius: 2, hardness: 1 }, "radius", -1).radius).toBe(2);
  expect(steppedPatch({ radius: 195, hardness: 1 }, "radius", 1).radius).toBe(200);
  expect(steppedPatch(start, "hardness", -1)).toEqual({ radius: 64, hardness: 0.9 });
  expect(steppedPatch(start, "hardness", 1)).toEqual(start);
});

describe("a drawn path", () => {
  test("keeps its ends, loses the hand's tremble", () => {
    const samples = Array.from({ length: 101 }, (_, i): StrokeSample => {
      return [i, i % 2 === 0 ? 3 : -3, i * 8];
    });
    const stroke = strokeOf(samples);
    expect(stroke.atTime(0)).toEqual([0, 3]);
    expect(stroke.atTime(1)).toEqual([100, 3]);
    const [x, y] = stroke.atTime(0.5);
    expect(x).toBeCloseTo(50, 0);
    expect(Math.abs(y)).toBeLessThan(0.2);
    expect(stroke.length).toBeLessThan(110);
  });

  test("of one sample, or of a hand that does not move, is a place", () => {
    expect(strokeOf([[3, 4, 0]]).atTime(0.7)).toEqual([3, 4]);
    const resting = strokeOf([
      [3, 4, 0],
      [3, 4, 50],
      [3, 4, 90],
    ]);
    expect(resting.atLength(0.5)[0]).toBeCloseTo(3);
    expect(resting.length).toBeCloseTo(0);
  });
});

describe("easing", () => {
  test("goes from 0 to 1 without falling, linear is the identity", () => {
    for (const ease of Object.values(EASES)) {
      let last = 0;
      for (let i = 0; i <= 100; i++) {
        const p = easedProgress(ease, i / 100);
        expect(p).toBeGreaterThanOrEqual(last - 1e-9);
        last = p;
      }
      expect(last).toBe(1);
    }
    expect(easedProgress(EASES.linear, 0.3)).toBe(0.3);
    // CSS: ease-in is at 0.3154 at half time.
    expect(easedProgress(EASES["ease in"], 0.5)).toBeCloseTo(0.3154, 3);
  });

  test("steep curves are solved too", () => {
    for (const u of [0.001, 0.2, 0.5, 0.999]) {
      const p = easedProgress([1, 0, 0, 1], u);
      expect(Number.isFinite(p) && p >= 0 && p <= 1).toBe(true);
    }
    expect(easedProgress([1, 0, 0, 1], 0.5)).toBeCloseTo(0.5, 3);
  });
});
