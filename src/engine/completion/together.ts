import type { Size } from "../../domain/clip.ts";
import type { Tracks } from "../../domain/tracks.ts";
import { affineAt } from "../scenario/affine.ts";
import { CAMERA_SHARES, SPANS, spanMotion } from "../scenario/scenario.ts";

/** Velocities of a scenario ensemble: one a span and camera share. */
const KINDS = SPANS.length * CAMERA_SHARES.length;
/** Two numbers a kind, and of their mean. */
const NUMBERS = 2 * KINDS + 2;
/** How much of what scenarios do is their mean, for all the decays that they are drawn with. */
const MEAN_SHARE = 0.55;
/** Tracker noise, px a frame, and a part of what points do in the mean: who does less stands, as others do. */
const NOISE_PX = 0.05;
const NOISE_SHARE = 0.02;

/**
 * What the futures that are drawn without learning (scenario.ts) do together: the correlation of two points'
 * ways over all scenarios of a history, −1 to 1, and 1 of two that stand. Never cut at 0, or kriging with it
 * would not be definite. It hangs on the past alone: one future does not hang on which others there are.
 * `history`: [T,N,2] videoPx, its last frame is "now".
 */
export function togetherInScenarios(history: Tracks, size: Size): (i: number, j: number) => number {
  const { frameCount, pointCount, tracksTN2 } = history;
  const xyN2 = tracksTN2.subarray(2 * pointCount * (frameCount - 1));
  const values = new Float64Array(pointCount * NUMBERS);
  for (const [s, span] of SPANS.entries()) {
    const { camera, residualN2 } = spanMotion(history, span, size);
    for (let n = 0; n < pointCount; n++) {
      const field = affineAt(camera, xyN2[2 * n], xyN2[2 * n + 1]);
      for (const [c, cameraShare] of CAMERA_SHARES.entries()) {
        for (const axis of [0, 1]) {
          const velocity = field[axis] + (1 - cameraShare) * residualN2[2 * n + axis];
          values[n * NUMBERS + 2 * (s * CAMERA_SHARES.length + c) + axis] = velocity;
          values[n * NUMBERS + 2 * KINDS + axis] += velocity / KINDS;
        }
      }
    }
  }
  const shared = (i: number, j: number) => {
    const [a, b] = [i * NUMBERS, j * NUMBERS];
    let sum = 0;
    for (let k = 0; k < 2 * KINDS; k++) sum += values[a + k] * values[b + k];
    let ofMeans = 0;
    for (let k = 2 * KINDS; k < NUMBERS; k++) ofMeans += values[a + k] * values[b + k];
    return sum / KINDS - MEAN_SHARE * ofMeans;
  };
  const ownN = Float64Array.from({ length: pointCount }, (_, n) => shared(n, n));
  const mean = ownN.reduce((sum, own) => sum + own, 0) / pointCount;
  const noise = NOISE_PX ** 2 + NOISE_SHARE * mean;
  return (i, j) => {
    const both = Math.sqrt((ownN[i] + noise) * (ownN[j] + noise));
    return (shared(i, j) + noise) / both;
  };
}
