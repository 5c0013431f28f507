import type { KMeansModel } from '../kmeans.js';
import type { AnyMatrix, Matrix } from '../matrix.js';
import type { OnProgress } from '../progress.js';
import { randomStream } from '../random.js';
import { scaledCentroids } from '../scaled-centroids.js';
import { type CrewLloyd, labelAnew, labelReordered, lloydOnCrew } from './lloyd-on-crew.js';
import { type FitWork, decideOnce } from './kmeans-arrays.js';
import type { PreparedPoints } from './prepare-on-crew.js';
import { seedOnCrew } from './seed-on-crew.js';

export interface CrewFitOptions {
  readonly k: number;
  readonly restarts: number;
  readonly maxIterations: number;
  readonly tolerance: number;
  readonly seed: number;
  /** Where the one start begins; the points were prepared with it. */
  readonly initial?: AnyMatrix | undefined;
  readonly onProgress: OnProgress;
}

interface Start extends CrewLloyd {
  readonly k: number;
  readonly centroids: Float64Array;
}

/** `fitKMeans` on points that are prepared: the same model, bit for bit. Every member of the crew calls it and has it. */
export function fitOnCrew(work: FitWork, prepared: PreparedPoints, options: CrewFitOptions): KMeansModel {
  const { scale, variance } = prepared;
  const { k, restarts, maxIterations, tolerance, seed, initial, onProgress } = options;
  let best: Start | undefined;
  for (let restart = 1; restart <= restarts; restart++) {
    const found =
      initial === undefined
        ? seedOnCrew(work, prepared, k, randomStream(seed, k, restart))
        : startFrom(work, prepared, initial);
    const { inertia, iterations } = lloydOnCrew(work, prepared, found, initial === undefined ? 'bounded' : 'unknown', {
      maxIterations,
      shiftTolerance: tolerance * variance,
      onIteration: (iteration) => {
        onProgress({ phase: 'lloyd', k, restart, restarts, iteration, of: maxIterations });
      },
    });
    if (best === undefined || inertia < best.inertia) {
      best = { k: found, centroids: work.of.centroids.slice(0, found * work.stride), inertia, iterations };
    }
  }
  if (best === undefined) throw new RangeError(`Expected at least 1 restart, got ${restarts}`);
  if (restarts > 1) {
    decideOnce(work, () => {
      work.of.centroids.set(best.centroids);
      return 0;
    });
    labelAnew(work, prepared, best.k);
  }
  const { sizes, centroids } = canonicalOnCrew(work, prepared, best.k);
  return {
    k: sizes.length,
    centroids: unscaled(centroids, work, scale),
    labels: work.of.labels.slice(),
    sizes,
    inertia: best.inertia / scale ** 2,
    iterations: best.iterations,
    restarts,
  };
}

/** Leaves given centroids in `work`, and returns how many there are. */
function startFrom(work: FitWork, { scale }: PreparedPoints, initial: AnyMatrix): number {
  const { rows, columns, values } = scaledCentroids(initial, scale);
  decideOnce(work, () => {
    work.of.centroids.fill(0);
    for (let c = 0; c < rows; c++) {
      work.of.centroids.set(values.subarray(c * columns, (c + 1) * columns), c * work.stride);
    }
    return 0;
  });
  return rows;
}

/** `canonicalClusters` of the centroids that the labels in `work` are of; leaves the labels there. */
function canonicalOnCrew(work: FitWork, prepared: PreparedPoints, k: number) {
  const { stride, of } = work;
  let ordered = k;
  for (;;) {
    const before = ordered;
    ordered = decideOnce(work, () => order(work, before));
    if (ordered === before) labelReordered(work, prepared, ordered);
    else labelAnew(work, prepared, ordered);
    if (decideOnce(work, () => Number(isOrdered(work, ordered))) === 1) break;
  }
  return {
    sizes: Array.from(of.counts.subarray(0, ordered)),
    centroids: of.centroids.slice(0, ordered * stride),
  };
}

/**
 * Brings the centroids into canonical order by the sizes of their clusters, without empty ones, and writes the place of
 * each to `chosen`. Returns how many remain.
 */
function order({ stride, of }: FitWork, k: number): number {
  const centroids = of.centroids.slice(0, k * stride);
  const counts = of.counts.slice(0, k);
  const order = Array.from({ length: k }, (_, c) => c)
    .filter((c) => counts[c] > 0)
    .toSorted((a, b) => counts[b] - counts[a] || compare(centroids, a * stride, b * stride, stride));
  of.counts.fill(0);
  for (const [position, c] of order.entries()) {
    of.chosen[c] = position;
    of.counts[position] = counts[c];
    of.centroids.set(centroids.subarray(c * stride, (c + 1) * stride), position * stride);
  }
  return order.length;
}

function isOrdered({ stride, of }: FitWork, k: number): boolean {
  for (let c = 0; c < k; c++) {
    if (of.counts[c] === 0) return false;
    if (c === 0) continue;
    const ahead = of.counts[c - 1] - of.counts[c] || compare(of.centroids, c * stride, (c - 1) * stride, stride);
    if (ahead < 0) return false;
  }
  return true;
}

function compare(values: Float64Array, a: number, b: number, columns: number): number {
  for (let c = 0; c < columns; c++) {
    const difference = values[a + c] - values[b + c];
    if (difference !== 0) return difference;
  }
  return 0;
}

function unscaled(centroids: Float64Array, { columns, stride }: FitWork, scale: number): Matrix<Float64Array> {
  const rows = centroids.length / stride;
  const values = Float64Array.from({ length: rows * columns }, (_, i) => {
    return centroids[Math.floor(i / columns) * stride + (i % columns)] / scale;
  });
  return { rows, columns, values };
}
