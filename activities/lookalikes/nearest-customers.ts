import { fitKnn, queryKnn } from '../../kernels/knn.js';
import type { KnnIndex } from '../../kernels/knn.js';
import { row } from '../../kernels/matrix.js';
import type { Matrix } from '../../kernels/matrix.js';
import { searchGraph } from './neighbour-graph.js';
import type { FoundRow } from './neighbour-graph.js';
import type { Lookalikes } from './open-lookalikes.js';

export interface Nearest {
  readonly found: readonly FoundRow[];
  /** Whether every customer was compared. */
  readonly isExact: boolean;
}

/** In float64, made when the first exact question comes and kept as long as the points are. */
const exactIndexes = new WeakMap<Matrix, KnnIndex>();

/**
 * The `k` rows nearest to a row, itself left out, nearest first, equal distances by row, which is by customer_id. With
 * `isWanted`, of those alone; then, and where the graph leads to too few, every row is compared.
 */
export function nearestCustomers(
  { points: { matrix }, graph }: Pick<Lookalikes, 'points' | 'graph'>,
  of: number,
  k: number,
  isWanted?: Uint8Array,
): Nearest {
  const others = isWanted === undefined ? matrix.rows - 1 : countOf(isWanted) - (isWanted[of] ?? 0);
  const wanted = Math.min(k, others);
  if (wanted === 0) return { found: [], isExact: true };
  if (graph !== null && isWanted === undefined) {
    const found = searchGraph(graph, of, wanted);
    if (found.length === wanted) return { found, isExact: false };
  }
  const index = exactIndexes.get(matrix) ?? fitKnn(matrix);
  exactIndexes.set(matrix, index);
  const exclude =
    isWanted === undefined ? Int32Array.of(of) : (_: number, row: number) => row === of || isWanted[row] !== 1;
  const point = { rows: 1, columns: matrix.columns, values: row(matrix, of) };
  const { indices, distances } = queryKnn(index, point, wanted, { exclude });
  return { found: Array.from(indices, (row, i) => ({ row, distance: distances[i] ?? 0 })), isExact: true };
}

const countOf = (is: Uint8Array): number => is.reduce((sum, one) => sum + one, 0);
