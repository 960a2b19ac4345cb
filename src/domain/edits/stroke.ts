import { z } from "zod";
import { editPx } from "./kind.ts";

/** One sample of a drawn path: x, y videoPx, and milliseconds since some moment. */
export type StrokeSample = readonly [x: number, y: number, millis: number];

/** Longest path that an edit keeps: a minute at a thousand samples a second. */
export const MAX_STROKE_SAMPLES = 60_000;

/** (x, y, ms): videoPx, and milliseconds that never fall. */
export const strokeSamples = z
  .array(z.tuple([editPx, editPx, z.number().min(0).max(1e9)]))
  .min(1)
  .max(MAX_STROKE_SAMPLES)
  .refine((samples) => samples.every(([, , ms], i) => i === 0 || ms >= samples[i - 1][2]), {
    message: "the samples of a drag are in the order of time",
  });

/** A drawn path, ready to be asked for positions. */
export interface Stroke {
  readonly length: number;
  /** Position at the share of the time that drawing took, 0…1: as fast and slow as it was drawn. */
  atTime(share: number): readonly [number, number];
  /** Position at the share of the length, 0…1. */
  atLength(share: number): readonly [number, number];
}

/** A hand trembles faster than this; what it means is slower. */
const SMOOTH_MILLIS = 40;

/** The samples in time order, smoothed by a Gaussian over time; the first and last stay where they are. */
export function strokeOf(samples: readonly StrokeSample[]): Stroke {
  const points = smoothed(samples);
  const lengths = [0];
  for (let i = 1; i < points.length; i++) {
    const [dx, dy] = [points[i][0] - points[i - 1][0], points[i][1] - points[i - 1][1]];
    lengths.push(lengths[i - 1] + Math.hypot(dx, dy));
  }
  const times = points.map(([, , millis]) => millis - points[0][2]);
  const length = lengths[lengths.length - 1];
  return {
    length,
    atTime: (share) => positionAt(points, times, share),
    atLength: (share) => positionAt(points, lengths, share),
  };
}

/** Where `along`, which never falls, reaches `share` of its last value. */
function positionAt(
  points: readonly StrokeSample[],
  along: readonly number[],
  share: number,
): readonly [number, number] {
  const wanted = Math.min(1, Math.max(0, share)) * along[along.length - 1];
  let [low, high] = [0, along.length - 1];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (along[middle] <= wanted) low = middle;
    else high = middle;
  }
  const span = along[high] - along[low];
  const part = span > 0 ? (wanted - along[low]) / span : 1;
  const [ax, ay] = points[low];
  const [bx, by] = points[high];
  return [ax + part * (bx - ax), ay + part * (by - ay)];
}

function smoothed(samples: readonly StrokeSample[]): StrokeSample[] {
  const reach = 3 * SMOOTH_MILLIS;
  let first = 0;
  return samples.map(([x, y, millis], i): StrokeSample => {
    if (i === 0 || i === samples.length - 1) return [x, y, millis];
    while (millis - samples[first][2] > reach) first++;
    let [sx, sy, total] = [0, 0, 0];
    for (let k = first; k < samples.length && samples[k][2] - millis <= reach; k++) {
      const w = Math.exp(-0.5 * ((samples[k][2] - millis) / SMOOTH_MILLIS) ** 2);
      sx += w * samples[k][0];
      sy += w * samples[k][1];
      total += w;
    }
    return [sx / total, sy / total, millis];
  });
}

/** At most so many of the samples, evenly chosen; the first and the last stay. */
export function thinnedSamples<T>(samples: readonly T[], most: number): readonly T[] {
  if (samples.length <= most) return samples;
  const step = (samples.length - 1) / (most - 1);
  return Array.from({ length: most }, (_, i) => samples[Math.round(i * step)]);
}
