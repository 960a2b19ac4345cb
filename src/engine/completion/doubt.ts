/** Held points this near to each other, px, speak for one body. */
const BODY_PX = 140;
/** What lies this near to a held point and went with it in the past, px, is taken to be of its body. */
const REACH_PX = 200;
/** Most of what the camera is expected to share that a future draws; the mean is three quarters. */
const MOST = 1.5;
/** Irrational numbers: their multiples fill 0 to 1 evenly, however many are taken. */
const GOLDEN = (Math.sqrt(5) - 1) / 2;
const TURNING = Math.SQRT2;
/** Surroundings go at most this far off the way of what is held, radians, where nothing but one body is held. */
const MOST_TURNED = Math.PI / 2;

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

/** What of a shift a future takes to its surroundings: along its way, and across it (x to y). */
export interface DrawnShare {
  readonly along: number;
  readonly across: number;
}

/**
 * How much of what the camera is expected to share a future takes to its surroundings, 0 to 1.5, and which way:
 * one of several futures moves the scene with what is said of a body, another beside it, another leaves it.
 * A lone point is no body and turns nothing. Hangs on nothing but the seed, the `doubt` and how many are held.
 */
export function drawnShare(seed: number, doubt: number, heldCount: number): DrawnShare {
  const share = MOST * ((Math.abs(seed) * GOLDEN) % 1);
  const most = doubt * (1 - 1 / heldCount) * MOST_TURNED;
  const turned = most * (2 * ((Math.abs(seed) * TURNING) % 1) - 1);
  return { along: share * Math.cos(turned), across: share * Math.sin(turned) };
}

function nearness(xyN2: ArrayLike<number>, i: number, j: number, reachPx: number): number {
  const d2 = (xyN2[2 * i] - xyN2[2 * j]) ** 2 + (xyN2[2 * i + 1] - xyN2[2 * j + 1]) ** 2;
  return Math.exp(-d2 / (2 * reachPx * reachPx));
}
