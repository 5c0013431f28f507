import { checkInteger } from '../check-integer.js';
import { type Neighbours, type QueryKnnOptions, checkExcludedRows } from '../knn.js';
import { type Matrix, checkMatrix } from '../matrix.js';
import { type QueryMemory, allPairsMemory, indexMemory } from '../wasm/knn-memory.js';
import { queryAlone } from '../wasm/query-on-crew.js';
import type { KernelThreads, RunKernelOptions } from './kernel-threads.js';

/**
 * The `k` nearest other rows of every row, exact: what `queryKnn` finds for all rows of a matrix, each left out of its own
 * neighbours, bit for bit and whatever the number of threads. Exact duplicates are neighbours at distance 0.
 *
 * Throws RangeError for an empty matrix, values that are not finite, and unless `k` is 1..rows - 1.
 */
export async function nearestOfAllOnThreads(
  threads: KernelThreads,
  matrix: Matrix,
  k: number,
  running: RunKernelOptions = {},
): Promise<Neighbours> {
  checkInteger('k', k, 1, matrix.rows - 1, `1..rows - 1 (${matrix.rows - 1})`);
  const memory = allPairsMemory(matrix, k, threads.size);
  const [found] = await threads.runCrew('nearestOfAll', memory, running);
  return ofTheFirst(found);
}

/** Points on shared memory that `queryKnnOnThreads` searches. Plain data; some four times as large as the matrix. */
export type SharedKnnIndex = QueryMemory;

/**
 * Prepares the rows of a matrix to be searched, by as many threads at most as there are. Throws RangeError for an empty matrix
 * and values that are not finite.
 */
export async function fitKnnOnThreads(
  threads: KernelThreads,
  matrix: Matrix,
  running: RunKernelOptions = {},
): Promise<SharedKnnIndex> {
  const index = indexMemory(matrix, threads.size);
  await threads.runCrew('fitKnn', { index }, running);
  return index;
}

/**
 * `queryKnn` on all threads together, without predicates: the same neighbours, bit for bit and whatever the number of threads.
 * Throws RangeError as it does, and for more threads than the index was prepared for.
 */
export async function queryKnnOnThreads(
  threads: KernelThreads,
  index: SharedKnnIndex,
  points: Matrix,
  k: number,
  {
    exclude,
    ...running
  }: RunKernelOptions & { readonly exclude?: Extract<QueryKnnOptions['exclude'], Int32Array> } = {},
): Promise<Neighbours> {
  checkInteger('threads.size', threads.size, 1, index.threads, `1..threads of the index (${index.threads})`);
  checkQueries(index, points, k, exclude);
  const [found] = await threads.runCrew('queryKnn', { index, points, k, exclude }, running);
  return ofTheFirst(found);
}

/**
 * `queryKnnOnThreads` at once, on this thread: for one question, or a few. Where rows are alike in groups, an answer takes less
 * time than threads need to be told of the question. Not on two threads at once; also while `queryKnnOnThreads` runs.
 */
export function queryKnnHere(
  index: SharedKnnIndex,
  points: Matrix,
  k: number,
  { exclude }: { readonly exclude?: Int32Array } = {},
): Neighbours {
  checkQueries(index, points, k, exclude);
  return ofTheFirst(queryAlone(index, { points, k, exclude }));
}

function checkQueries(
  { rows, columns }: SharedKnnIndex,
  points: Matrix,
  k: number,
  exclude: Int32Array | undefined,
): void {
  checkMatrix(points, 'points');
  if (points.columns !== columns) {
    throw new RangeError(`Expected points of ${columns} columns, as the index has, got ${points.columns}`);
  }
  checkInteger('k', k, 1, rows, `1..rows of the index (${rows})`);
  if (exclude !== undefined) checkExcludedRows(exclude, points.rows, rows);
  const short = k === rows ? (exclude?.findIndex((row) => row >= 0) ?? -1) : -1;
  if (short >= 0) {
    throw new RangeError(`Expected \`k\` to be at most the rows left for query ${short} (${rows - 1}), got ${k}`);
  }
}

function ofTheFirst(found: Neighbours | undefined): Neighbours {
  if (found === undefined) throw new Error('Expected the first of the crew to have the neighbours');
  return found;
}
