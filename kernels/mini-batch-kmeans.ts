import { assignNearest } from './assign-nearest.js';
import { blocksOf, sumBlocks, sumOf } from './block-sums.js';
import { canonicalClusters } from './canonical-clusters.js';
import { checkMiniBatchOptions } from './check-mini-batch-options.js';
import { onGrid } from './grid.js';
import { type KMeansModel, type KMeansOptions, fitKMeans } from './kmeans.js';
import { type AnyMatrix, type Matrix, matrixForDistances, row, rowsAt } from './matrix.js';
import { type LabelledBatch, learnByBatches } from './mini-batch-learning.js';
import { rowsOfBatchBlock, startSample } from './mini-batch-rows.js';
import { scaledCentroids } from './scaled-centroids.js';

/** As those of `fitKMeans`, which fits the first centroids; and how batches go on from there. */
export interface MiniBatchKMeansOptions extends Omit<KMeansOptions, 'initial'> {
  /** Rows of a batch, 1..2^24; default 16,384. The first centroids are fitted to a sample of four times as many. */
  readonly batchRows?: number | undefined;
  /** Batches allowed; default 100. */
  readonly maxBatches?: number | undefined;
  /** Batches in a row without a lower smoothed inertia before it ends, see `learnByBatches`; default 10. */
  readonly patience?: number | undefined;
}

/**
 * k-means of a matrix of very many rows (rows x columns, row-major, in any one unit): `fitKMeans` of a sample, then
 * batches of rows that move its centroids (D. Sculley, "Web-scale k-means clustering", WWW 2010, see `learnByBatches`),
 * and at last the exact nearest centroid of every row. All rows are read twice; the inertia is that of all of them.
 *
 * The same matrix, options and seed give the same model, bit for bit. `k`, `labels`, `sizes` and `inertia` of the model
 * mean what they do for `fitKMeans`; `iterations` are batches. It has fewer clusters than asked for also where the sample
 * has fewer distinct points. How its inertia compares with that of all rows fitted: docs/large-matrices.md.
 *
 * Throws RangeError as `fitKMeans` does, and for a `k` above the rows of the sample.
 */
export function fitMiniBatchKMeans(matrix: AnyMatrix, options: MiniBatchKMeansOptions): KMeansModel {
  const { onProgress } = options;
  const values = matrixForDistances(matrix);
  const { batchRows, maxBatches, patience, startRows, start } = checkMiniBatchOptions(options, matrix);
  const { rows, columns } = matrix;
  const first = fitKMeans(rowsAt(values, startSample(rows, startRows, start.seed)), { ...start, onProgress });

  const { points, scale } = onGrid(values);
  const centroids = scaledCentroids(first.centroids, scale);
  const learn = learnByBatches(centroids.values, columns, first.sizes, patience);
  let batches = 0;
  for (let isLast = false; !isLast && batches < maxBatches;) {
    batches++;
    onProgress?.({ phase: 'batches', k: start.k, batch: batches, of: maxBatches });
    const drawn = Array.from({ length: blocksOf(batchRows) }, (_, block) =>
      Array.from(rowsOfBatchBlock(rows, batchRows, { seed: start.seed, batch: batches, block })),
    );
    isLast = learn(labelled(rowsAt(points, Int32Array.from(drawn.flat())), centroids));
  }

  const labels = new Int32Array(rows).fill(-1);
  const distances = new Float64Array(rows);
  assignNearest(points, centroids, labels, distances);
  const ordered = canonicalClusters(points, centroids, labels);
  return {
    k: ordered.centroids.rows,
    centroids: { ...ordered.centroids, values: ordered.centroids.values.map((value) => value / scale) },
    labels: ordered.labels,
    sizes: ordered.sizes,
    inertia: sumOf(sumBlocks(distances)) / scale ** 2,
    iterations: batches,
    restarts: first.restarts,
  };
}

function labelled(batch: Matrix<Float64Array>, centroids: Matrix<Float64Array>): LabelledBatch {
  const { rows, columns, values } = batch;
  const labels = new Int32Array(rows).fill(-1);
  const distances = new Float64Array(rows);
  assignNearest(batch, centroids, labels, distances);
  const counts = new Int32Array(centroids.rows);
  const sums = new Float64Array(centroids.rows * columns);
  for (let i = 0; i < rows; i++) {
    counts[labels[i]]++;
    for (let c = 0; c < columns; c++) sums[labels[i] * columns + c] += values[i * columns + c];
  }
  return { distances, counts, sums, inertia: sumOf(sumBlocks(distances)), row: (i) => row(batch, i) };
}
