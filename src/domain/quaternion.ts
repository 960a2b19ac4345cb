/** A unit quaternion (w,x,y,z). */
export type Quaternion = readonly [number, number, number, number];

/** Of a rotation, row-major [9]; w is not below 0. By the largest of the four (Shepperd 1978). */
export function quaternionOfRotation(r: ArrayLike<number>): Quaternion {
  const squares = [
    1 + r[0] + r[4] + r[8],
    1 + r[0] - r[4] - r[8],
    1 - r[0] + r[4] - r[8],
    1 - r[0] - r[4] + r[8],
  ];
  const at = squares.indexOf(Math.max(...squares));
  const s = 2 * Math.sqrt(Math.max(0, squares[at]));
  const all = [
    [s / 4, (r[7] - r[5]) / s, (r[2] - r[6]) / s, (r[3] - r[1]) / s],
    [(r[7] - r[5]) / s, s / 4, (r[1] + r[3]) / s, (r[2] + r[6]) / s],
    [(r[2] - r[6]) / s, (r[1] + r[3]) / s, s / 4, (r[5] + r[7]) / s],
    [(r[3] - r[1]) / s, (r[2] + r[6]) / s, (r[5] + r[7]) / s, s / 4],
  ][at];
  const scale = (all[0] < 0 ? -1 : 1) / Math.hypot(...all);
  return [scale * all[0], scale * all[1], scale * all[2], scale * all[3]];
}

/** Row-major [9]. */
export function rotationOfQuaternion([w, x, y, z]: ArrayLike<number> & Iterable<number>) {
  return Float64Array.of(
    1 - 2 * (y * y + z * z),
    2 * (x * y - w * z),
    2 * (x * z + w * y),
    2 * (x * y + w * z),
    1 - 2 * (x * x + z * z),
    2 * (y * z - w * x),
    2 * (x * z - w * y),
    2 * (y * z + w * x),
    1 - 2 * (x * x + y * y),
  );
}

/** From `a` to `b` the shorter way at an even pace (slerp). */
export function quaternionBetween(a: Quaternion, b: Quaternion, part: number): Quaternion {
  const dot = a[0] * b[0] + a[1] * b[1] + a[2] * b[2] + a[3] * b[3];
  const sign = dot < 0 ? -1 : 1;
  const angle = Math.acos(Math.min(1, Math.abs(dot)));
  const isSmall = angle < 1e-6;
  const p = isSmall ? 1 - part : Math.sin((1 - part) * angle) / Math.sin(angle);
  const q = sign * (isSmall ? part : Math.sin(part * angle) / Math.sin(angle));
  const mixed = [0, 1, 2, 3].map((i) => p * a[i] + q * b[i]);
  const length = Math.hypot(...mixed);
  return [mixed[0] / length, mixed[1] / length, mixed[2] / length, mixed[3] / length];
}
