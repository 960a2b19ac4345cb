import { adjust, type Estimate, medianOf } from "./adjustment.ts";
import { type Cameras, copyCameras } from "./cameras.ts";
import { type Observations, pickPoints } from "./observations.ts";
import { refineDepth } from "./residuals.ts";

/** Parts of the picture, with as many points each. */
const COLUMNS = 3;
const ROWS = 2;
const STEPS = 6;
/** Smaller inverse depths are far: their deviation counts as that of this one. */
const FAR = 0.05;

/**
 * Cameras found again without the points of one part of the picture, for each of six parts: what moves by itself lies in one
 * or two of them, so that cameras which follow it change where it is left out.
 */
export function camerasWithoutParts(
  observations: Observations,
  { cameras, inverseDepthN }: Estimate,
  scalePx: number,
  onStep: () => void,
): Cameras[] {
  const partN = partsOf(observations);
  return Array.from({ length: COLUMNS * ROWS }, (_, part) => {
    const rest = [...partN.keys()].filter((n) => partN[n] !== part);
    const start = {
      cameras: copyCameras(cameras),
      inverseDepthN: Float64Array.from(rest, (n) => inverseDepthN[n]),
    };
    const scalesPx = new Array<number>(STEPS).fill(scalePx);
    return adjust(pickPoints(observations, rest), start, { scalesPx, focalDeviation: null, onStep })
      .cameras;
  });
}

/** [N] part that each point lies in at the anchor: strips of as many points, each halved. */
function partsOf({ tracks, anchorFrame }: Observations): Uint8Array {
  const { pointCount, tracksTN2 } = tracks;
  const at = (n: number, axis: 0 | 1) => tracksTN2[2 * (anchorFrame * pointCount + n) + axis];
  const partN = new Uint8Array(pointCount);
  const byX = Array.from({ length: pointCount }, (_, n) => n).sort((a, b) => at(a, 0) - at(b, 0));
  for (let column = 0; column < COLUMNS; column++) {
    const share = (i: number) => Math.round((i * pointCount) / COLUMNS);
    const strip = byX.slice(share(column), share(column + 1)).sort((a, b) => at(a, 1) - at(b, 1));
    strip.forEach((n, i) => {
      partN[n] = column * ROWS + Math.floor((i * ROWS) / strip.length);
    });
  }
  return partN;
}

/**
 * [N] standard deviation of log inverse depth that the parts tell (delete-a-group jackknife, √((G−1)/G·Σ(x−x̄)²)),
 * the common scale of depth left out.
 */
export function spreadOverParts(
  observations: Observations,
  { inverseDepthN }: Pick<Estimate, "inverseDepthN">,
  parts: readonly Cameras[],
): Float64Array {
  const told = parts.map((cameras) => {
    const rhoN = inverseDepthN.map((rho, n) => refineDepth(observations, cameras, n, rho));
    const ratios = rhoN.map((rho, n) => rho / inverseDepthN[n]);
    const scale = medianOf(ratios.filter((_, n) => inverseDepthN[n] > FAR));
    return rhoN.map((rho) => rho / scale);
  });
  return inverseDepthN.map((own, n) => {
    const mean = told.reduce((sum, rhoN) => sum + rhoN[n], 0) / told.length;
    const squares = told.reduce((sum, rhoN) => sum + (rhoN[n] - mean) ** 2, 0);
    return Math.sqrt(((told.length - 1) / told.length) * squares) / Math.max(FAR, Math.abs(own));
  });
}
