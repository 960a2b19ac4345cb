/** Cubic Bézier of time to progress, (x1,y1,x2,y2) as in CSS. */
export type Ease = readonly [number, number, number, number];

export const EASES = {
  linear: [0, 0, 1, 1],
  ease: [0.333, 0, 0.667, 1],
  "ease in": [0.42, 0, 1, 1],
  "ease out": [0, 0, 0.58, 1],
} as const satisfies Record<string, Ease>;

const NEWTON_STEPS = 4;
const BISECTIONS = 24;

const bezier = (p: number, a: number, b: number) =>
  3 * (1 - p) * (1 - p) * p * a + 3 * (1 - p) * p * p * b + p * p * p;

const slope = (p: number, a: number, b: number) =>
  3 * (1 - p) * (1 - p) * a + 6 * (1 - p) * p * (b - a) + 3 * p * p * (1 - b);

/** Progress at the share `u` of the time, both 0…1. Newton's method first, then bisection. */
export function easedProgress([x1, y1, x2, y2]: Ease, u: number): number {
  if (u <= 0 || u >= 1 || (x1 === y1 && x2 === y2)) return Math.min(1, Math.max(0, u));
  let p = u;
  for (let step = 0; step < NEWTON_STEPS; step++) {
    const rate = slope(p, x1, x2);
    if (Math.abs(rate) < 1e-6) break;
    p -= (bezier(p, x1, x2) - u) / rate;
  }
  if (!(p >= 0 && p <= 1 && Math.abs(bezier(p, x1, x2) - u) < 1e-6)) {
    let [low, high] = [0, 1];
    for (let i = 0; i < BISECTIONS; i++) {
      p = (low + high) / 2;
      if (bezier(p, x1, x2) < u) low = p;
      else high = p;
    }
  }
  return bezier(p, y1, y2);
}
