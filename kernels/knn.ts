import { checkInteger } from './check-integer.js';
import { type AnyMatrix, type Matrix, matrixForDistances } from './matrix.js';
import { nearestRows } from './nearest-rows.js';
import type { OnProgress } from './progress.js';

/** Points that can be searched for nearest neighbours. Plain data. */
export interface KnnIndex {
  readonly points: Matrix<Float64Array>;
}

/** Row `q` of each table is for query `q`: `k` entries from `q * k`, nearest first. */
export interface Neighbours {
  readonly k: number;
  /** Rows of the index, queries x k. */
  readonly indices: Int32Array;
  /** Euclidean distances, queries x k. */
  readonly distances: Float64Array;
}

export interface QueryKnnOptions {
  /**
   * Rows of the index that are no neighbours of a query: a predicate, or one row of the index for each query, -1 for
   * none. Only those rows are left out: exact duplicates of them still show up at their distance.
   */
  readonly exclude?: ((queryRow: number, indexRow: number) => boolean) | Int32Array | undefined;
  readonly onProgress?: OnProgress | undefined;
}

/** Throws RangeError for an empty matrix and values that are not finite. Float64 values are not copied. */
export function fitKnn(matrix: AnyMatrix): KnnIndex {
  return { points: matrixForDistances(matrix) };
}

/**
 * The `k` nearest rows of the index for every row of `points`, exact, by comparing with all of them: ascending by
 * distance and, where distances are equal, by row.
 *
 * Throws RangeError when the columns are not those of the index, when `exclude` is not one entry a query or names a row
 * that is not in the index, and when fewer than `k` rows remain for a query.
 */
export function queryKnn(
  index: KnnIndex,
  points: AnyMatrix,
  k: number,
  { exclude, onProgress }: QueryKnnOptions = {},
): Neighbours {
  const queries = matrixForDistances(points, 'points');
  const { rows, columns } = index.points;
  if (queries.columns !== columns) {
    throw new RangeError(`Expected points of ${columns} columns, as the index has, got ${queries.columns}`);
  }
  checkInteger('k', k, 1, rows, `1..rows of the index (${rows})`);
  if (exclude instanceof Int32Array) checkExcludedRows(exclude, queries.rows, rows);

  const indices = new Int32Array(queries.rows * k);
  const distances = new Float64Array(queries.rows * k);
  for (let query = 0; query < queries.rows; query++) {
    const found = nearestRows(index.points, queries.values, query * columns, {
      indices: indices.subarray(query * k, (query + 1) * k),
      distances: distances.subarray(query * k, (query + 1) * k),
      leftOut: exclude instanceof Int32Array ? exclude[query] : -1,
      isLeftOut: typeof exclude === 'function' ? (indexRow) => exclude(query, indexRow) : undefined,
    });
    if (found < k) {
      throw new RangeError(`Expected \`k\` to be at most the rows left for query ${query} (${found}), got ${k}`);
    }
    onProgress?.({ phase: 'neighbours', rows: query + 1, of: queries.rows });
  }
  return { k, indices, distances };
}

/** Throws RangeError unless there is a row of the index, or -1, for each query. */
export function checkExcludedRows(exclude: Int32Array, queries: number, rows: number): void {
  if (exclude.length !== queries) {
    throw new RangeError(`Expected \`exclude\` to have ${queries} entries, one a query, got ${exclude.length}`);
  }
  for (const [query, indexRow] of exclude.entries()) {
    checkInteger(`exclude[${query}]`, indexRow, -1, rows - 1, `a row of the index (0..${rows - 1}) or -1`);
  }
}
