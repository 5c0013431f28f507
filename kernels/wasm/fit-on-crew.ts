import type { KMeansModel } from '../kmeans.js';
import type { AnyMatrix } from '../matrix.js';
import type { OnProgress } from '../progress.js';
import { randomStream } from '../random.js';
import { isOrdered, order, unscaled } from './canonical-order.js';
import { labelAnew, labelReordered, lloydOnCrew } from './lloyd-on-crew.js';
import { type FitWork, type SwapWork, decideOnce } from './kmeans-arrays.js';
import { scaledCentroids } from '../scaled-centroids.js';
import { padRows } from './padded-rows.js';
import type { PreparedPoints } from './prepare-on-crew.js';
import { seedOnCrew } from './seed-on-crew.js';
import { type Refined, searchBySwapsOnCrew } from './swap-search-on-crew.js';

export interface CrewFitOptions {
  readonly k: number;
  readonly restarts: number;
  readonly swapPatience: number;
  readonly maxIterations: number;
  readonly tolerance: number;
  readonly seed: number;
  /** Where the one start begins; the points were prepared with it. */
  readonly initial?: AnyMatrix | undefined;
  readonly onProgress: OnProgress;
}

/**
 * `fitKMeans` on points that are prepared: the same model, bit for bit. Every member of the crew calls it and has it. Without
 * `swaps` no starts are compared.
 */
export function fitOnCrew(
  work: FitWork,
  swaps: SwapWork | undefined,
  prepared: PreparedPoints,
  options: CrewFitOptions,
): KMeansModel {
  const { scale, variance } = prepared;
  const { k, restarts, swapPatience, maxIterations, tolerance, seed, initial, onProgress } = options;
  let latest: Refined | undefined;
  const refine = (work: FitWork, k: number, labels: 'bounded' | 'unknown', restart: number): Refined => {
    const ended = lloydOnCrew(work, prepared, k, labels, {
      maxIterations,
      shiftTolerance: tolerance * variance,
      onIteration: (iteration) => {
        onProgress({ phase: 'lloyd', k: options.k, restart, restarts, iteration, of: maxIterations });
      },
    });
    latest = { k, centroids: work.of.centroids.slice(0, k * work.stride), ...ended };
    return latest;
  };
  const bestStart = (work: FitWork): Refined => {
    let best: Refined | undefined;
    for (let restart = 1; restart <= restarts; restart++) {
      const found =
        initial === undefined
          ? refine(work, seedOnCrew(work, prepared, k, randomStream(seed, k, restart)), 'bounded', restart)
          : refine(work, startFrom(work, prepared, initial), 'unknown', restart);
      if (best === undefined || found.inertia < best.inertia) best = found;
    }
    if (best === undefined) throw new RangeError(`Expected at least 1 restart, got ${restarts}`);
    return best;
  };
  const bestOfAll = (): Refined => {
    if (swaps === undefined || (restarts === 1 && swapPatience === 0)) return bestStart(work);
    const found = searchBySwapsOnCrew(swaps, bestStart(swaps.work), {
      patience: swapPatience,
      random: randomStream(seed, k, 0),
      refine: (k) => refine(swaps.work, k, 'unknown', restarts),
    });
    if (!swaps.isSample) return found;
    if (found.k < k) return bestStart(work);
    takeCentroids(work, found.centroids);
    return refine(work, k, 'unknown', restarts);
  };
  const best = bestOfAll();
  if (best !== latest) {
    takeCentroids(work, best.centroids);
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
  const padded = new Float64Array(rows * work.stride);
  padRows(values, columns, padded, work.stride);
  takeCentroids(work, padded);
  return rows;
}

/** Leaves centroids in `work`. */
function takeCentroids(work: FitWork, centroids: Float64Array): void {
  decideOnce(work, () => {
    work.of.centroids.set(centroids);
    return 0;
  });
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
