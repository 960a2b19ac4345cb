/** [x0, y0, x1, y1] videoPx, in any order of corners. */
export type Box = readonly [number, number, number, number];
/** A place of the source and where it comes to lie: x, y, x', y'. */
export type Pair = readonly [number, number, number, number];

/** How a motion's picture is laid onto another: affine, [a,b,c,d,e,f] as in `CameraPathT6`. */
export type Placing = readonly [number, number, number, number, number, number];

export const IN_PLACE: Placing = [1, 0, 0, 0, 1, 0];

/** Below this a box or a cloud of points has no width to be stretched by, px. */
const LEAST_PX = 1;

/** Box to box: each axis by itself. */
export function boxToBox(from: Box, to: Box): Placing {
  const [ax, ay, aw, ah] = corner(from);
  const [bx, by, bw, bh] = corner(to);
  const [sx, sy] = [bw / aw, bh / ah];
  return [sx, 0, bx - sx * ax, 0, sy, by - sy * ay];
}

function corner([x0, y0, x1, y1]: Box): [number, number, number, number] {
  const [width, height] = [Math.abs(x1 - x0), Math.abs(y1 - y0)];
  return [
    Math.min(x0, x1),
    Math.min(y0, y1),
    Math.max(width, LEAST_PX),
    Math.max(height, LEAST_PX),
  ];
}

/** Mask to mask: centre onto centre, principal axes onto principal axes; never mirrored. */
export function maskToMask(
  from: readonly (readonly [number, number])[],
  to: readonly (readonly [number, number])[],
): Placing {
  if (from.length === 0 || to.length === 0) return IN_PLACE;
  const [a, b] = [axesOf(from), axesOf(to)];
  // Axes have no direction: of the two turns, the smaller.
  let turn = b.angle - a.angle;
  turn -= Math.PI * Math.round(turn / Math.PI);
  const [major, minor] = [b.major / a.major, b.minor / a.minor];
  const [ca, sa] = [Math.cos(a.angle), Math.sin(a.angle)];
  const [cb, sb] = [Math.cos(a.angle + turn), Math.sin(a.angle + turn)];
  const xx = major * cb * ca + minor * sb * sa;
  const xy = major * cb * sa - minor * sb * ca;
  const yx = major * sb * ca - minor * cb * sa;
  const yy = major * sb * sa + minor * cb * ca;
  return [xx, xy, b.x - xx * a.x - xy * a.y, yx, yy, b.y - yx * a.x - yy * a.y];
}

/** Centre, direction of the widest spread, and the deviations along it and across, px. */
function axesOf(points: readonly (readonly [number, number])[]) {
  const n = points.length;
  const x = points.reduce((sum, [px]) => sum + px, 0) / n;
  const y = points.reduce((sum, [, py]) => sum + py, 0) / n;
  let [xx, xy, yy] = [0, 0, 0];
  for (const [px, py] of points) {
    xx += (px - x) ** 2 / n;
    xy += ((px - x) * (py - y)) / n;
    yy += (py - y) ** 2 / n;
  }
  const spread = Math.hypot((xx - yy) / 2, xy);
  const middle = (xx + yy) / 2;
  const deviation = (variance: number) => Math.max(LEAST_PX, Math.sqrt(Math.max(0, variance)));
  return {
    x,
    y,
    angle: Math.atan2(2 * xy, xx - yy) / 2,
    major: deviation(middle + spread),
    minor: deviation(middle - spread),
  };
}

/**
 * Matched points: moved by one pair; turned and scaled by two; the affine map of least squares by three
 * and more (exact for three).
 */
export function byPairs(pairs: readonly Pair[]): Placing {
  if (pairs.length === 0) return IN_PLACE;
  const [[ax, ay, bx, by]] = pairs;
  if (pairs.length === 1) return [1, 0, bx - ax, 0, 1, by - ay];
  const n = pairs.length;
  const mean = [0, 1, 2, 3].map((k) => pairs.reduce((sum, pair) => sum + pair[k], 0) / n);
  const rows = pairs.map((pair) => pair.map((v, k) => v - mean[k]));
  const linear = pairs.length === 2 ? similarity(rows) : (affine(rows) ?? similarity(rows));
  const [a, b, d, e] = linear;
  const [mx, my, nx, ny] = mean;
  return [a, b, nx - a * mx - b * my, d, e, ny - d * mx - e * my];
}

function similarity(rows: readonly number[][]): [number, number, number, number] {
  let [length2, along, across] = [0, 0, 0];
  for (const [x, y, u, v] of rows) {
    length2 += x * x + y * y;
    along += x * u + y * v;
    across += x * v - y * u;
  }
  if (length2 < LEAST_PX) return [1, 0, 0, 1];
  const [c, s] = [along / length2, across / length2];
  return [c, -s, s, c];
}

/** Null where the points lie on one line. */
function affine(rows: readonly number[][]): [number, number, number, number] | null {
  let [xx, xy, yy, xu, yu, xv, yv] = [0, 0, 0, 0, 0, 0, 0];
  for (const [x, y, u, v] of rows) {
    xx += x * x;
    xy += x * y;
    yy += y * y;
    xu += x * u;
    yu += y * u;
    xv += x * v;
    yv += y * v;
  }
  const determinant = xx * yy - xy * xy;
  if (determinant < 1e-6 * (xx + yy) ** 2) return null;
  return [
    (yy * xu - xy * yu) / determinant,
    (xx * yu - xy * xu) / determinant,
    (yy * xv - xy * yv) / determinant,
    (xx * yv - xy * xv) / determinant,
  ];
}

/** Where a map takes a place. */
export function placed(
  [a, b, c, d, e, f]: readonly number[],
  x: number,
  y: number,
): [number, number] {
  return [a * x + b * y + c, d * x + e * y + f];
}

/** The inverse map; null for one that collapses the picture. */
export function inverted([a, b, c, d, e, f]: readonly number[]): Placing | null {
  const determinant = a * e - b * d;
  if (!(Math.abs(determinant) > 1e-9)) return null;
  return [
    e / determinant,
    -b / determinant,
    (b * f - c * e) / determinant,
    -d / determinant,
    a / determinant,
    (c * d - a * f) / determinant,
  ];
}

/** The points that lie in a box. */
export function pointsIn(box: Box, startN2: Float32Array): number[] {
  const [x0, x1] = [Math.min(box[0], box[2]), Math.max(box[0], box[2])];
  const [y0, y1] = [Math.min(box[1], box[3]), Math.max(box[1], box[3])];
  return Array.from({ length: startN2.length / 2 }, (_, n) => n).filter((n) => {
    const [x, y] = [startN2[2 * n], startN2[2 * n + 1]];
    return x >= x0 && x <= x1 && y >= y0 && y <= y1;
  });
}
