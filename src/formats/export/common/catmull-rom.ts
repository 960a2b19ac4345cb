export interface Xy {
  readonly x: number;
  readonly y: number;
}

/**
 * Uniform Catmull-Rom spline through `points`, whose ends count twice (Catmull and Rom 1974, tension 0.5), at
 * `share` of its time, 0 to 1: each stretch between two points takes the same time.
 */
export function catmullRom(points: readonly Xy[], share: number): Xy {
  const stretches = points.length - 1;
  if (stretches === 0) return points[0];
  const k = Math.min(Math.floor(share * stretches), stretches - 1);
  const u = share * stretches - k;
  const [before, from, to, after] = [
    points[Math.max(0, k - 1)],
    points[k],
    points[k + 1],
    points[Math.min(stretches, k + 2)],
  ];
  const along = (a: number, b: number, c: number, d: number) =>
    b + 0.5 * u * (c - a + u * (2 * a - 5 * b + 4 * c - d + u * (3 * (b - c) + d - a)));
  return {
    x: along(before.x, from.x, to.x, after.x),
    y: along(before.y, from.y, to.y, after.y),
  };
}
