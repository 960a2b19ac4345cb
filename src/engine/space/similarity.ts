import { rotationOfQuaternion } from "../../domain/quaternion.ts";

/** x ↦ scale·R·x + shift of 3-D points. */
export interface Similarity {
  readonly scale: number;
  /** Row-major. */
  readonly rotation9: Float64Array;
  readonly shift: readonly [number, number, number];
}

/**
 * The similarity that maps points [N,3] onto others best in weighted least squares: Horn's closed form
 * by unit quaternions (1987), the largest eigenvector found by Jacobi rotations.
 * @throws RangeError where fewer than three points count.
 */
export function fitSimilarity(
  fromN3: ArrayLike<number>,
  toN3: ArrayLike<number>,
  weightN?: ArrayLike<number>,
): Similarity {
  const count = fromN3.length / 3;
  const weight = (n: number) => weightN?.[n] ?? 1;
  let total = 0;
  let used = 0;
  const a = [0, 0, 0];
  const b = [0, 0, 0];
  for (let n = 0; n < count; n++) {
    total += weight(n);
    if (weight(n) > 0) used++;
    for (let c = 0; c < 3; c++) {
      a[c] += weight(n) * fromN3[3 * n + c];
      b[c] += weight(n) * toN3[3 * n + c];
    }
  }
  if (used < 3) throw new RangeError("a similarity needs three points");
  for (let c = 0; c < 3; c++) {
    a[c] /= total;
    b[c] /= total;
  }
  const s = new Float64Array(9);
  let spread = 0;
  for (let n = 0; n < count; n++) {
    for (let i = 0; i < 3; i++) {
      const from = fromN3[3 * n + i] - a[i];
      spread += weight(n) * from * from;
      for (let j = 0; j < 3; j++) s[3 * i + j] += weight(n) * from * (toN3[3 * n + j] - b[j]);
    }
  }
  const q = largestEigenvector(
    Float64Array.of(
      s[0] + s[4] + s[8],
      s[5] - s[7],
      s[6] - s[2],
      s[1] - s[3],
      s[5] - s[7],
      s[0] - s[4] - s[8],
      s[1] + s[3],
      s[6] + s[2],
      s[6] - s[2],
      s[1] + s[3],
      s[4] - s[0] - s[8],
      s[5] + s[7],
      s[1] - s[3],
      s[6] + s[2],
      s[5] + s[7],
      s[8] - s[0] - s[4],
    ),
  );
  const rotation9 = rotationOfQuaternion(q);
  let agreement = 0;
  for (let i = 0; i < 3; i++) {
    for (let j = 0; j < 3; j++) agreement += rotation9[3 * j + i] * s[3 * i + j];
  }
  const scale = spread > 0 ? agreement / spread : 1;
  const shift = [0, 1, 2].map(
    (r) =>
      b[r] -
      scale * (rotation9[3 * r] * a[0] + rotation9[3 * r + 1] * a[1] + rotation9[3 * r + 2] * a[2]),
  );
  return { scale, rotation9, shift: [shift[0], shift[1], shift[2]] };
}

/** The points [N,3] mapped. */
export function applySimilarity(
  { scale, rotation9: R, shift }: Similarity,
  pointsN3: ArrayLike<number>,
): Float64Array {
  const out = new Float64Array(pointsN3.length);
  for (let n = 0; n < pointsN3.length; n += 3) {
    for (let r = 0; r < 3; r++) {
      out[n + r] =
        scale *
          (R[3 * r] * pointsN3[n] +
            R[3 * r + 1] * pointsN3[n + 1] +
            R[3 * r + 2] * pointsN3[n + 2]) +
        shift[r];
    }
  }
  return out;
}

/** Of a symmetric 4×4 matrix, by cyclic Jacobi rotations. */
function largestEigenvector(matrix: Float64Array): Float64Array {
  const m = matrix.slice();
  const v = Float64Array.of(1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1);
  for (let sweep = 0; sweep < 12; sweep++) {
    for (let p = 0; p < 3; p++) {
      for (let q = p + 1; q < 4; q++) {
        const off = m[4 * p + q];
        if (Math.abs(off) < 1e-300) continue;
        const theta = (m[5 * q] - m[5 * p]) / (2 * off);
        const t = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
        const c = 1 / Math.sqrt(t * t + 1);
        turn(m, v, p, q, c, t * c);
      }
    }
  }
  let best = 0;
  for (let i = 1; i < 4; i++) if (m[5 * i] > m[5 * best]) best = i;
  return Float64Array.of(v[best], v[4 + best], v[8 + best], v[12 + best]);
}

function turn(m: Float64Array, v: Float64Array, p: number, q: number, c: number, s: number): void {
  for (let k = 0; k < 4; k++) {
    const [a, b] = [m[4 * k + p], m[4 * k + q]];
    m[4 * k + p] = c * a - s * b;
    m[4 * k + q] = s * a + c * b;
    const [d, e] = [v[4 * k + p], v[4 * k + q]];
    v[4 * k + p] = c * d - s * e;
    v[4 * k + q] = s * d + c * e;
  }
  for (let k = 0; k < 4; k++) {
    const [a, b] = [m[4 * p + k], m[4 * q + k]];
    m[4 * p + k] = c * a - s * b;
    m[4 * q + k] = s * a + c * b;
  }
}
