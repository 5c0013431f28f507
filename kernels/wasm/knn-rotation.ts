import type { Matrix } from '../matrix.js';
import { fitPca } from '../pca.js';
import { randomStream } from '../random.js';
import { sampleRows } from '../sample-rows.js';
import { chooseFront } from './knn-front.js';
import { RADIUS } from './knn-limits.js';

/** How points are turned and rounded. Any choice gives the same neighbours; a good one leaves few pairs to measure. */
export interface KnnRotation {
  readonly centre: Float64Array;
  /** Orthonormal rows, columns x columns, those along which points vary most first; undefined where nothing is turned. */
  readonly directions: Float64Array | undefined;
  /** What one whole number stands for. */
  readonly unit: number;
  /** Coordinates of the fronts, a multiple of four. */
  readonly front: number;
}

/** Rows that are looked at: enough to see how points vary. */
const SAMPLE = 2048;

/** With more columns, turning would take longer than it saves. */
export const MOST_TURNED = 128;

/** Chooses from a sample, such that a few points that lie far away from all others do not matter. */
export function chooseRotation({ rows, columns, values }: Matrix, stride: number, k: number): KnnRotation {
  const sample = sampleRows(rows, SAMPLE, randomStream(rows, columns));
  const points = new Float64Array(sample.length * columns);
  for (const [i, row] of sample.entries()) {
    for (let c = 0; c < columns; c++) points[i * columns + c] = values[row * stride + c];
  }
  const centre = mediansOf(points, columns);
  const lengths = new Float64Array(sample.length);
  for (let i = 0; i < sample.length; i++) {
    let square = 0;
    for (let c = 0; c < columns; c++) square += (points[i * columns + c] -= centre[c]) ** 2;
    lengths[i] = Math.sqrt(square);
  }
  const sorted = lengths.toSorted();
  const usual = 2 * sorted[Math.floor((sample.length - 1) * 0.99)];
  const radius = usual || sorted[sample.length - 1] || 1;
  for (let i = 0; i < sample.length; i++) {
    const factor = 1 / Math.max(radius, lengths[i]);
    for (let c = 0; c < columns; c++) points[i * columns + c] *= factor;
  }
  const scaled = { rows: sample.length, columns, values: points };
  const directions = columns <= MOST_TURNED ? directionsOf(scaled) : undefined;
  return { centre, directions, unit: radius / RADIUS, front: chooseFront(scaled, directions, rows, k) };
}

function mediansOf(points: Float64Array, columns: number): Float64Array {
  const rows = points.length / columns;
  const column = new Float64Array(rows);
  return Float64Array.from({ length: columns }, (_, c) => {
    for (let i = 0; i < rows; i++) column[i] = points[i * columns + c];
    return column.toSorted()[rows >> 1];
  });
}

/** Undefined where they are not orthonormal to 2^-20, which `knn-limits.ts` relies on. */
function directionsOf(points: Matrix<Float64Array>): Float64Array | undefined {
  const { columns } = points;
  const { values } = fitPca(points, columns).components;
  let off = 0;
  for (let a = 0; a < columns; a++) {
    for (let b = 0; b < columns; b++) {
      let product = a === b ? -1 : 0;
      for (let c = 0; c < columns; c++) product += values[a * columns + c] * values[b * columns + c];
      off += product * product;
    }
  }
  // Of the norm, not of its square; and a NaN is not below it.
  return Math.sqrt(off) < 2 ** -22 ? values : undefined;
}
