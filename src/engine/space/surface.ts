import type { Size } from "../../domain/clip.ts";
import { cellCentre, EDGE_LOG_DEPTH, normalisedRelief, type Relief } from "../../domain/relief.ts";
import { type SpaceField, STATIC } from "../../domain/space-field.ts";
import { medianOf } from "./adjustment.ts";

/** From a cell to the point that counts as measuring it, in spacings of the points: just beyond the
 * middle of four. */
const REACH = 0.75;
/** Points that are the surround of one. */
const SURROUND = 4;
/** Points that a cell looks at. */
const NEIGHBOURS = 6;

/**
 * The relief that static points tell, over cells of the picture: each cell takes the weighted median of
 * the inverse depths around it, weights falling with distance and uncertainty, and the mean of those on
 * the same surface, so that a cell at an edge of depth takes one side and no value in between. Cells without a static point nearby are filled in
 * and not `known`: movers stand where their surround stands. Null where nothing is known.
 */
export function reliefOf(
  { inverseDepthN, sigmaLogN, stateN, groundN, focal }: SpaceField,
  queryXyN2: ArrayLike<number>,
  size: Size,
  columns: number,
  rows: number,
): Relief | null {
  const points = [...stateN.keys()].filter((n) => stateN[n] === STATIC || groundN?.[n] === 1);
  if (points.length === 0) return null;
  const spacing = Math.sqrt((size.width * size.height) / stateN.length);
  const inverseDepth = new Float32Array(rows * columns);
  const sigmaLog = new Float32Array(rows * columns);
  const known = new Uint8Array(rows * columns);
  for (let cell = 0; cell < rows * columns; cell++) {
    const [x, y] = cellCentre({ columns, rows }, size, cell % columns, Math.floor(cell / columns));
    const near = nearest(points, queryXyN2, [x, y], NEIGHBOURS);
    const own = near.map(({ n, distance }) => ({
      value: inverseDepthN[n],
      sigma: sigmaLogN[n],
      weight: 1 / ((distance * distance + spacing * spacing * 0.02) * (0.02 + sigmaLogN[n] ** 2)),
    }));
    const middle = weightedMedian(own);
    inverseDepth[cell] = meanNear(own, middle.value);
    sigmaLog[cell] = middle.sigma;
    known[cell] = near[0].distance < REACH * spacing ? 1 : 0;
  }
  const isKnown = known.some((k) => k === 1);
  return normalisedRelief({
    source: "parallax",
    columns,
    rows,
    inverseDepth,
    sigmaLog,
    ...(isKnown ? { known } : {}),
    ...(focal.isGuess ? {} : { focalPx: focal.px }),
  });
}

interface Near {
  readonly n: number;
  readonly distance: number;
}

/** The `count` of `points` that are nearest to a place, nearest first. */
export function nearest(
  points: readonly number[],
  xyN2: ArrayLike<number>,
  [x, y]: readonly [number, number],
  count: number,
): Near[] {
  const best: Near[] = [];
  for (const n of points) {
    const distance = Math.hypot(xyN2[2 * n] - x, xyN2[2 * n + 1] - y);
    if (best.length === count && distance >= best[count - 1].distance) continue;
    let at = best.length;
    while (at > 0 && best[at - 1].distance > distance) at--;
    best.splice(at, 0, { n, distance });
    if (best.length > count) best.pop();
  }
  return best;
}

/** Inverse depth around point n: the median of the nearest still points but itself, of the points [N,2] videoPx. */
export function depthAround(
  n: number,
  still: readonly number[],
  xyN2: ArrayLike<number>,
  inverseDepthN: ArrayLike<number>,
): number {
  return medianOf(neighbours(n, still, xyN2).map((near) => inverseDepthN[near]));
}

/** The still points nearest to point n, itself left out. */
export function neighbours(n: number, still: readonly number[], xyN2: ArrayLike<number>): number[] {
  const near = nearest(still, xyN2, [xyN2[2 * n], xyN2[2 * n + 1]], SURROUND + 1);
  return near.flatMap((other) => (other.n === n ? [] : [other.n])).slice(0, SURROUND);
}

interface Weighted {
  readonly value: number;
  readonly weight: number;
}

/** Mean in logarithms of those that lie on the same surface as `middle`. */
function meanNear(items: readonly Weighted[], middle: number): number {
  let [sum, total] = [0, 0];
  for (const { value, weight } of items) {
    const offset = Math.log(value / middle);
    if (Math.abs(offset) > EDGE_LOG_DEPTH) continue;
    sum += weight * offset;
    total += weight;
  }
  return middle * Math.exp(sum / total);
}

function weightedMedian<T extends Weighted>(items: readonly T[]): T {
  const sorted = [...items].sort((a, b) => a.value - b.value);
  const half = sorted.reduce((sum, { weight }) => sum + weight, 0) / 2;
  let sum = 0;
  for (const item of sorted) {
    sum += item.weight;
    if (sum >= half) return item;
  }
  return sorted[sorted.length - 1];
}
