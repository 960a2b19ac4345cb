import type { Constraints } from "../../domain/constraints.ts";

/** An end velocity is told by so many steps in a row. */
const FEWEST_FRAMES = 2;
const MOST_FRAMES = 6;
/** What is left of it a frame later. */
const FADE = 0.85;

/**
 * What a path of one point lacks to pass through its constraints: [T,2] px. It grows linearly from 0
 * at "now" and is linear between held frames, the conditional mean of a Brownian path given its values
 * there. After the last one it stays, or goes on with its end velocity, which fades, where several frames
 * in a row tell one. `pathTN2` [T,N,2] videoPx starts one frame after "now".
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
  const isHeld = (t: number) => t >= 0 && weightTN[t * pointCount + point] > 0;
  let span = 0;
  while (span < MOST_FRAMES && isHeld(last - span - 1)) span++;
  const tells = span >= FEWEST_FRAMES;
  let vx = tells ? (fromX - residualT2[2 * (last - span)]) / span : 0;
  let vy = tells ? (fromY - residualT2[2 * (last - span) + 1]) / span : 0;
  for (let u = last + 1; u < frameCount; u++) {
    vx *= FADE;
    vy *= FADE;
    fromX += vx;
    fromY += vy;
    residualT2[2 * u] = fromX;
    residualT2[2 * u + 1] = fromY;
  }
  return residualT2;
}
