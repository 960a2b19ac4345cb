/** Held points this near to each other, px, speak for one body. */
const BODY_PX = 140;
/** What lies this near to a held point and went with it in the past, px, is taken to be of its body. */
const REACH_PX = 200;
/** Most of what the camera is expected to share that a future draws; the mean is three quarters. */
const MOST = 1.5;
/** The golden section: its multiples fill 0 to 1 evenly, however many are taken. */
const GOLDEN = (Math.sqrt(5) - 1) / 2;

/**
 * How little held points tell of the camera, 0 to 1: nearly 1 where all are on one body, which may have gone
 * its own way, and less the more of the picture they are spread over. `xyN2`: [N,2] videoPx at "now".
 */
export function doubtOf(points: readonly number[], xyN2: ArrayLike<number>): number {
  let close = 0;
  for (const i of points) for (const j of points) close += nearness(xyN2, i, j, BODY_PX);
  return points.length > 0 ? (close / points.length ** 2) ** 3 : 0;
}

/**
 * How far point n may go otherwise than the body of held point p: 0 on that body, `doubt` far from it.
 * `together`: −1 to 1, what the two did in the past.
 */
export function apartness(
  doubt: number,
  xyN2: ArrayLike<number>,
  together: (n: number, p: number) => number,
): (n: number, p: number) => number {
  return (n, p) => doubt * (1 - nearness(xyN2, n, p, REACH_PX) * Math.max(0, together(n, p)));
}

/**
 * How much of what the camera is expected to share a future takes to its surroundings, 0 to 1.5: one of
 * several futures moves the scene with what is said of a body, another leaves it. Hangs on the seed alone.
 */
export function drawnShare(seed: number): number {
  return MOST * ((Math.abs(seed) * GOLDEN) % 1);
}

function nearness(xyN2: ArrayLike<number>, i: number, j: number, reachPx: number): number {
  const d2 = (xyN2[2 * i] - xyN2[2 * j]) ** 2 + (xyN2[2 * i + 1] - xyN2[2 * j + 1]) ** 2;
  return Math.exp(-d2 / (2 * reachPx * reachPx));
}
