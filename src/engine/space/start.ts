import { adjust, type Estimate, fallingScales } from "./adjustment.ts";
import type { Cameras } from "./cameras.ts";
import { cloneTurns, findHeadings } from "./heading.ts";
import type { Observations } from "./observations.ts";
import { resectAll } from "./resection.ts";
import { fitTurning } from "./turning.ts";

/** A start of the adjustment, and how much better it is than one that tells another relief. */
export interface Start {
  readonly estimate: Estimate;
  /** Cost of the best start whose relief disagrees, over the cost of this one; at least 1. */
  readonly rivalRatio: number;
}

const HEADINGS_A_FRAME = 2;
/** Reliefs whose ranks agree less than this are two answers. */
const AGREES = 0.5;

/**
 * Reliefs from the headings that explain the farthest frame and one half-way to it, each adjusted
 * briefly; the cheapest wins. A relief turned inside out is a start of its own here, so it is never
 * chosen unless it explains the tracks better.
 */
export function findStart(
  observations: Observations,
  focalPx: number,
  centre: readonly [number, number],
  onStep?: () => void,
): Start {
  const { frameCount } = observations.tracks;
  const { anchorFrame } = observations;
  const turned = fitTurning(observations, focalPx, centre, "turn").cameras;
  const farthest = anchorFrame * 2 >= frameCount ? 0 : frameCount - 1;
  const halfway = Math.round((farthest + anchorFrame) / 2);
  const headings = [farthest, halfway].flatMap((t) =>
    findHeadings(observations, turned, t, HEADINGS_A_FRAME),
  );
  const candidates = headings.flatMap(({ inverseDepthN }) => {
    const estimate = adjustFrom(observations, turned, inverseDepthN);
    onStep?.();
    return estimate;
  });
  const flipped = candidates
    .slice()
    .sort((a, b) => a.cost - b.cost)[0]
    .inverseDepthN.map((rho) => Math.max(0.1, 2 - rho));
  candidates.push(adjustFrom(observations, turned, flipped));
  candidates.sort((a, b) => a.cost - b.cost);
  const [estimate] = candidates;
  const rival = candidates.find(
    (other) => correlation(other.inverseDepthN, estimate.inverseDepthN) < AGREES,
  );
  return {
    estimate,
    rivalRatio: rival ? rival.cost / Math.max(estimate.cost, 1e-9) : Infinity,
  };
}

function adjustFrom(
  observations: Observations,
  turned: Cameras,
  inverseDepthN: Float64Array,
): Estimate {
  const cameras = cloneTurns(turned);
  resectAll(observations, cameras, inverseDepthN, { free: "pose", scalesPx: [10, 5, 3] });
  return adjust(
    observations,
    { cameras, inverseDepthN },
    { scalesPx: fallingScales(6, 1.5, 8), focalDeviation: null },
  );
}

/** Of logarithms, so that the farthest and the nearest points weigh alike. */
function correlation(a: Float64Array, b: Float64Array): number {
  const logs = [a, b].map((values) => values.map((v) => Math.log(Math.max(0.05, v))));
  const means = logs.map((values) => values.reduce((sum, v) => sum + v, 0) / values.length);
  let [aa, bb, ab] = [0, 0, 0];
  for (let n = 0; n < a.length; n++) {
    const [u, v] = [logs[0][n] - means[0], logs[1][n] - means[1]];
    aa += u * u;
    bb += v * v;
    ab += u * v;
  }
  return ab / Math.sqrt(aa * bb + 1e-12);
}
