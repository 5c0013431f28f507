import { labelingOf } from './labeling.js';
import { type AnyMatrix, matrixForDistances } from './matrix.js';
import type { OnProgress } from './progress.js';
import { distanceRounder, meanSilhouette, sumPlaces } from './silhouette-scores.js';
import { squaredDistance } from './squared-distance.js';

/**
 * Mean silhouette of every labeling of the same points (P. J. Rousseeuw, "Silhouettes", J. Comput. Appl. Math. 20,
 * 1987), -1..1, exact, with Euclidean distances. A labeling gives each row a cluster, 0 or above; numbers may be left
 * out. A point alone in its cluster scores 0, as in scikit-learn; so does one whose own and next cluster both lie on
 * it. `null` for a labeling of fewer than 2 clusters, for which the silhouette is not defined.
 *
 * Each distance is computed once, for all labelings: rows² / 2 of them, and memory for rows x all clusters of all
 * labelings. Take a sample of many rows. A distance is rounded to a grid, see `distanceRounder`, and the scores are added
 * up by blocks of rows. Throws RangeError for labels that are not one integer of 0 or above a row.
 */
export function silhouettes(
  matrix: AnyMatrix,
  labelings: readonly Int32Array[],
  onProgress?: OnProgress,
): (number | null)[] {
  const points = matrixForDistances(matrix);
  const { rows, columns, values } = points;
  const counted = labelings.map((labels) => labelingOf(labels, rows));
  const { starts, width } = sumPlaces(counted);
  const rounder = distanceRounder(points);
  const sums = new Float64Array(width * rows);
  for (let i = 0; i < rows; i++) {
    for (let j = i + 1; j < rows; j++) {
      const distance =
        Math.sqrt(squaredDistance(values, i * columns, values, j * columns, columns)) + rounder - rounder;
      for (let l = 0; l < counted.length; l++) {
        const { clusters } = counted[l];
        sums[(starts[l] + clusters[j]) * rows + i] += distance;
        sums[(starts[l] + clusters[i]) * rows + j] += distance;
      }
    }
    onProgress?.({ phase: 'silhouette', rows: i + 1, of: rows });
  }
  const places = Int32Array.from({ length: rows }, (_, i) => i);
  return counted.map((labeling, l) => meanSilhouette(labeling, sums.subarray(starts[l] * rows), rows, places));
}

/** The mean silhouette of one labeling, see `silhouettes`. */
export function silhouette(matrix: AnyMatrix, labels: Int32Array): number | null {
  return silhouettes(matrix, [labels])[0];
}
