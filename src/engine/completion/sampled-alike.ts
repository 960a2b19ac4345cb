import type { Tracks } from "../../domain/tracks.ts";

/** Moments of the future at which displacements are compared. */
const SHARES = [0.2, 0.5, 1];
/** Displacements that differ by less are the same, px. */
const SAME_PX = 1;
/** Most of what two points share that they lose where the future takes them apart. */
const MOST = 0.5;
/** One held point stands for all that may follow; with so many more, the future's own parting counts in full. */
const MANY = 15;

/**
 * How alike a sampled future moves two points, 1 where it moves them by the same: what the network takes
 * to be one thing. The more points are held, the more of it counts: few have to speak for what they are
 * apart from, too. `nowN2`: [N,2] videoPx at "now".
 */
export function alikeInFuture(
  { frameCount, pointCount, tracksTN2 }: Tracks,
  nowN2: Float32Array,
  heldCount: number,
): (i: number, j: number) => number {
  const weight = MOST * Math.min(1, (heldCount - 1) / MANY);
  if (!(weight > 0)) return () => 1;
  const moments = SHARES.map((share) => {
    const start = 2 * pointCount * Math.max(0, Math.round(share * frameCount) - 1);
    const movedN2 = Float64Array.from(nowN2, (v, i) => tracksTN2[start + i] - v);
    let sum = 0;
    for (let n = 0; n < pointCount; n++) sum += Math.hypot(movedN2[2 * n], movedN2[2 * n + 1]);
    return { movedN2, scalePx: sum / pointCount + SAME_PX };
  });
  return (i, j) => {
    let apart = 0;
    for (const { movedN2, scalePx } of moments) {
      const dx = movedN2[2 * i] - movedN2[2 * j];
      const dy = movedN2[2 * i + 1] - movedN2[2 * j + 1];
      apart += (dx * dx + dy * dy) / (scalePx * scalePx * moments.length);
    }
    return 1 - weight + weight * Math.exp(-apart / 2);
  };
}
