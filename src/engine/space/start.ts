import { rankCorrelation } from "../metrics/rank-correlation.ts";
import { adjust, type Estimate, fallingScales, medianOf } from "./adjustment.ts";
import type { Cameras } from "./cameras.ts";
import { cloneTurns, findHeadings } from "./heading.ts";
import type { Observations } from "./observations.ts";
import { resectAll } from "./resection.ts";
import { pointResidual } from "./residuals.ts";
import { fitTurning } from "./turning.ts";

/** A start of the adjustment, and how much better it is than one that tells another relief. */
export interface Start {
  readonly estimate: Estimate;
  /** Cost of the best start whose relief disagrees, over the cost of this one; at least 1. */
  readonly rivalRatio: number;
  /** What was told beforehand decided between two that contradict each other. */
  readonly isForetold: boolean;
}

const HEADINGS_A_FRAME = 2;
/** Starts from headings that are adjusted to the end. */
const FINALISTS = 2;
const FINAL_SCALES_PX = fallingScales(1.5, 1, 8);
/** Scale of the last steps over what the best start leaves of the median point, and its bounds, px. */
const SHARP = 1.2;
const SHARPEST_PX = 0.4;
const BLUNT_PX = 1;
const SHARP_STEPS = 6;
/** Inverse depth at the top of the ramp, where its middle has 1. */
const RAMP_FAR = 0.3;
/** Root mean square residual of a point that a relief explains. */
const EXPLAINED_PX = 1.5;
const LEAST_SHARED = 0.2;
/** A rival relief must fit worse by this factor: costs that differ by less tell no difference. */
export const LEAST_RIVAL_RATIO = 1.03;
/** Reliefs whose ranks agree less than this are two answers. */
const AGREES = 0.5;

/**
 * Reliefs from the headings that explain the farthest frame and one half-way to it, and that of level
 * ground, each adjusted briefly; the cheapest few, and the best of them turned inside out, are adjusted
 * to the end, and the cheapest wins. A relief told beforehand (`guessN`) is one more start, and decides
 * between two that contradict each other and cost about the same. Valleys of the cost are narrow where parallax is small: the best
 * start need not be the best answer, and one turned inside out is chosen only where it explains more.
 */
export function findStart(
  observations: Observations,
  focalPx: number,
  centre: readonly [number, number],
  { guessN, onStep }: { readonly guessN?: Float64Array; readonly onStep?: () => void } = {},
): Start {
  const { frameCount } = observations.tracks;
  const { anchorFrame } = observations;
  const turned = fitTurning(observations, focalPx, centre, "turn").cameras;
  const farthest = anchorFrame * 2 >= frameCount ? 0 : frameCount - 1;
  const halfway = Math.round((farthest + anchorFrame) / 2);
  const headings = [farthest, halfway].flatMap((t) =>
    findHeadings(observations, turned, t, HEADINGS_A_FRAME),
  );
  const begin = (inverseDepthN: Float64Array) => {
    onStep?.();
    return adjustFrom(observations, turned, inverseDepthN);
  };
  const finish = (estimate: Estimate) =>
    adjust(observations, estimate, { scalesPx: FINAL_SCALES_PX, focalDeviation: null, onStep });
  const begun = headings.map(({ inverseDepthN }) => begin(inverseDepthN));
  begun.sort(cheapest);
  const finished = [...begun.slice(0, FINALISTS), begin(ramp(observations))].map(finish);
  finished.sort(cheapest);
  finished.push(finish(begin(finished[0].inverseDepthN.map((rho) => Math.max(0.1, 2 - rho)))));
  if (guessN) finished.push(finish(begin(guessN)));
  const [estimate, ...others] = sharpened(observations, finished, onStep).sort(cheapest);
  const rival = others.find((other) => agreement(observations, estimate, other) < AGREES);
  const rivalRatio = rival ? rival.cost / Math.max(estimate.cost, 1e-9) : Infinity;
  const isOpen = rival && guessN && rivalRatio < LEAST_RIVAL_RATIO;
  const chosen = isOpen ? foretold([estimate, rival], guessN) : null;
  return chosen
    ? { estimate: chosen, rivalRatio: LEAST_RIVAL_RATIO, isForetold: true }
    : { estimate, rivalRatio, isForetold: false };
}

/**
 * The same, adjusted to the end at a scale that their own noise allows: where tracks are better than the scale, a
 * wrong relief that comes half-way to what moves by itself costs less than the right one, which misses that whole.
 */
function sharpened(
  observations: Observations,
  estimates: readonly Estimate[],
  onStep: (() => void) | undefined,
): Estimate[] {
  const scalePx = sharpScalePx(observations, estimates);
  if (scalePx >= BLUNT_PX) return [...estimates];
  const scalesPx = fallingScales(BLUNT_PX, scalePx, SHARP_STEPS);
  return estimates.map((estimate) =>
    adjust(observations, estimate, { scalesPx, focalDeviation: null, onStep }),
  );
}

/** Scale of the robust loss that the noise of the tracks allows, as far as the best of the estimates tells it, px. */
export function sharpScalePx(observations: Observations, estimates: readonly Estimate[]): number {
  const typicalPx = Math.min(...estimates.map((one) => typicalResidual(observations, one)));
  return Math.min(BLUNT_PX, Math.max(SHARPEST_PX, SHARP * typicalPx));
}

function typicalResidual(observations: Observations, { cameras, inverseDepthN }: Estimate): number {
  return medianOf(
    inverseDepthN.map((rho, n) => {
      const { frames, squaredPx2 } = pointResidual(observations, cameras, n, rho);
      return frames ? Math.sqrt(squaredPx2 / frames) : Infinity;
    }),
  );
}

/** Of two reliefs that contradict each other the one that was told beforehand; null where neither was. */
function foretold(rivals: readonly Estimate[], guessN: Float64Array): Estimate | null {
  const alike = rivals.map(({ inverseDepthN }) => rankCorrelation(inverseDepthN, guessN));
  const most = Math.max(...alike);
  return most > AGREES ? rivals[alike.indexOf(most)] : null;
}

function cheapest(a: Estimate, b: Estimate): number {
  return a.cost - b.cost;
}

/** Nearer from the top of the picture down, as most ground is. */
function ramp({ tracks, anchorFrame }: Observations): Float64Array {
  const { pointCount, tracksTN2 } = tracks;
  const yN = Float64Array.from(
    { length: pointCount },
    (_, n) => tracksTN2[2 * (anchorFrame * pointCount + n) + 1],
  );
  const sorted = yN.slice().sort();
  const [top, middle] = [sorted[0], sorted[pointCount >> 1]];
  return yN.map((y) => RAMP_FAR + ((1 - RAMP_FAR) * (y - top)) / Math.max(1, middle - top));
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

/**
 * Rank correlation of two reliefs over the points that both explain: what moves by itself has any depth
 * in either. All points where they share too few.
 */
function agreement(observations: Observations, a: Estimate, b: Estimate): number {
  const { pointCount } = observations.tracks;
  const explained = ({ cameras, inverseDepthN }: Estimate) =>
    Array.from({ length: pointCount }, (_, n) => {
      const { frames, squaredPx2 } = pointResidual(observations, cameras, n, inverseDepthN[n]);
      return squaredPx2 < EXPLAINED_PX * EXPLAINED_PX * frames;
    });
  const [byA, byB] = [explained(a), explained(b)];
  const all = Array.from({ length: pointCount }, (_, n) => n);
  const shared = all.filter((n) => byA[n] && byB[n]);
  const points = shared.length < LEAST_SHARED * pointCount ? all : shared;
  const of = ({ inverseDepthN }: Estimate) => points.map((n) => inverseDepthN[n]);
  return rankCorrelation(of(a), of(b));
}
