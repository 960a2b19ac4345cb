import { describe, expect, test } from "vitest";
import { constrainedPoints } from "../../domain/constraints.ts";
import { gridQueryXyN2, HORIZON_FRAMES, POINT_COUNT } from "../../domain/grid.ts";
import { movingTracks } from "../../engine/completion/testing.ts";
import { PIN_SETS } from "./pin-sets.ts";
import { score } from "./scores.ts";

const QUERY = gridQueryXyN2();
/** A body on the right goes to the left by 2 px a frame before ground that stands. */
const isBody = (n: number) => QUERY[2 * n] > 700;
const truth = movingTracks(HORIZON_FRAMES, -1, (x) => (x > 700 ? [-2, 0] : [0, 0]));
const xyN2 = Float32Array.from(QUERY);

function made(name: string) {
  const set = PIN_SETS[name]?.(truth, xyN2, 1);
  if (!set) throw new Error(`the clip has no ${name}`);
  return set;
}

function heldFrames(name: string): number[] {
  const { constraints } = made(name);
  return [...constrainedPoints(constraints)].map((n) => {
    expect(isBody(n)).toBe(true);
    const frames = [...Array(HORIZON_FRAMES).keys()];
    return frames.filter((t) => constraints.weightTN[t * POINT_COUNT + n] > 0).length;
  });
}

describe("the sets of pins of the drag", () => {
  test("four points of the mover are held for 24 frames, or all the time", () => {
    expect(heldFrames("drag")).toEqual([24, 24, 24, 24]);
    expect(heldFrames("drag held throughout")).toEqual(Array(4).fill(HORIZON_FRAMES));
  });

  test("what comes after the last held frame is scored apart", () => {
    const tracksTN2 = truth.tracksTN2.slice();
    // From frame 24 on, every point is 3 px too far down.
    for (let i = 2 * 24 * POINT_COUNT; i < tracksTN2.length; i += 2) tracksTN2[i + 1] += 3;
    const future = { ...truth, tracksTN2 };
    const { groups } = score([future], [future], truth, made("drag"), xyN2);
    expect(groups["same body, afterwards"]).toBeCloseTo(3, 4);
    expect(groups["rest, afterwards"]).toBeCloseTo(3, 4);
    expect(groups["same body, held"]).toBeCloseTo(0, 4);
    expect(groups["same body"]).toBeCloseTo((3 * (HORIZON_FRAMES - 24)) / HORIZON_FRAMES, 4);
    const throughout = score([future], [future], truth, made("drag held throughout"), xyN2).groups;
    expect(Object.keys(throughout)).toEqual(["same body", "near, other", "rest"]);
  });
});
