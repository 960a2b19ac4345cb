import type { Future } from "../../domain/forecast.ts";

/** Seeds of the futures that tell what goes together: the same ones whichever futures are asked for. */
export const REFERENCE_SEEDS: readonly number[] = [1, 2, 3, 4, 5, 6, 7, 8];
/** Moments of the horizon at which futures are held against their mean. */
const MOMENTS = 10;
/** Points whose futures differ by this much, px, count half as ones that tell: what differs by less is noise. */
const TELLS_PX = 8;
/** Fewer futures than this tell no covariance. */
const FEWEST = 4;

/**
 * What a model's own futures of one history do together: the covariance of two points' ways, px², the mean
 * over futures and moments of how far both are from where the futures have them on average. It is to the
 * kriging what an ensemble is to a Kalman filter (Evensen 1994): the model knows which bodies the camera
 * follows and what is carried by what. `futures`: of one horizon, none of them held anywhere. Null where
 * they are too few to tell.
 */
export function togetherInFutures(
  futures: readonly Future[],
): ((i: number, j: number) => number) | null {
  if (futures.length < FEWEST) return null;
  const { frameCount, pointCount } = futures[0].tracks;
  const length = futures.length * MOMENTS * 2;
  const away = new Float64Array(pointCount * length);
  for (let m = 0; m < MOMENTS; m++) {
    const start = 2 * pointCount * Math.floor(((m + 0.5) * frameCount) / MOMENTS);
    const meanN2 = new Float64Array(2 * pointCount);
    for (const { tracks } of futures)
      for (let i = 0; i < meanN2.length; i++)
        meanN2[i] += tracks.tracksTN2[start + i] / futures.length;
    for (const [k, { tracks }] of futures.entries())
      for (let i = 0; i < meanN2.length; i++) {
        const o = (i >> 1) * length + 2 * (k * MOMENTS + m) + (i & 1);
        away[o] = tracks.tracksTN2[start + i] - meanN2[i];
      }
  }
  const shared = (i: number, j: number) => {
    let sum = 0;
    for (let k = 0; k < length; k++) sum += away[i * length + k] * away[j * length + k];
    return sum / ((futures.length - 1) * MOMENTS);
  };
  const tellsN = Float64Array.from({ length: pointCount }, (_, n) => {
    const own = shared(n, n);
    return own / (own + TELLS_PX * TELLS_PX);
  });
  return (i, j) => shared(i, j) * tellsN[i] * tellsN[j];
}
