import type { GrayFrame } from "../../domain/clip.ts";

/** Radius and deviation of the window, pixels of the half-size picture that the tracker aligns patches in. */
const RADIUS = 8;
const SPREAD = 3.7;

/**
 * How much the picture says around points [N,2] videoPx in its weakest direction: the smaller eigenvalue
 * of the structure tensor at half size, grey²/px², [N]. A bare surface has next to none, an edge none along
 * itself: a tracker gives such points the motion of their surround.
 */
export function leastTexture(picture: GrayFrame, xyN2: ArrayLike<number>): Float32Array {
  const { gray, width, height } = halved(picture);
  const out = new Float32Array(xyN2.length / 2);
  for (let n = 0; n < out.length; n++) {
    const cx = Math.round((xyN2[2 * n] + 0.5) / 2 - 0.5);
    const cy = Math.round((xyN2[2 * n + 1] + 0.5) / 2 - 0.5);
    let [xx, xy, yy, total] = [0, 0, 0, 0];
    for (let y = Math.max(1, cy - RADIUS); y <= Math.min(height - 2, cy + RADIUS); y++) {
      for (let x = Math.max(1, cx - RADIUS); x <= Math.min(width - 2, cx + RADIUS); x++) {
        const weight = WEIGHTS[Math.abs(x - cx)] * WEIGHTS[Math.abs(y - cy)];
        const at = y * width + x;
        const gx = (gray[at + 1] - gray[at - 1]) / 2;
        const gy = (gray[at + width] - gray[at - width]) / 2;
        xx += weight * gx * gx;
        xy += weight * gx * gy;
        yy += weight * gy * gy;
        total += weight;
      }
    }
    if (total === 0) continue;
    const half = (xx - yy) / 2;
    out[n] = Math.max(0, (xx + yy) / 2 - Math.hypot(half, xy)) / total;
  }
  return out;
}

const WEIGHTS = Array.from({ length: RADIUS + 1 }, (_, d) =>
  Math.exp(-(d * d) / (2 * SPREAD * SPREAD)),
);

function halved({ gray, size }: GrayFrame) {
  const [width, height] = [size.width >> 1, size.height >> 1];
  const out = new Float32Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = 2 * y * size.width + 2 * x;
      out[y * width + x] =
        (gray[at] + gray[at + 1] + gray[at + size.width] + gray[at + size.width + 1]) / 4;
    }
  }
  return { gray: out, width, height };
}
