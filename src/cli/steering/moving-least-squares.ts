import { type Constraints, constrainedPoints } from "../../domain/constraints.ts";
import type { Tracks } from "../../domain/tracks.ts";
import { pathResidual } from "../../engine/completion/residual.ts";

/** Points are pulled, and stay where they were left. */
const PULLED = { moved: 0, release: Number.POSITIVE_INFINITY };

/**
 * Rigid moving least squares (Schaefer, McPhail and Warren, 2006, section 2.3) with weights 1/d²: what
 * an image deformation tool makes of the same pins. `future` gives where the pins' points would have
 * been; every other point is moved from its place at "now" (`xyN2`, videoPx) by the rigid motion that
 * fits the pins best around it. A row of the comparison only.
 */
export function movingLeastSquares(
  future: Tracks,
  constraints: Constraints,
  xyN2: Float32Array,
): Tracks {
  const points = constrainedPoints(constraints);
  const { frameCount, pointCount } = future;
  const paths = points.map((n) => pathResidual(future.tracksTN2, constraints, n, PULLED).ownT2);
  const tracksTN2 = new Float32Array(future.tracksTN2.length);
  for (let t = 0; t < frameCount; t++) {
    const to = points.map((n, p): [number, number] => [
      future.tracksTN2[2 * (t * pointCount + n)] + paths[p][2 * t],
      future.tracksTN2[2 * (t * pointCount + n) + 1] + paths[p][2 * t + 1],
    ]);
    for (let n = 0; n < pointCount; n++) {
      const [x, y] = rigid(xyN2[2 * n], xyN2[2 * n + 1], points, xyN2, to);
      tracksTN2[2 * (t * pointCount + n)] = x;
      tracksTN2[2 * (t * pointCount + n) + 1] = y;
    }
  }
  return { ...future, tracksTN2 };
}

function rigid(
  x: number,
  y: number,
  points: readonly number[],
  xyN2: Float32Array,
  to: readonly (readonly [number, number])[],
): [number, number] {
  let [total, px, py, qx, qy] = [0, 0, 0, 0, 0];
  const weights = points.map((n, p) => {
    const [ax, ay] = [xyN2[2 * n], xyN2[2 * n + 1]];
    const w = 1 / Math.max((ax - x) ** 2 + (ay - y) ** 2, 1e-6);
    total += w;
    px += w * ax;
    py += w * ay;
    qx += w * to[p][0];
    qy += w * to[p][1];
    return w;
  });
  [px, py, qx, qy] = [px / total, py / total, qx / total, qy / total];
  let [cos, sin] = [0, 0];
  points.forEach((n, p) => {
    const [ax, ay] = [xyN2[2 * n] - px, xyN2[2 * n + 1] - py];
    const [bx, by] = [to[p][0] - qx, to[p][1] - qy];
    cos += weights[p] * (ax * bx + ay * by);
    sin += weights[p] * (ax * by - ay * bx);
  });
  const length = Math.hypot(cos, sin);
  [cos, sin] = length > 1e-9 ? [cos / length, sin / length] : [1, 0];
  const [dx, dy] = [x - px, y - py];
  return [qx + cos * dx - sin * dy, qy + sin * dx + cos * dy];
}
