import type { Constraints } from "../../domain/constraints.ts";

/** An end velocity is told by so many steps in a row. */
const FEWEST_FRAMES = 2;
const MOST_FRAMES = 6;
/** What is left a frame later of an end velocity that nothing bears out. */
const FADE = 0.85;
/** Frames in which an end velocity that the whole way bears out falls to 1/e. */
const GLIDE_FRAMES = 36;
/** Frames in which what the camera had to do with it falls to 1/e once nothing is held any more. */
const CAMERA_FRAMES = 64;

/** What a path of one point lacks to pass through its constraints, by two views of what comes after them. */
export interface PathResidual {
  /** [T,2] px: the point's own. */
  readonly ownT2: Float64Array;
  /** [T,2] px: what of it may be the camera's. The same array where nothing comes after the last held frame. */
  readonly cameraT2: Float64Array;
}

/**
 * It grows linearly from 0 at "now" and is linear between held frames, the conditional mean of a Brownian
 * path given its values there. After the last one it stays, or goes on with its end velocity where several
 * frames in a row tell one: for long as far as the mean velocity since "now" bears it out and the point
 * `moved` of late (1; 0: it stood, and was only pulled), else for a moment. What the camera may have had to
 * do with it fades from `release` on, the last frame in which any point is held: the future's own camera
 * takes over. `pathTN2` [T,N,2] videoPx starts one frame after "now".
 */
export function pathResidual(
  pathTN2: Float32Array,
  { positionsTN2, weightTN, frameCount, pointCount }: Constraints,
  point: number,
  { moved, release }: { readonly moved: number; readonly release: number },
): PathResidual {
  const ownT2 = new Float64Array(2 * frameCount);
  let last = -1;
  let [fromX, fromY] = [0, 0];
  for (let t = 0; t < frameCount; t++) {
    const i = t * pointCount + point;
    if (!(weightTN[i] > 0)) continue;
    const toX = positionsTN2[2 * i] - pathTN2[2 * i];
    const toY = positionsTN2[2 * i + 1] - pathTN2[2 * i + 1];
    for (let u = last + 1; u <= t; u++) {
      const part = (u - last) / (t - last);
      ownT2[2 * u] = fromX + part * (toX - fromX);
      ownT2[2 * u + 1] = fromY + part * (toY - fromY);
    }
    [last, fromX, fromY] = [t, toX, toY];
  }
  if (last < 0 || last + 1 === frameCount) return { ownT2, cameraT2: ownT2 };
  const isHeld = (t: number) => t >= 0 && weightTN[t * pointCount + point] > 0;
  let span = 0;
  while (span < MOST_FRAMES && isHeld(last - span - 1)) span++;
  const tells = span >= FEWEST_FRAMES;
  const vx = tells ? (fromX - ownT2[2 * (last - span)]) / span : 0;
  const vy = tells ? (fromY - ownT2[2 * (last - span) + 1]) / span : 0;
  const [meanX, meanY] = [fromX / (last + 1), fromY / (last + 1)];
  const borneOut = (vx * meanX + vy * meanY) / (meanX * meanX + meanY * meanY || 1);
  const glides = moved * Math.min(Math.max(borneOut, 0), 1);
  const cameraT2 = ownT2.slice();
  for (let u = last + 1; u < frameCount; u++) {
    const after = u - last;
    const long = glides * GLIDE_FRAMES * (1 - Math.exp(-after / GLIDE_FRAMES));
    const short = (FADE * (1 - FADE ** after)) / (1 - FADE);
    const left = Math.exp(-Math.max(0, u - release) / CAMERA_FRAMES);
    ownT2[2 * u] = fromX + short * (vx - glides * meanX) + long * meanX;
    ownT2[2 * u + 1] = fromY + short * (vy - glides * meanY) + long * meanY;
    cameraT2[2 * u] = left * fromX;
    cameraT2[2 * u + 1] = left * fromY;
  }
  return { ownT2, cameraT2 };
}
