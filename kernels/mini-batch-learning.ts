/** What a batch of rows showed, with the centroids as they are. */
export interface LabelledBatch {
  /** Of each row the squared distance to the centroid that is nearest to it. */
  readonly distances: Float64Array;
  /** Rows of each centroid, and their sums, k x stride. */
  readonly counts: Int32Array;
  readonly sums: Float64Array;
  /** The sum of the distances. */
  readonly inertia: number;
  /** Row `i` of the batch, `stride` values. */
  row(i: number): Float32Array | Float64Array;
}

/** A centroid that gets no row of so many batches in a row is given another place. */
const IDLE_BATCHES = 16;

/**
 * Learns `centroids` (k x stride, changed in place) batch by batch: the call that is returned takes the next batch, and
 * says whether it was the last one. `sizes` are the rows that each centroid is the mean of so far.
 *
 * The step is that of D. Sculley, "Web-scale k-means clustering", WWW 2010: each row draws its centroid towards it at a
 * rate of one over the rows that the centroid has had so far, this one included. Taken together, the rows of a batch move
 * a centroid towards their mean, by the share they have of all rows that it has had.
 *
 * A centroid that gets no row of 16 batches in a row takes the place of the row of the batch that is farthest from its
 * own, the first of equally far ones, and has had one row from then on. Rows on their centroids are not taken, and where
 * there is none left it stays where it is.
 *
 * The last batch is that after which the smoothed inertia of a batch has not been lower than ever before for `patience`
 * batches in a row. Smoothed: a mean in which each batch weighs 2 / (patience + 1), and those before the rest.
 */
export function learnByBatches(
  centroids: Float64Array,
  stride: number,
  sizes: readonly number[],
  patience: number,
): (batch: LabelledBatch) => boolean {
  const had = Float64Array.from(sizes);
  const idle = new Int32Array(sizes.length);
  const weight = 2 / (patience + 1);
  let smoothed: number | undefined;
  let lowest = Infinity;
  let failed = 0;

  function move({ counts, sums }: LabelledBatch): void {
    for (let c = 0; c < had.length; c++) {
      idle[c] = counts[c] === 0 ? idle[c] + 1 : 0;
      if (counts[c] === 0) continue;
      had[c] += counts[c];
      const rate = counts[c] / had[c];
      for (let at = c * stride; at < (c + 1) * stride; at++) {
        centroids[at] += (sums[at] / counts[c] - centroids[at]) * rate;
      }
    }
  }

  function replaceIdle({ distances, row }: LabelledBatch): void {
    const taken = new Set<number>();
    for (let c = 0; c < had.length; c++) {
      if (idle[c] < IDLE_BATCHES) continue;
      let farthest = -1;
      let distance = 0;
      for (let i = 0; i < distances.length; i++) {
        if (distances[i] > distance && !taken.has(i)) {
          farthest = i;
          distance = distances[i];
        }
      }
      if (farthest === -1) return;
      taken.add(farthest);
      centroids.set(row(farthest), c * stride);
      had[c] = 1;
      idle[c] = 0;
    }
  }

  return (batch) => {
    smoothed = smoothed === undefined ? batch.inertia : smoothed + (batch.inertia - smoothed) * weight;
    failed = smoothed < lowest ? 0 : failed + 1;
    lowest = Math.min(lowest, smoothed);
    move(batch);
    replaceIdle(batch);
    return failed === patience;
  };
}
