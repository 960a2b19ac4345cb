import { expect, test } from "vitest";
import { checkConstraints, constrainedPoints } from "../../domain/constraints.ts";
import { bodyOf } from "../../domain/edits/body.ts";
import { type PinEdit, pinOf } from "../../domain/edits/pin.ts";
import { editsSchema } from "../../domain/edits.ts";
import { FormatError } from "../../domain/errors.ts";
import { createTracks } from "../../domain/tracks.ts";
import { compileEdits } from "./compile.ts";

/** Two frames of three points; "now" has them at (0,0), (10,10), (20,20). */
function history() {
  const tracks = createTracks(2, 3);
  tracks.tracksTN2.set([0, 0, 10, 10, 20, 20], 6);
  return tracks;
}

function compiled(...edits: readonly PinEdit[]) {
  const constraints = compileEdits(edits, history(), 5);
  if (!constraints) throw new Error("nothing is constrained");
  const at = (frame: number, point: number) => {
    const i = frame * 3 + point;
    const [x, y] = constraints.positionsTN2.subarray(2 * i, 2 * i + 2);
    return { x, y, weight: constraints.weightTN[i] };
  };
  return { constraints, at };
}

const pin = (part: Partial<PinEdit> = {}): PinEdit => ({
  ...pinOf("a", "Pin 1", 1, 3, [40, 50]),
  ...part,
});

test("a pin constrains its point at its frame, exactly, and nothing else", () => {
  const { constraints, at } = compiled(pin());
  expect(at(3, 1)).toEqual({ x: 40, y: 50, weight: 1 });
  expect(constraints.weightTN.reduce((sum, weight) => sum + weight)).toBe(1);
  expect(constrainedPoints(constraints)).toEqual([1]);
  expect(constraints.sigmaTN).toBeUndefined();
});

test("the later edit wins where two want the same point and frame", () => {
  const { at } = compiled(pin(), pin({ at: [1, 2] }));
  expect(at(3, 1)).toMatchObject({ x: 1, y: 2 });
});

test("an edit that adds moves on from the one before it", () => {
  const { at } = compiled(pin(), pin({ at: [13, 6], adds: true }));
  expect(at(3, 1)).toMatchObject({ x: 43, y: 46 });
});

test("edits that are off, and points that are not there, ask nothing", () => {
  expect(compileEdits([pin({ on: false }), pin({ points: [7] })], history(), 5)).toBeNull();
  expect(compileEdits([], history(), 5)).toBeNull();
});

test("several points keep their distances; without a place all stay", () => {
  const moved = compiled(pin({ points: [1, 2] }));
  expect(moved.at(3, 2)).toMatchObject({ x: 50, y: 60 });
  const still = compiled(pin({ points: [0, 2], at: null, frames: [0, 4] }));
  expect([0, 4].map((frame) => still.at(frame, 2))).toEqual([
    { x: 20, y: 20, weight: 1 },
    { x: 20, y: 20, weight: 1 },
  ]);
});

test("held ends reach to the horizon, and a pin past it lies on its last frame", () => {
  const { at } = compiled(pin({ frames: [2, 2], before: "hold", after: "hold" }));
  expect([0, 1, 2, 3, 4].map((frame) => at(frame, 1).x)).toEqual([40, 40, 40, 40, 40]);
  expect(compiled(pin({ frames: [90, 90] })).at(4, 1).x).toBe(40);
});

test("a soft edit says how far it may be missed", () => {
  const { constraints, at } = compiled(pin({ strength: 2 }));
  expect(at(3, 1).weight).toBeCloseTo(0.2);
  expect(constraints.sigmaTN?.[3 * 3 + 1]).toBe(2);
});

test("the far side of a body is hidden, after its end too", () => {
  const [x, y] = [14, 10];
  const turned = bodyOf({ id: "b", name: "Ball 1" }, "ball", [x, y], [10, 10], 3);
  const samples: [number, number, number][] = [
    [x, y, 0],
    [x - 9.8, y, 1000],
  ];
  const constraints = compileEdits([{ ...turned, samples, after: "hold" }], history(), 5);
  expect([0, 2, 4].map((frame) => constraints?.visibilityTN?.[frame * 3 + 1])).toEqual([255, 0, 0]);
  expect(constraints?.visibilityTN?.[2 * 3]).toBe(255);
});

test("constraints of another size are refused by name", () => {
  const { constraints } = compiled(pin());
  expect(() => checkConstraints(constraints, 5, 3)).not.toThrow();
  expect(() => checkConstraints(constraints, 5, 4)).toThrow(FormatError);
});

test("edits come back from JSON, and what is no edit is refused", () => {
  const edits = [pin(), pin({ at: null, strength: 3 })];
  expect(editsSchema.parse(JSON.parse(JSON.stringify(edits)))).toEqual(edits);
  expect(editsSchema.safeParse([{ ...pin(), kind: "wish" }]).success).toBe(false);
  expect(editsSchema.safeParse([{ ...pin(), points: [] }]).success).toBe(false);
});
