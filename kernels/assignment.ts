import { type AnyMatrix, matrixForDistances } from './matrix.js';

/** Rows and columns of a matrix in pairs. Plain data. */
export interface Assignment {
  /** The column of each row, -1 for a row that has none. */
  readonly columns: Int32Array;
  /** The sum of the costs of the pairs, added in the order of the rows. */
  readonly cost: number;
}

/**
 * Pairs every row of `costs` (rows x columns, row-major, in any one unit, also below 0) with a column of its own so that
 * the sum of the costs is the least there is. With more rows than columns, every column has a row of its own, and the
 * other rows have none.
 *
 * By shortest augmenting paths: R. Jonker, A. Volgenant, "A shortest augmenting path algorithm for dense and sparse linear
 * assignment problems", Computing 38, 1987, for rectangular matrices as in D. F. Crouse, "On implementing 2D rectangular
 * assignment algorithms", IEEE Trans. Aerosp. Electron. Syst. 52(4), 2016. Time grows with m^2 n, m being the smaller of
 * rows and columns, n the larger.
 *
 * Of several pairings of the same cost it is always the same one: each row (column, where there are fewer of them) in
 * turn takes the shortest path, among equally short ones to a column without a row, and then to the lowest.
 *
 * Throws RangeError for an empty matrix, for NaN, infinities, and magnitudes above 1e148. A pair that must not be wants
 * a cost above the sum of all others.
 */
export function assignLeastCost(costs: AnyMatrix): Assignment {
  const { rows, columns, values } = matrixForDistances(costs, 'costs');
  const assigned = new Int32Array(rows).fill(-1);
  if (rows <= columns) {
    assigned.set(shortestPaths(rows, columns, values));
  } else {
    const transposed = values.map((_, at) => values[(at % rows) * columns + Math.floor(at / rows)]);
    const rowOf = shortestPaths(columns, rows, transposed);
    for (let j = 0; j < columns; j++) assigned[rowOf[j]] = j;
  }
  let cost = 0;
  for (let i = 0; i < rows; i++) if (assigned[i] >= 0) cost += values[i * columns + assigned[i]];
  return { columns: assigned, cost };
}

/** The target of each source, of sources x targets costs; there are at least as many targets. */
function shortestPaths(sources: number, targets: number, costs: Float64Array): Int32Array {
  const targetOf = new Int32Array(sources).fill(-1);
  const sourceOf = new Int32Array(targets).fill(-1);
  // Prices: the cost of a pair less those of its ends is never below 0, and 0 for the pairs there are.
  const sourcePrice = new Float64Array(sources);
  const targetPrice = new Float64Array(targets);
  const lengths = new Float64Array(targets);
  const from = new Int32Array(targets);
  const isReached = new Uint8Array(targets);

  for (let added = 0; added < sources; added++) {
    lengths.fill(Infinity);
    isReached.fill(0);
    let source = added;
    let length = 0;
    let end = -1;
    while (end === -1) {
      let nearest = -1;
      for (let target = 0; target < targets; target++) {
        if (isReached[target] === 1) continue;
        const through = length + costs[source * targets + target] - sourcePrice[source] - targetPrice[target];
        if (through < lengths[target]) {
          lengths[target] = through;
          from[target] = source;
        }
        if (nearest === -1 || isNearer(target, nearest)) nearest = target;
      }
      length = lengths[nearest];
      isReached[nearest] = 1;
      if (sourceOf[nearest] === -1) end = nearest;
      else source = sourceOf[nearest];
    }
    raisePrices(added, length);
    for (let target = end; target !== -1;) {
      const source = from[target];
      const before = targetOf[source];
      sourceOf[target] = source;
      targetOf[source] = target;
      target = source === added ? -1 : before;
    }
  }
  return targetOf;

  function isNearer(target: number, than: number): boolean {
    if (lengths[target] !== lengths[than]) return lengths[target] < lengths[than];
    return sourceOf[target] === -1 && sourceOf[than] !== -1;
  }

  /** For the path of `length` from source `added`; before its pairs are changed. */
  function raisePrices(added: number, length: number): void {
    sourcePrice[added] += length;
    for (let target = 0; target < targets; target++) {
      if (isReached[target] === 0) continue;
      const rise = length - lengths[target];
      targetPrice[target] -= rise;
      if (sourceOf[target] !== -1) sourcePrice[sourceOf[target]] += rise;
    }
  }
}
