import type { NpyArray } from "../../containers/npy.ts";
import type { LoadedArrays, TrackAxes } from "./types.ts";
import { possibleAxes, viewTracks } from "./view.ts";

/** Points move little from frame to frame, and neighbours in a list of points lie far apart. */
export function proposeAxes(
  arrays: LoadedArrays["arrays"],
  array: NpyArray,
  reasons: string[],
): TrackAxes {
  const possible = possibleAxes(array.shape);
  if (possible.length === 1) return possible[0];
  const [timeFirst, pointFirst] = possible;
  for (const [name, other] of arrays) {
    if (!isQueries(other) || other === array) continue;
    const count = other.shape[other.shape.length - 2];
    const fits = possible.filter((axes) => viewTracks(array, axes).pointCount === count);
    if (fits.length === 1) {
      reasons.push(`${fits[0]}: “${name}” has one row for each of ${count} points.`);
      return fits[0];
    }
  }
  const inTime = meanStep(array, timeFirst);
  const otherwise = meanStep(array, pointFirst);
  const best = inTime <= otherwise ? timeFirst : pointFirst;
  const steps = [inTime, otherwise].sort((a, b) => a - b).map((v) => v.toPrecision(3));
  reasons.push(`${best}: points then move ${steps[0]} a frame, otherwise ${steps[1]}.`);
  return best;
}

function meanStep(array: NpyArray, axes: TrackAxes): number {
  const view = viewTracks(array, axes);
  const tStep = Math.max(1, Math.floor(view.frameCount / 64));
  const nStep = Math.max(1, Math.floor(view.pointCount / 64));
  let sum = 0;
  let count = 0;
  for (let t = 0; t + 1 < view.frameCount; t += tStep) {
    for (let n = 0; n < view.pointCount; n += nStep) {
      const dx = array.data[view.index(t + 1, n, 0)] - array.data[view.index(t, n, 0)];
      const dy = array.data[view.index(t + 1, n, 1)] - array.data[view.index(t, n, 1)];
      const step = Math.hypot(dx, dy);
      if (!Number.isFinite(step)) continue;
      sum += step;
      count++;
    }
  }
  return count === 0 ? Number.MAX_VALUE : sum / count;
}

/** Whether an array could hold one query a point. */
export function isQueries(array: NpyArray | undefined): boolean {
  const shape = array?.shape.filter((n, i, all) => !(i === 0 && n === 1 && all.length === 3)) ?? [];
  return shape.length === 2 && (shape[1] === 2 || shape[1] === 3);
}
