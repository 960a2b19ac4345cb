import type { Tracks } from "../../domain/tracks.ts";

/** The past is told in windows of so many frames, all of it. */
const WINDOW_FRAMES = 8;
const MOST_WINDOWS = 10;
/** Tracker noise, px a window, and a part of what points do in the mean: who does less stands, as others do. */
const NOISE_PX = 0.2;
const NOISE_SHARE = 0.02;

/**
 * What two points did together in all of the past: the correlation of their ways over windows of eight
 * frames, −1 to 1, and 1 of two that stood. A body that the camera followed stayed where it was in the
 * picture while the ground went by: what is said of the one then tells little of the other. Never cut at 0,
 * or kriging with it would not be definite. `history`: [T,N,2] videoPx of two frames at least.
 */
export function togetherInPast({
  frameCount,
  pointCount,
  tracksTN2,
}: Tracks): (i: number, j: number) => number {
  const window = Math.min(WINDOW_FRAMES, frameCount - 1);
  const windows = Math.min(MOST_WINDOWS, Math.floor((frameCount - 1) / window));
  const numbers = 2 * windows;
  const velocities = new Float64Array(pointCount * numbers);
  for (let w = 0; w < windows; w++) {
    const end = 2 * pointCount * (frameCount - 1 - w * window);
    const begin = end - 2 * pointCount * window;
    for (let i = 0; i < 2 * pointCount; i++) {
      const o = (i >> 1) * numbers + 2 * w + (i & 1);
      velocities[o] = (tracksTN2[end + i] - tracksTN2[begin + i]) / window;
    }
  }
  const shared = (i: number, j: number) => {
    let sum = 0;
    for (let k = 0; k < numbers; k++)
      sum += velocities[i * numbers + k] * velocities[j * numbers + k];
    return sum / windows;
  };
  const ownN = Float64Array.from({ length: pointCount }, (_, n) => shared(n, n));
  const mean = ownN.reduce((sum, own) => sum + own, 0) / pointCount;
  const noise = (NOISE_PX / window) ** 2 + NOISE_SHARE * mean;
  return (i, j) => (shared(i, j) + noise) / Math.sqrt((ownN[i] + noise) * (ownN[j] + noise));
}
