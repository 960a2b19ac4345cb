import type { Constraints } from "../../domain/constraints.ts";

/**
 * What a path of one point lacks to pass through its constraints: [T,2] px. It grows linearly from 0
 * at "now", is linear between held frames and stays after the last: the conditional mean of a
 * Brownian path given its values there. `pathTN2` [T,N,2] videoPx starts one frame after "now".
 */
export function pathResidual(
  pathTN2: Float32Array,
  { positionsTN2, weightTN, frameCount, pointCount }: Constraints,
  point: number,
): Float64Array {
  const residualT2 = new Float64Array(2 * frameCount);
  let last = -1;
  let [fromX, fromY] = [0, 0];
  for (let t = 0; t < frameCount; t++) {
    const i = t * pointCount + point;
    if (!(weightTN[i] > 0)) continue;
    const toX = positionsTN2[2 * i] - pathTN2[2 * i];
    const toY = positionsTN2[2 * i + 1] - pathTN2[2 * i + 1];
    for (let u = last + 1; u <= t; u++) {
      const part = (u - last) / (t - last);
      residualT2[2 * u] = fromX + part * (toX - fromX);
      residualT2[2 * u + 1] = fromY + part * (toY - fromY);
    }
    [last, fromX, fromY] = [t, toX, toY];
  }
  for (let u = last + 1; u < frameCount; u++) {
    residualT2[2 * u] = fromX;
    residualT2[2 * u + 1] = fromY;
  }
  return residualT2;
}
