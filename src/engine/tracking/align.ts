import { type Patch, sampleClamped } from "./patch.ts";
import type { Plane } from "./pyramid.ts";

/** Where `alignPatch` and `comparePatch` leave their results: shared, so that nothing is allocated. */
export interface Match {
  x: number;
  y: number;
  /** Root mean square of what brightness and contrast do not explain, grey levels. */
  rms: number;
  /** Weighted correlation of the patch and the picture, −1 to 1. */
  correlation: number;
}

/**
 * Gauss-Newton alignment of `patch` to `plane`, from match.x, match.y. `pull` (grey²/px²) draws
 * the result to (priorX, priorY) in the directions that the patch itself does not decide.
 */
export function alignPatch(
  match: Match,
  patch: Patch,
  plane: Plane,
  priorX: number,
  priorY: number,
  pull: number,
  iterations: number,
): void {
  const { side, radius, value, gx, gy } = patch;
  const { width, height, data } = plane;
  const hxx = patch.hxx + pull;
  const hyy = patch.hyy + pull;
  const hxy = patch.hxy;
  const determinant = hxx * hyy - hxy * hxy;
  if (!(determinant > 1e-6)) {
    match.x = priorX;
    match.y = priorY;
    return;
  }
  let x = match.x;
  let y = match.y;
  for (let i = 0; i < iterations; i++) {
    const left = x - radius;
    const top = y - radius;
    let bx = 0;
    let by = 0;
    if (left >= 0 && top >= 0 && left + side < width && top + side < height) {
      const ix = left | 0;
      const iy = top | 0;
      const fx = left - ix;
      const fy = top - iy;
      let k = 0;
      for (let v = 0; v < side; v++) {
        let o = (iy + v) * width + ix;
        let previous = data[o] + fy * (data[o + width] - data[o]);
        for (let u = 0; u < side; u++) {
          o++;
          const a = data[o];
          const next = a + fy * (data[o + width] - a);
          const difference = previous + fx * (next - previous) - value[k];
          bx += gx[k] * difference;
          by += gy[k] * difference;
          previous = next;
          k++;
        }
      }
    } else {
      for (let v = 0, k = 0; v < side; v++) {
        for (let u = 0; u < side; u++, k++) {
          const sx = left + u;
          const sy = top + v;
          if (sx < 0 || sy < 0 || sx > width - 1 || sy > height - 1) continue;
          const difference = sampleClamped(plane, sx, sy) - value[k];
          bx += gx[k] * difference;
          by += gy[k] * difference;
        }
      }
    }
    bx += pull * (x - priorX);
    by += pull * (y - priorY);
    let dx = (hyy * bx - hxy * by) / determinant;
    let dy = (hxx * by - hxy * bx) / determinant;
    // A step beyond the patch's own scale says only that the linear model broke.
    const length = Math.sqrt(dx * dx + dy * dy);
    if (length > 2) {
      dx *= 2 / length;
      dy *= 2 / length;
    }
    x -= dx;
    y -= dy;
    if (length < 0.01) break;
  }
  match.x = x;
  match.y = y;
}

/** Fills match.rms and match.correlation for the patch at match.x, match.y of `plane`. */
export function comparePatch(match: Match, patch: Patch, plane: Plane): void {
  const { side, radius, value, weight } = patch;
  const { width, height, data } = plane;
  const left = match.x - radius;
  const top = match.y - radius;
  let sw = 0;
  let si = 0;
  let st = 0;
  let sii = 0;
  let sit = 0;
  let stt = 0;
  const inside = left >= 0 && top >= 0 && left + side < width && top + side < height;
  const ix = Math.floor(left);
  const iy = Math.floor(top);
  const fx = left - ix;
  const fy = top - iy;
  for (let v = 0, k = 0; v < side; v++) {
    let o = (iy + v) * width + ix;
    for (let u = 0; u < side; u++, k++, o++) {
      let sample: number;
      if (inside) {
        const a = data[o] + fx * (data[o + 1] - data[o]);
        const b = data[o + width] + fx * (data[o + width + 1] - data[o + width]);
        sample = a + fy * (b - a);
      } else {
        const sx = left + u;
        const sy = top + v;
        if (sx < 0 || sy < 0 || sx > width - 1 || sy > height - 1) continue;
        sample = sampleClamped(plane, sx, sy);
      }
      const w = weight[k];
      const t = value[k];
      sw += w;
      si += w * sample;
      st += w * t;
      sii += w * sample * sample;
      sit += w * sample * t;
      stt += w * t * t;
    }
  }
  if (sw <= 0) {
    match.rms = 255;
    match.correlation = 0;
    return;
  }
  const vi = Math.max(0, sii / sw - (si / sw) ** 2);
  const vt = Math.max(0, stt / sw - (st / sw) ** 2);
  const cov = sit / sw - (si / sw) * (st / sw);
  match.correlation = cov / Math.sqrt((vi + 0.5) * (vt + 0.5));
  // The gain is held near 1: a flat patch must not explain a textured one, nor the reverse.
  const gain = Math.min(2, Math.max(0.5, cov / (vt + 0.5)));
  match.rms = Math.sqrt(Math.max(0, vi - 2 * gain * cov + gain * gain * vt));
}
