import { type Constraints, constrainedPoints } from "../../../domain/constraints.ts";
import type { CameraPathT6 } from "../../../domain/forecast.ts";

/** A camera that folds the picture has no inverse: its determinant is kept this far from 0. */
const MIN_DETERMINANT = 0.05;

/**
 * Bends the paths of constrained points in place so that they pass through their positions, or by
 * their weight's share towards them. `pathTN2` starts one frame after "now", where the points were at
 * `startN2`. The correction grows linearly from 0 at "now", is linear between constrained frames and
 * stays after the last: the conditional mean of a Brownian path given its values there.
 */
export function bendThrough(
  pathTN2: Float32Array,
  startN2: Float32Array,
  constraints: Constraints,
): void {
  const { positionsTN2, weightTN } = constraints;
  const n = startN2.length / 2;
  const frameCount = pathTN2.length / startN2.length;
  for (const point of constrainedPoints(constraints)) {
    let last = -1;
    let from: [number, number] = [0, 0];
    const add = (t: number, x: number, y: number) => {
      pathTN2[2 * (t * n + point)] += x;
      pathTN2[2 * (t * n + point) + 1] += y;
    };
    for (let t = 0; t < frameCount; t++) {
      const i = t * n + point;
      const weight = weightTN[i];
      if (!(weight > 0)) continue;
      const to: [number, number] = [
        weight * (positionsTN2[2 * i] - pathTN2[2 * i]),
        weight * (positionsTN2[2 * i + 1] - pathTN2[2 * i + 1]),
      ];
      for (let u = last + 1; u <= t; u++) {
        const part = (u - last) / (t - last);
        add(u, from[0] + part * (to[0] - from[0]), from[1] + part * (to[1] - from[1]));
      }
      [last, from] = [t, to];
    }
    for (let u = last + 1; u < frameCount; u++) add(u, from[0], from[1]);
  }
}

/** The same constraints seen by a camera that stands still: the inverse of its path by frame. */
export function stabilised(constraints: Constraints, cameraPathT6: CameraPathT6): Constraints {
  const { positionsTN2, weightTN, pointCount } = constraints;
  const stillTN2 = new Float32Array(positionsTN2.length);
  for (let i = 0; i < weightTN.length; i++) {
    if (!(weightTN[i] > 0)) continue;
    const o = 6 * Math.floor(i / pointCount);
    const [a, b, c, d, e, f] = cameraPathT6.subarray(o, o + 6);
    const exact = a * e - b * d;
    const determinant = Math.abs(exact) < MIN_DETERMINANT ? MIN_DETERMINANT : exact;
    const x = positionsTN2[2 * i] - c;
    const y = positionsTN2[2 * i + 1] - f;
    stillTN2[2 * i] = (e * x - b * y) / determinant;
    stillTN2[2 * i + 1] = (a * y - d * x) / determinant;
  }
  return { ...constraints, positionsTN2: stillTN2 };
}
