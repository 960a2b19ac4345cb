/**
 * Lower Cholesky factor of a symmetric positive definite matrix [n,n], row-major, in place; entries
 * above the diagonal are left as they were. Throws RangeError where the matrix is not definite.
 */
export function factorCholesky(matrix: Float64Array, n: number): void {
  for (let row = 0; row < n; row++) {
    for (let col = 0; col <= row; col++) {
      let sum = matrix[row * n + col];
      for (let k = 0; k < col; k++) sum -= matrix[row * n + k] * matrix[col * n + k];
      if (row !== col) matrix[row * n + col] = sum / matrix[col * n + col];
      else if (sum > 0) matrix[row * n + row] = Math.sqrt(sum);
      else throw new RangeError(`the matrix is not positive definite at row ${row}`);
    }
  }
}

/** Solves L·Lᵀ·x = b in place, with the factor of `factorCholesky`. */
export function solveCholesky(factor: Float64Array, n: number, b: Float64Array): void {
  for (let row = 0; row < n; row++) {
    for (let k = 0; k < row; k++) b[row] -= factor[row * n + k] * b[k];
    b[row] /= factor[row * n + row];
  }
  for (let row = n - 1; row >= 0; row--) {
    for (let k = row + 1; k < n; k++) b[row] -= factor[k * n + row] * b[k];
    b[row] /= factor[row * n + row];
  }
}

/** The diagonal of A⁻¹, with the factor of `factorCholesky`: [n]. */
export function inverseDiagonal(factor: Float64Array, n: number): Float64Array {
  const diagonal = new Float64Array(n);
  const column = new Float64Array(n);
  for (let of = 0; of < n; of++) {
    // (A⁻¹)ᵢᵢ = |L⁻¹·eᵢ|², which is 0 above i.
    for (let row = of; row < n; row++) {
      let sum = row === of ? 1 : 0;
      for (let k = of; k < row; k++) sum -= factor[row * n + k] * column[k];
      column[row] = sum / factor[row * n + row];
      diagonal[of] += column[row] * column[row];
    }
  }
  return diagonal;
}
