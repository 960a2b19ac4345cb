import { factorCholesky, solveCholesky } from "../completion/cholesky.ts";

/** Scales of the robust loss, px: falling. */
const SCALES_PX = [400, 100, 40, 20, 10, 5, 3, 2, 2];

/**
 * The homography that takes points [N,2] onto others best: nine numbers, row-major, the last 1. Robust
 * iterated least squares on x'·(gx + hy + 1) = ax + by + c and the like, divided by the denominator of
 * the round before, so that distances count in px. Points whose weight is 0 are not used. The best that
 * one plane, or a camera that only turns and zooms, can explain.
 */
export function fitHomography(
  fromN2: ArrayLike<number>,
  toN2: ArrayLike<number>,
  usedN: ArrayLike<number>,
): Float64Array {
  // Centred and shrunk, so that products of coordinates are of the size of the rest.
  const [cx, cy, unit] = [416, 240, 400];
  let h = Float64Array.of(1, 0, 0, 0, 1, 0, 0, 0);
  for (const scalePx of SCALES_PX) {
    const matrix = new Float64Array(64);
    const right = new Float64Array(8);
    const s2 = (scalePx / unit) ** 2;
    for (let n = 0; n < usedN.length; n++) {
      if (!usedN[n]) continue;
      const x = (fromN2[2 * n] - cx) / unit;
      const y = (fromN2[2 * n + 1] - cy) / unit;
      const u = (toN2[2 * n] - cx) / unit;
      const v = (toN2[2 * n + 1] - cy) / unit;
      const w = h[6] * x + h[7] * y + 1;
      const ex = (h[0] * x + h[1] * y + h[2]) / w - u;
      const ey = (h[3] * x + h[4] * y + h[5]) / w - v;
      const inlier = s2 / (s2 + ex * ex + ey * ey);
      const weight = (inlier * inlier) / (w * w);
      addRow(matrix, right, weight, [x, y, 1, 0, 0, 0, -u * x, -u * y], u);
      addRow(matrix, right, weight, [0, 0, 0, x, y, 1, -v * x, -v * y], v);
    }
    for (let i = 0; i < 8; i++) matrix[9 * i] += 1e-9;
    try {
      factorCholesky(matrix, 8);
    } catch {
      // Too few points are left near the map: the round before is the best there is.
      break;
    }
    solveCholesky(matrix, 8, right);
    h = right;
  }
  return fromUnits(h, cx, cy, unit);
}

function addRow(
  matrix: Float64Array,
  right: Float64Array,
  weight: number,
  row: readonly number[],
  value: number,
): void {
  for (let i = 0; i < 8; i++) {
    for (let j = 0; j <= i; j++) matrix[8 * i + j] += weight * row[i] * row[j];
    right[i] += weight * row[i] * value;
  }
}

/** T⁻¹·H·T with T the move into centred units. */
function fromUnits(h: Float64Array, cx: number, cy: number, unit: number): Float64Array {
  const rows = [
    [h[0], h[1], h[2]],
    [h[3], h[4], h[5]],
    [h[6], h[7], 1],
  ].map(([a, b, c]) => [a / unit, b / unit, c - (a * cx + b * cy) / unit]);
  const out = Float64Array.from(
    [0, 1]
      .flatMap((r) => rows[r].map((value, c) => unit * value + (r ? cy : cx) * rows[2][c]))
      .concat(rows[2]),
  );
  return out.map((value) => value / out[8]);
}

/** Where a homography takes (x,y). */
export function applyHomography(h: ArrayLike<number>, x: number, y: number): [number, number] {
  const w = h[6] * x + h[7] * y + h[8];
  return [(h[0] * x + h[1] * y + h[2]) / w, (h[3] * x + h[4] * y + h[5]) / w];
}
