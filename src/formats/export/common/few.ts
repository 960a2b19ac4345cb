import { editPaths } from "../../../domain/edits.ts";
import { FormatError } from "../../../domain/errors.ts";
import type { Forecast } from "../../../domain/forecast.ts";
import type { Tracks } from "../../../domain/tracks.ts";
import { WORKING_SIZE } from "./place.ts";

/**
 * Columns of `most` tracks, ascending: those whose points edits hold first, then whichever point lies
 * farthest from all that are kept (Gonzalez, 1985), by where they are in the first frame. `pointIds`:
 * [N] of the forecast. All where there are no more.
 * @throws FormatError for a number that is none.
 */
export function fewTracks(
  { tracksTN2, pointCount }: Tracks,
  pointIds: Int32Array,
  most: number,
  forecast: Forecast,
): number[] {
  if (!Number.isInteger(most) || most < 1) {
    throw new FormatError(`${most} is no number of tracks`, "Give a whole number from 1 on.");
  }
  const all = Array.from({ length: pointCount }, (_, n) => n);
  if (pointCount <= most) return all;
  const edited = editedPoints(forecast);
  const first = all.filter((n) => edited.has(pointIds[n]));
  const kept = farthest(tracksTN2, first, [], most);
  const rest = all.filter((n) => !edited.has(pointIds[n]));
  return [...kept, ...farthest(tracksTN2, rest, kept, most - kept.length)].sort((a, b) => a - b);
}

/** Points that edits which are on hold anywhere. */
function editedPoints({ edits = [], queryXyN2: startN2, futures }: Forecast): ReadonlySet<number> {
  const frameCount = futures[0]?.tracks.frameCount ?? 1;
  const scene = { startN2, frameCount, frame: WORKING_SIZE };
  const held = edits.filter(({ on }) => on).flatMap((edit) => editPaths(edit, scene));
  return new Set(held.map(({ point }) => point));
}

/** `count` of the candidates, each as far as can be from those before it and from `kept`. */
function farthest(
  xyN2: Float32Array,
  candidates: readonly number[],
  kept: readonly number[],
  count: number,
): number[] {
  const away = (a: number, b: number) =>
    Math.hypot(xyN2[2 * a] - xyN2[2 * b], xyN2[2 * a + 1] - xyN2[2 * b + 1]);
  const nearest = candidates.map((n) => Math.min(...kept.map((k) => away(n, k))));
  const chosen: number[] = [];
  while (chosen.length < Math.min(count, candidates.length)) {
    let best = 0;
    for (let i = 1; i < candidates.length; i++) if (nearest[i] > nearest[best]) best = i;
    const next = candidates[best];
    chosen.push(next);
    candidates.forEach((n, i) => {
      nearest[i] = n === next ? -1 : Math.min(nearest[i], away(n, next));
    });
  }
  return chosen;
}
