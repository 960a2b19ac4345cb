import { describe, expect, test } from "vitest";
import { gridQueryXyN2 } from "../grid.ts";
import { type BodyEdit, bodyKind, bodyOf, bodySchema, cornersOf } from "./body.ts";

const scene = { startN2: gridQueryXyN2(), frameCount: 41 };
const [CX, CY] = [416, 240];
const R = 150;

const body = (shape: BodyEdit["shape"], part: Partial<BodyEdit>): BodyEdit => ({
  ...bodyOf({ id: "a", name: "A" }, shape, [CX, CY], [R, R], scene.frameCount),
  ...part,
});
const start = (point: number) => [scene.startN2[2 * point], scene.startN2[2 * point + 1]];

/** Path of each point, its offset from the centre at "now" in radii. */
function paths(edit: BodyEdit) {
  return bodyKind.paths(edit, scene).map((path) => {
    const [x, y] = start(path.point);
    const at = (t: number) => [path.positionsT2[2 * t], path.positionsT2[2 * t + 1]];
    return { ...path, u: (x - CX) / R, v: (y - CY) / R, at };
  });
}

describe("a ball", () => {
  // The hand goes from the middle to sin 40° of the radius: 40° about the upright axis.
  const samples: BodyEdit["samples"] = [
    [CX, CY, 0],
    [CX + R * Math.sin((40 * Math.PI) / 180), CY, 1000],
  ];

  test("turns as a solid one does, to a tenth of a pixel, its far side hidden", () => {
    const all = paths(body("ball", { samples }));
    expect(all.length).toBeGreaterThan(50);
    const angle = (40 * Math.PI) / 180;
    for (const { u, v, at, hiddenT } of all) {
      const depth = Math.sqrt(1 - u * u - v * v);
      const x = CX + R * (u * Math.cos(angle) + depth * Math.sin(angle));
      const away = -u * Math.sin(angle) + depth * Math.cos(angle);
      expect(Math.hypot(at(40)[0] - x, at(40)[1] - (CY + R * v))).toBeLessThan(0.1);
      expect(hiddenT?.[40]).toBe(away <= 0.1 ? 1 : 0);
    }
    expect(all.some(({ hiddenT }) => hiddenT?.[40] === 1)).toBe(true);
  });

  test("comes back with the hand, where it rolls it goes on", () => {
    const there: BodyEdit["samples"] = [];
    for (let i = 0; i <= 100; i++) {
      const angle = (2 * Math.PI * i) / 100;
      there.push([CX + 60 * Math.sin(angle), CY + 60 * (1 - Math.cos(angle)), 20 * i]);
    }
    for (const { at, point } of paths(body("ball", { samples: there }))) {
      const [x, y] = start(point);
      expect(Math.hypot(at(40)[0] - x, at(40)[1] - y)).toBeLessThan(0.1);
    }
    // A way around on the ball turns it about the line of sight.
    const rolled = paths(body("ball", { samples: there, turning: "rolling" }));
    const outer = rolled.find(({ u, v }) => Math.hypot(u, v) > 0.6);
    const [x, y] = start(outer?.point ?? 0);
    expect(Math.hypot((outer?.at(40)[0] ?? x) - x, (outer?.at(40)[1] ?? y) - y)).toBeGreaterThan(8);
  });

  test("is carried along, and an ellipsoid turns within its outline", () => {
    const edit = body("ball", { samples, carry: [50, -20], radii: [R, 60] });
    for (const { point, at } of paths(edit)) {
      const [x, y] = start(point);
      expect(at(0)).toEqual([expect.closeTo(x, 2), expect.closeTo(y, 2)]);
      const [u, v] = [(at(40)[0] - CX - 50) / R, (at(40)[1] - CY + 20) / 60];
      expect(u * u + v * v).toBeLessThan(1.0001);
    }
  });
});

test("a cylinder turns about its upright axis: to a tenth of a pixel, any number of turns", () => {
  const samples: BodyEdit["samples"] = [
    [CX, CY, 0],
    [CX + R / 2, CY + 40, 1000],
  ];
  for (const { u, v, at, hiddenT } of paths(body("cylinder", { samples }))) {
    const angle = Math.asin(u) + Math.PI / 6;
    expect(Math.hypot(at(40)[0] - CX - R * Math.sin(angle), at(40)[1] - CY - R * v)).toBeLessThan(
      0.1,
    );
    expect(hiddenT?.[40]).toBe(Math.cos(angle) <= 0.1 ? 1 : 0);
  }
  const far: BodyEdit["samples"] = [
    [CX, CY, 0],
    [CX + 2 * Math.PI * R, CY, 1000],
  ];
  const rolled = paths(body("cylinder", { samples: far, turning: "rolling" }));
  for (const { u, at } of rolled) expect(at(40)[0]).toBeCloseTo(CX + R * u, 1);
  expect(rolled[0].hiddenT?.[20]).toBe(1);
});

test("a card is the picture of a plane: straight lines stay straight, cross ratios stay", () => {
  const corners: BodyEdit["corners"] = [
    [CX - 150, CY - 150],
    [CX + 60, CY - 90],
    [CX + 60, CY + 90],
    [CX - 150, CY + 150],
  ];
  const edit = body("card", { corners });
  // Turned about its left edge, the far edge 0.6 as high: seen 1/0.6 as far. Its middle lies where
  // the diagonals cross.
  const all = paths(edit);
  const expected = (u: number, v: number) => {
    const s = (u + 1) / 2;
    const depth = 1 + s * (1 / 0.6 - 1);
    return [CX - 150 + (s * 210) / (0.6 * depth), CY + (150 * v) / depth];
  };
  for (const { u, v, at } of all) {
    const [x, y] = expected(u, v);
    expect(Math.hypot(at(40)[0] - x, at(40)[1] - y)).toBeLessThan(0.1);
    expect(at(0)).toEqual([expect.closeTo(CX + R * u, 2), expect.closeTo(CY + R * v, 2)]);
  }
  expect(cornersOf(edit)[2]).toEqual([CX + 150, CY + 150]);
});

test("a body comes back from JSON; one without size is refused", () => {
  const edit = body("card", { carry: [1, 2] });
  expect(bodySchema.parse(JSON.parse(JSON.stringify(edit)))).toEqual(edit);
  expect(bodySchema.safeParse({ ...edit, radii: [0, 1] }).success).toBe(false);
});
