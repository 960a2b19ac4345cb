import { expect, test } from "vitest";
import { gridQueryXyN2, HORIZON_FRAMES } from "../../domain/grid.ts";
import { movingTracks } from "../../engine/completion/testing.ts";
import { PIN_SETS } from "./pin-sets.ts";
import { score } from "./scores.ts";

const xyN2 = Float32Array.from(gridQueryXyN2());
/** A body on the right goes to the left by 2 px a frame before ground that stands. */
const truth = movingTracks(HORIZON_FRAMES, -1, (x) => (x > 700 ? [-2, 0] : [0, 0]));
/** All of `truth`, and so many px to the right where `isThere`. */
function shifted(px: number, isThere: (x: number) => boolean) {
  const tracksTN2 = truth.tracksTN2.map((v, i) =>
    i % 2 === 0 && isThere(xyN2[i % xyN2.length]) ? v + px : v,
  );
  return { ...truth, tracksTN2 };
}

test("still ground that was at rest and ground that comes back are told apart", () => {
  const set = PIN_SETS.drag?.(truth, xyN2, 1);
  if (!set) throw new Error("the clip has no drag");
  const isLeft = (x: number) => x < 352;
  // The free future takes the left away by 5 px; completion brings it back, and moves all else by 0.5 px.
  const free = shifted(5, isLeft);
  const { ground } = score([shifted(0.5, (x) => !isLeft(x))], [free], truth, set, xyN2);
  const count = (is: (x: number) => boolean) =>
    xyN2.filter((x, i) => i % 2 === 0 && x <= 700 && is(x)).length;
  const share = count(isLeft) / count(() => true);
  expect(ground["at rest"]).toMatchObject({ share: expect.closeTo(1 - share, 6) });
  expect(ground["at rest"].moved).toBeCloseTo(0.5, 4);
  expect(ground["at rest"].freeError).toBe(0);
  expect(ground["taken away"].share).toBeCloseTo(share, 6);
  expect(ground["taken away"].moved).toBeCloseTo(5, 4);
  expect(ground["taken away"].freeError).toBeCloseTo(5, 4);
  expect(ground["taken away"].error).toBe(0);
  expect(ground.all.moved).toBeCloseTo(5 * share + 0.5 * (1 - share), 4);
});
