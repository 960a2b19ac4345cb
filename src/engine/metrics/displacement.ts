import type { Tracks } from "../../domain/tracks.ts";

/**
 * Errors of trajectories, videoPx. The mask is the truth's visibility: only positions that are
 * known count. Truth and futures hold the same points; the shorter of both decides how many frames
 * are compared. Where nothing is known the result is NaN.
 */

/** Frames that both hold. */
function commonFrames(a: Tracks, b: Tracks): number {
  return Math.min(a.frameCount, b.frameCount);
}

function distance(a: Tracks, b: Tracks, i: number): number {
  return Math.hypot(
    a.tracksTN2[2 * i] - b.tracksTN2[2 * i],
    a.tracksTN2[2 * i + 1] - b.tracksTN2[2 * i + 1],
  );
}

/** Average displacement error: mean Euclidean distance over all known positions. */
export function ade(future: Tracks, truth: Tracks): number {
  return meanDistance(future, truth, truth.visibilityTN);
}

/** Final displacement error: mean distance at the last frame at which each point is known. */
export function fde(future: Tracks, truth: Tracks): number {
  return meanDistance(future, truth, lastKnown(truth, commonFrames(future, truth)));
}

/** Joint minADE_K: the smallest error of one future over all points at once. */
export function minAde(futures: readonly Tracks[], truth: Tracks): number {
  return Math.min(...futures.map((future) => ade(future, truth)));
}

/** Joint minFDE_K. */
export function minFde(futures: readonly Tracks[], truth: Tracks): number {
  return Math.min(...futures.map((future) => fde(future, truth)));
}

/**
 * VEPE: mean pixel error over visible, finite positions of all videos together (micro-average), as
 * in the TrajLoom benchmark.
 */
export function vepe(pairs: readonly { predicted: Tracks; truth: Tracks }[]): number {
  let sum = 0;
  let count = 0;
  for (const { predicted, truth } of pairs) {
    const size = commonFrames(predicted, truth) * truth.pointCount;
    for (let i = 0; i < size; i++) {
      const d = truth.visibilityTN[i] ? distance(predicted, truth, i) : Number.NaN;
      if (!Number.isFinite(d)) continue;
      sum += d;
      count++;
    }
  }
  return sum / count;
}

/** Mean distance over positions whose mask is not 0. */
export function meanDistance(a: Tracks, b: Tracks, maskTN: Uint8Array): number {
  const size = commonFrames(a, b) * b.pointCount;
  let sum = 0;
  let count = 0;
  for (let i = 0; i < size; i++) {
    if (!maskTN[i]) continue;
    sum += distance(a, b, i);
    count++;
  }
  return sum / count;
}

/** [T,N]: 1 at the last known frame of each point among the first `frameCount`. */
function lastKnown(truth: Tracks, frameCount: number): Uint8Array {
  const { pointCount, visibilityTN } = truth;
  const mask = new Uint8Array(visibilityTN.length);
  for (let n = 0; n < pointCount; n++) {
    for (let t = frameCount - 1; t >= 0; t--) {
      if (!visibilityTN[t * pointCount + n]) continue;
      mask[t * pointCount + n] = 1;
      break;
    }
  }
  return mask;
}
