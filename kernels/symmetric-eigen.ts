import { checkMatrix } from './matrix.js';
import type { Matrix } from './matrix.js';

/** Eigenvalues, largest first, and their unit vectors as rows in the same order. */
export interface SymmetricEigen {
  readonly values: Float64Array;
  readonly vectors: Matrix<Float64Array>;
}

/** Far more than a matrix needs: the off-diagonal squares fall quadratically once they are small. */
const SWEEPS = 60;

/**
 * Eigenvalues and eigenvectors of a symmetric matrix, by cyclic Jacobi rotations (G. H. Golub, C. F. Van Loan, "Matrix
 * Computations", 4th ed., 8.5). Rotations come in a fixed order, so the same matrix gives the same bits; equal
 * eigenvalues stay in the order of their columns. Only the upper triangle is read.
 *
 * Throws RangeError for a matrix that is not square, is empty, or holds values that are not finite.
 */
export function symmetricEigen(matrix: Matrix<Float64Array>): SymmetricEigen {
  checkMatrix(matrix);
  const n = matrix.columns;
  if (matrix.rows !== n) throw new RangeError(`Expected a square matrix, got ${matrix.rows} x ${n}`);
  const a = Float64Array.from(matrix.values);
  for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) a[i * n + j] = a[j * n + i];
  // Rows are eigenvectors: rotating two of them walks along memory.
  const vectors = new Float64Array(n * n);
  for (let i = 0; i < n; i++) vectors[i * n + i] = 1;

  let square = 0;
  for (let i = 0; i < a.length; i++) square += a[i] * a[i];
  for (let sweep = 0; sweep < SWEEPS && offDiagonal(a, n) > Number.EPSILON ** 2 * square; sweep++) {
    for (let p = 0; p < n - 1; p++) for (let q = p + 1; q < n; q++) rotate(a, vectors, n, p, q);
  }

  const order = Array.from({ length: n }, (_, i) => i).toSorted((i, j) => a[j * n + j] - a[i * n + i] || i - j);
  const sorted = new Float64Array(n * n);
  for (const [at, from] of order.entries()) sorted.set(vectors.subarray(from * n, (from + 1) * n), at * n);
  return {
    values: Float64Array.from(order, (i) => a[i * n + i]),
    vectors: { rows: n, columns: n, values: sorted },
  };
}

function offDiagonal(a: Float64Array, n: number): number {
  let sum = 0;
  for (let i = 0; i < n - 1; i++) for (let j = i + 1; j < n; j++) sum += 2 * a[i * n + j] * a[i * n + j];
  return sum;
}

/** Makes `a[p, q]` zero, and turns the vectors `p` and `q` by the same angle. */
function rotate(a: Float64Array, vectors: Float64Array, n: number, p: number, q: number): void {
  const apq = a[p * n + q];
  if (apq === 0) return;
  const theta = (a[q * n + q] - a[p * n + p]) / (2 * apq);
  // The smaller of the two angles; for a huge theta its square overflows to Infinity and t to 0, as it should.
  const t = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
  const c = 1 / Math.sqrt(t * t + 1);
  const s = t * c;
  a[p * n + p] -= t * apq;
  a[q * n + q] += t * apq;
  a[p * n + q] = 0;
  a[q * n + p] = 0;
  for (let i = 0; i < n; i++) {
    if (i !== p && i !== q) {
      const ip = a[i * n + p];
      const iq = a[i * n + q];
      a[i * n + p] = c * ip - s * iq;
      a[i * n + q] = s * ip + c * iq;
      a[p * n + i] = a[i * n + p];
      a[q * n + i] = a[i * n + q];
    }
    const vp = vectors[p * n + i];
    const vq = vectors[q * n + i];
    vectors[p * n + i] = c * vp - s * vq;
    vectors[q * n + i] = s * vp + c * vq;
  }
}
