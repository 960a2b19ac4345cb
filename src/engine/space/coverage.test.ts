import { expect, it } from "vitest";
import { STATIC } from "../../domain/space-field.ts";
import { medianOf } from "./adjustment.ts";
import { estimateSpace } from "./estimate.ts";
import { COVERING } from "./judged-field.ts";
import { makeScene } from "./testing.ts";

const SIZE = { width: 832, height: 480 };
const MOVES = ["sideways", "forward", "orbit", "walk"] as const;

/** Of every still point that is told, a scene a row: by how many of its deviations it is off. */
function misses(parallaxPx: number, seeds: readonly number[]): number[][] {
  const requests = MOVES.flatMap((move) => seeds.map((seed) => ({ seed, move, parallaxPx })));
  return requests.map((request) => {
    const { observations, inverseDepthN, movingN } = makeScene({ ...request, moving: 0.25 });
    const told = estimateSpace(observations, SIZE, { focalPx: 700 });
    const known = [...movingN.keys()].filter((n) => !movingN[n] && told.stateN[n] === STATIC);
    const logs = known.map((n) => Math.log(inverseDepthN[n] / told.inverseDepthN[n]));
    const middle = medianOf(logs);
    return known.map((n, i) => Math.abs(logs[i] - middle) / told.sigmaLogN[n]);
  });
}

/** Of a normal distribution within two deviations. */
const NORMAL = 0.9545;
const NEAR = 0.012;

it("two deviations cover what two of a normal distribution do, and would not if they were told a ninth otherwise", () => {
  const scenes = [20, 65].flatMap((parallaxPx) => misses(parallaxPx, [51, 52]));
  /** Mean share within two deviations, were they told as `factor` of what they come out. */
  const covered = (factor: number) => {
    const least = (2 * factor) / COVERING;
    const shares = scenes.map((own) => own.filter((miss) => miss < least).length / own.length);
    return shares.reduce((sum, share) => sum + share, 0) / shares.length;
  };
  expect(Math.abs(covered(COVERING) - NORMAL)).toBeLessThan(NEAR);
  expect(covered(COVERING / 0.9)).toBeGreaterThan(NORMAL + NEAR);
  expect(covered(COVERING * 0.89)).toBeLessThan(NORMAL - NEAR);
}, 240_000);
