import { sumBlocks, sumOf } from './block-sums.js';
import { gridRounder } from './grid.js';
import type { Labeling } from './labeling.js';
import type { AnyMatrix } from './matrix.js';
import { squaredDistance } from './squared-distance.js';

/**
 * What rounds distances between rows to a grid, see `gridRounder`, on which sums of as many as there are rows are exact: in
 * any order they have the same bits. The step is about `rows * 2^-51` of the diagonal of the box that the rows lie in.
 *
 * No distance is above the diagonal, as computed: rounded subtraction, multiplication and addition are monotonic.
 */
export function distanceRounder({ rows, columns, values }: AnyMatrix): number {
  const lowest = new Float64Array(columns).fill(Infinity);
  const highest = new Float64Array(columns).fill(-Infinity);
  for (let i = 0; i < rows; i++) {
    for (let c = 0; c < columns; c++) {
      const value = values[i * columns + c];
      if (value < lowest[c]) lowest[c] = value;
      if (value > highest[c]) highest[c] = value;
    }
  }
  return gridRounder(Math.sqrt(squaredDistance(lowest, 0, highest, 0, columns)), rows);
}

/** The first of the sums of each labeling, a sum for each cluster, and how many there are in all. */
export function sumPlaces(labelings: readonly Pick<Labeling, 'sizes'>[]): {
  readonly starts: readonly number[];
  readonly width: number;
} {
  const starts: number[] = [];
  let width = 0;
  for (const { sizes } of labelings) {
    starts.push(width);
    width += sizes.length;
  }
  return { starts, width };
}

/**
 * The mean silhouette of a labeling, from the sums of the distances of each row to each cluster: `stride` numbers for a
 * cluster, of which row `i` has number `places[i]`.
 */
export function meanSilhouette(
  { clusters, sizes }: Labeling,
  sums: Float64Array,
  stride: number,
  places: Int32Array,
): number | null {
  if (sizes.length < 2) return null;
  const scores = new Float64Array(clusters.length);
  for (let i = 0; i < scores.length; i++) {
    const own = clusters[i];
    if (sizes[own] === 1) continue;
    const within = sums[own * stride + places[i]] / (sizes[own] - 1);
    let next = Infinity;
    for (let c = 0; c < sizes.length; c++) {
      if (c !== own) next = Math.min(next, sums[c * stride + places[i]] / sizes[c]);
    }
    const larger = Math.max(within, next);
    scores[i] = larger === 0 ? 0 : (next - within) / larger;
  }
  return sumOf(sumBlocks(scores)) / scores.length;
}
