import { type BasisAt, basisAt, CONTROL_POINTS } from "../../domain/curve-basis.ts";
import { factorCholesky, solveCholesky } from "../completion/cholesky.ts";

/** Keeps control points that no visible frame determines near a straight course. */
const STIFFNESS = 1e-4;

export interface FittedCurves {
  /** [N,K,D]. */
  readonly controlNKD: Float32Array;
  /** Root mean square distance of the fit over all positions of weight 1, in their unit. */
  readonly residual: number;
}

/**
 * Least-squares C² curves through positions [T,N,D] at times 0 to 1, `weightTN` [T,N] times each.
 * Few frames take fewer control points' worth of freedom by a small weight on second differences.
 */
export function fitCurves(
  positionsTND: ArrayLike<number>,
  weightTN: ArrayLike<number>,
  frameCount: number,
  dimensions: number,
  controlCount = CONTROL_POINTS,
): FittedCurves {
  const pointCount = weightTN.length / frameCount;
  const controlNKD = new Float32Array(pointCount * controlCount * dimensions);
  const bases = Array.from({ length: frameCount }, (_, t) =>
    basisAt("smooth", controlCount, frameCount > 1 ? t / (frameCount - 1) : 0),
  );
  const matrix = new Float64Array(controlCount * controlCount);
  const right = new Float64Array(controlCount);
  let squares = 0;
  let count = 0;
  for (let n = 0; n < pointCount; n++) {
    fillNormal(matrix, bases, (t) => weightTN[t * pointCount + n], controlCount);
    factorCholesky(matrix, controlCount);
    for (let d = 0; d < dimensions; d++) {
      right.fill(0);
      for (let t = 0; t < frameCount; t++) {
        const value = positionsTND[(t * pointCount + n) * dimensions + d];
        const { first, weights } = bases[t];
        for (let i = 0; i < 4; i++) {
          right[first + i] += weightTN[t * pointCount + n] * weights[i] * value;
        }
      }
      solveCholesky(matrix, controlCount, right);
      for (let k = 0; k < controlCount; k++) {
        controlNKD[(n * controlCount + k) * dimensions + d] = right[k];
      }
    }
    const own = controlNKD.subarray(
      n * controlCount * dimensions,
      (n + 1) * controlCount * dimensions,
    );
    for (let t = 0; t < frameCount; t++) {
      if (weightTN[t * pointCount + n] < 1) continue;
      const { first, weights } = bases[t];
      count++;
      for (let d = 0; d < dimensions; d++) {
        let fitted = 0;
        for (let i = 0; i < 4; i++) fitted += weights[i] * own[(first + i) * dimensions + d];
        squares += (fitted - positionsTND[(t * pointCount + n) * dimensions + d]) ** 2;
      }
    }
  }
  return { controlNKD, residual: Math.sqrt(squares / Math.max(1, count)) };
}

function fillNormal(
  matrix: Float64Array,
  bases: readonly BasisAt[],
  weightAt: (t: number) => number,
  size: number,
): void {
  matrix.fill(0);
  bases.forEach(({ first, weights }, t) => {
    for (let i = 0; i < 4; i++) {
      for (let j = 0; j <= i; j++) {
        matrix[(first + i) * size + first + j] += weightAt(t) * weights[i] * weights[j];
      }
    }
  });
  const difference = [1, -2, 1];
  for (let k = 0; k + 2 < size; k++) {
    for (let i = 0; i < 3; i++) {
      for (let j = 0; j <= i; j++) {
        matrix[(k + i) * size + k + j] += STIFFNESS * difference[i] * difference[j];
      }
    }
  }
  // Where not even two frames count.
  for (let k = 0; k < size; k++) matrix[k * size + k] += 1e-9;
}
