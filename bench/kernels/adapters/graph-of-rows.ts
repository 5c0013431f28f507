import { Index, MetricKind, ScalarKind } from 'usearch';
import { type Matrix, row } from '../../../kernels/matrix.js';

export interface GraphSettings {
  /** Links of a point on each level, twice as many on the lowest. */
  readonly connectivity: number;
  /** Candidates that are kept while a point is added, and while one is looked for. */
  readonly adding: number;
  readonly searching: number;
}

/** An HNSW graph over all rows, on so many threads. What the bench of graphs times, by the library that the lookalikes use. */
export function graphOfRows(
  matrix: Matrix,
  { connectivity, adding, searching }: GraphSettings,
  threads: number,
): Index {
  const { rows, columns, values } = matrix;
  const graph = new Index({
    dimensions: columns,
    metric: MetricKind.L2sq,
    quantization: ScalarKind.F32,
    connectivity,
    expansion_add: adding,
    expansion_search: searching,
    multi: false,
  });
  graph.add(
    BigUint64Array.from({ length: rows }, (_, i) => BigInt(i)),
    values,
    threads,
  );
  return graph;
}

/** About the `k` nearest of each of some rows, themselves left out: nearest first, rows x k. */
export function nearestInGraph(
  graph: Index,
  matrix: Matrix,
  of: readonly number[],
  k: number,
  threads: number,
): Int32Array {
  const asked = new Float32Array(of.length * matrix.columns);
  for (const [q, query] of of.entries()) asked.set(row(matrix, query), q * matrix.columns);
  // One more, for the row itself.
  const { keys } = graph.search(asked, k + 1, threads);
  // Where too few are found, the rest is no row.
  const found = new Int32Array(of.length * k).fill(-1);
  for (const [q, query] of of.entries()) {
    let to = q * k;
    for (let i = q * (k + 1); i < (q + 1) * (k + 1) && to < (q + 1) * k; i++) {
      const neighbour = Number(keys[i]);
      if (neighbour !== query) found[to++] = neighbour;
    }
  }
  return found;
}
