import type { Tracks } from "../../../domain/tracks.ts";
import { randomStream, STREAM } from "../../random/philox.ts";

/** Least squares of a parabola over fifteen frames, at the middle one (Savitzky and Golay, 1964). */
const SMOOTH = [-78, -13, 42, 87, 122, 147, 162, 167, 162, 147, 122, 87, 42, -13, -78].map(
  (weight) => weight / 1105,
);
const REACH = 7;
const MIN_ROUGH_FRAMES = 6;
/** Residuals beyond so many medians of their point are a tracker's slip, and are cut to that. */
const CUT = 3;
/** The chance at each frame that the past is continued from another place. */
const JUMP = 1 / 8;
/** Frames until a future is as rough as its past: it leaves "now" where it is. */
const EASE_FRAMES = 3;

/**
 * How rough motion is below what the latent holds. The history's tracks minus their smooth part,
 * videoPx, [frame, point, xy] over the frames that have seven neighbours on both sides; 0 where a point
 * is hidden in any of them. Null where the history is too short to tell.
 */
export function pastTexture(history: Tracks): Float32Array | null {
  const { frameCount, pointCount, tracksTN2, visibilityTN } = history;
  const roughFrames = frameCount - 2 * REACH;
  if (roughFrames < MIN_ROUGH_FRAMES) return null;
  const stride = 2 * pointCount;
  const texture = new Float32Array(roughFrames * stride);
  const lengths: number[] = [];
  for (let point = 0; point < pointCount; point++) {
    lengths.length = 0;
    for (let t = 0; t < roughFrames; t++) {
      let seen = true;
      let x = tracksTN2[(t + REACH) * stride + 2 * point];
      let y = tracksTN2[(t + REACH) * stride + 2 * point + 1];
      for (let i = 0; i < SMOOTH.length; i++) {
        const weight = SMOOTH[i];
        seen &&= visibilityTN[(t + i) * pointCount + point] > 0;
        x -= weight * tracksTN2[(t + i) * stride + 2 * point];
        y -= weight * tracksTN2[(t + i) * stride + 2 * point + 1];
      }
      if (!seen) continue;
      texture[t * stride + 2 * point] = x;
      texture[t * stride + 2 * point + 1] = y;
      lengths.push(Math.hypot(x, y));
    }
    cut(texture, point, stride, CUT * median(lengths));
  }
  return texture;
}

/**
 * Makes a future as rough as the past: adds stretches of its texture, mean length eight frames, from
 * places that the seed draws (stationary bootstrap: Politis and Romano, 1994), the same for all points,
 * so that what neighbours share stays shared. Changes `tracksTN2` [frame, point, xy] videoPx in place.
 */
export function addTexture(
  tracksTN2: Float32Array,
  texture: Float32Array,
  pointCount: number,
  seed: number,
): void {
  const stride = 2 * pointCount;
  const roughFrames = texture.length / stride;
  const stream = randomStream(seed, STREAM.texture);
  let from = stream.below(roughFrames);
  for (let t = 0; t < tracksTN2.length / stride; t++) {
    const share = Math.min(1, (t + 1) / EASE_FRAMES);
    const rough = from * stride;
    const at = t * stride;
    for (let i = 0; i < stride; i++) tracksTN2[at + i] += share * texture[rough + i];
    from++;
    if (stream.uniform() < JUMP || from === roughFrames) from = stream.below(roughFrames);
  }
}

function cut(texture: Float32Array, point: number, stride: number, limit: number): void {
  for (let i = 2 * point; i < texture.length; i += stride) {
    const length = Math.hypot(texture[i], texture[i + 1]);
    if (length <= limit) continue;
    texture[i] *= limit / length;
    texture[i + 1] *= limit / length;
  }
}

/** The lower one of two in the middle; 0 of none. */
function median(values: number[]): number {
  if (values.length === 0) return 0;
  return values.sort((a, b) => a - b)[(values.length - 1) >> 1];
}
