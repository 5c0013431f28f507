import { type AnyMatrix, matrixForDistances } from './matrix.js';
import type { OnProgress } from './progress.js';
import { squaredDistance } from './squared-distance.js';

/**
 * Mean silhouette of every labeling of the same points (P. J. Rousseeuw, "Silhouettes", J. Comput. Appl. Math. 20,
 * 1987), -1..1, exact, with Euclidean distances. A labeling gives each row a cluster, 0 or above; numbers may be left
 * out. A point alone in its cluster scores 0, as in scikit-learn; so does one whose own and next cluster both lie on
 * it. `null` for a labeling of fewer than 2 clusters, for which the silhouette is not defined.
 *
 * Each distance is computed once, for all labelings: rows² / 2 of them, and memory for rows x all clusters of all
 * labelings. Take a sample of many rows. Throws RangeError for labels that are not one integer of 0 or above a row.
 */
export function silhouettes(
  matrix: AnyMatrix,
  labelings: readonly Int32Array[],
  onProgress?: OnProgress,
): (number | null)[] {
  const points = matrixForDistances(matrix);
  const { rows, columns, values } = points;
  const clusters = labelings.map((labels) => clusterSizes(labels, rows));
  // `sums` has a row for each point and, for each labeling from `starts`, a column for each cluster.
  const starts: number[] = [];
  let width = 0;
  for (const sizes of clusters) {
    starts.push(width);
    width += sizes.length;
  }
  const sums = new Float64Array(rows * width);
  for (let i = 0; i < rows; i++) {
    for (let j = i + 1; j < rows; j++) {
      const distance = Math.sqrt(squaredDistance(values, i * columns, values, j * columns, columns));
      for (let l = 0; l < labelings.length; l++) {
        // Every sum is thus taken in the order of the rows.
        sums[i * width + starts[l] + labelings[l][j]] += distance;
        sums[j * width + starts[l] + labelings[l][i]] += distance;
      }
    }
    onProgress?.({ phase: 'silhouette', rows: i + 1, of: rows });
  }
  return labelings.map((labels, l) => {
    const sizes = clusters[l];
    if (sizes.filter((size) => size > 0).length < 2) return null;
    let total = 0;
    for (let i = 0; i < rows; i++) {
      const start = i * width + starts[l];
      total += silhouetteOf(sums.subarray(start, start + sizes.length), sizes, labels[i]);
    }
    return total / rows;
  });
}

/** The mean silhouette of one labeling, see `silhouettes`. */
export function silhouette(matrix: AnyMatrix, labels: Int32Array): number | null {
  return silhouettes(matrix, [labels])[0];
}

function silhouetteOf(sums: Float64Array, sizes: Int32Array, own: number): number {
  if (sizes[own] === 1) return 0;
  const within = sums[own] / (sizes[own] - 1);
  let next = Infinity;
  for (let c = 0; c < sizes.length; c++) {
    if (c !== own && sizes[c] > 0) next = Math.min(next, sums[c] / sizes[c]);
  }
  const larger = Math.max(within, next);
  return larger === 0 ? 0 : (next - within) / larger;
}

function clusterSizes(labels: Int32Array, rows: number): Int32Array {
  if (labels.length !== rows) throw new RangeError(`Expected ${rows} labels, one a row, got ${labels.length}`);
  let highest = 0;
  for (const [i, label] of labels.entries()) {
    if (label < 0) throw new RangeError(`Expected labels of 0 or above, got ${label} at row ${i}`);
    highest = Math.max(highest, label);
  }
  const sizes = new Int32Array(highest + 1);
  for (const label of labels) sizes[label]++;
  return sizes;
}
