export type Corner = readonly [x: number, y: number];
export type Corners = readonly [Corner, Corner, Corner, Corner];

/**
 * The homography of the unit square onto four corners, from its upper left clockwise (Heckbert, 1989):
 * a flat card seen in perspective. Corners on one line, which no card can have, give the bilinear map.
 */
export function quadMap([p, q, r, s]: Corners): (
  u: number,
  v: number,
) => readonly [number, number] {
  const [dx1, dy1] = [q[0] - r[0], q[1] - r[1]];
  const [dx2, dy2] = [s[0] - r[0], s[1] - r[1]];
  const [sx, sy] = [p[0] - q[0] + r[0] - s[0], p[1] - q[1] + r[1] - s[1]];
  const determinant = dx1 * dy2 - dx2 * dy1;
  const isFlat = Math.abs(determinant) < 1e-9;
  const g = isFlat ? 0 : (sx * dy2 - dx2 * sy) / determinant;
  const h = isFlat ? 0 : (dx1 * sy - sx * dy1) / determinant;
  return (u, v) => {
    const w = g * u + h * v + 1;
    if (isFlat || !(w > 1e-6)) {
      const mix = (axis: 0 | 1) =>
        (1 - v) * ((1 - u) * p[axis] + u * q[axis]) + v * ((1 - u) * s[axis] + u * r[axis]);
      return [mix(0), mix(1)];
    }
    const along = (axis: 0 | 1) =>
      ((q[axis] - p[axis] + g * q[axis]) * u + (s[axis] - p[axis] + h * s[axis]) * v + p[axis]) / w;
    return [along(0), along(1)];
  };
}
