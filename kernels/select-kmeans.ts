import { checkInteger } from './check-integer.js';
import { chooseK } from './elbow.js';
import type { KMeansModel } from './kmeans.js';
import { type AnyMatrix, matrixForDistances, rowsAt } from './matrix.js';
import type { OnProgress } from './progress.js';
import { randomStream } from './random.js';
import { sampleRows } from './sample-rows.js';
import { silhouettes } from './silhouette.js';

export interface SelectKMeansOptions {
  /** Rows at most over which silhouettes are computed; default 2000. */
  readonly silhouetteSample?: number | undefined;
  /** An integer of 0..2^53 - 1, which decides the sample. */
  readonly seed: number;
  readonly onProgress?: OnProgress | undefined;
}

export interface KMeansSummary {
  readonly k: number;
  readonly inertia: number;
  readonly iterations: number;
  readonly sizes: readonly number[];
  /** Mean silhouette over the sample, the same rows for every k; `null` if the sample is of fewer than 2 clusters. */
  readonly silhouette: number | null;
}

/** Several clusterings of a matrix and the one that was chosen. Plain data. */
export interface KMeansSweep {
  /** In ascending order of k, each k once. */
  readonly byK: readonly KMeansSummary[];
  readonly chosenK: number;
  /** The clustering of `chosenK`. */
  readonly model: KMeansModel;
}

/**
 * Scores clusterings of the same matrix and chooses one by `chooseK`. Where several models have the same k, which
 * happens when a matrix has fewer distinct points than clusters asked for, the one of the lowest inertia stands for
 * them, the first of equal ones.
 *
 * Throws RangeError without a model, and for a `silhouetteSample` below 1.
 */
export function selectKMeans(
  matrix: AnyMatrix,
  models: readonly KMeansModel[],
  options: SelectKMeansOptions,
): KMeansSweep {
  const points = matrixForDistances(matrix);
  const { candidates, sample, labelings } = candidatesOf(models, points.rows, options);
  return selectByScores(candidates, silhouettes(rowsAt(points, sample), labelings, options.onProgress));
}

/** The best model of each k, and what their silhouettes are of: the rows of the sample, with their labels. */
export function candidatesOf(
  models: readonly KMeansModel[],
  rows: number,
  { silhouetteSample = 2000, seed }: SelectKMeansOptions,
): { candidates: readonly KMeansModel[]; sample: Int32Array; labelings: readonly Int32Array[] } {
  checkInteger('silhouetteSample', silhouetteSample, 1, Number.MAX_SAFE_INTEGER, 'at least 1');
  const candidates = bestOfEachK(models);
  const sample = sampleRows(rows, silhouetteSample, randomStream(seed));
  return { candidates, sample, labelings: candidates.map((model) => sample.map((i) => model.labels[i])) };
}

/** Chooses among candidates, see `candidatesOf`, given their silhouettes. */
export function selectByScores(candidates: readonly KMeansModel[], scores: readonly (number | null)[]): KMeansSweep {
  const byK = candidates.map(({ k, inertia, iterations, sizes }, i) => ({
    k,
    inertia,
    iterations,
    sizes,
    silhouette: scores[i],
  }));
  const chosenK = chooseK(byK);
  return { byK, chosenK, model: candidates[byK.findIndex((summary) => summary.k === chosenK)] };
}

function bestOfEachK(models: readonly KMeansModel[]): KMeansModel[] {
  const best = new Map<number, KMeansModel>();
  for (const model of models) {
    const other = best.get(model.k);
    if (other === undefined || model.inertia < other.inertia) best.set(model.k, model);
  }
  return [...best.values()].toSorted((a, b) => a.k - b.k);
}
