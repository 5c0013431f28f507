import type { Scoring, Trial } from '../../customers/audience/audience-report.js';
import { expectedFigures } from '../../customers/audience/expected-figures.js';
import type { Standing } from '../../customers/audience/order-candidates.js';
import { referenceSamples } from '../../customers/audience/reference-samples.js';
import type { Reference } from '../../customers/audience/reference-samples.js';
import { judgeFold, standingByMean, standingByShare, weightsOf } from '../../customers/audience/seed-share.js';
import { columnSeparation } from '../../kernels/column-separation.js';
import type { AnyMatrix } from '../../kernels/matrix.js';
import type { KernelThreads, RunKernelOptions } from '../../kernels/threads/kernel-threads.js';
import { countSeedsOnThreads, meanOfSeedsOnThreads } from '../../kernels/threads/seeds-on-threads.js';
import { shareMatrix } from '../../kernels/threads/share-matrix.js';
import type { NamedMatrix } from '../../lake/matrix-file.js';

/** Tried on held-out seeds, as far as a neighbourhood is at most a quarter of the reference. */
const KS = [10, 20, 50, 100, 200, 400];
const EMPHASES = [0, 1, 2, 3];
/** What is taken where there are too few seeds to try. */
const UNTRIED = { k: 50, emphasis: 0 };
const COLUMNS_SAID = 10;

export interface CandidateScores extends Standing {
  /** Everyone who is no seed, by their rows. */
  readonly rows: Int32Array;
  readonly scoring: Scoring;
}

interface Way {
  readonly k: number | null;
  readonly emphasis: number;
}

/**
 * Scores everyone who is no seed by how much they are like the seeds.
 *
 * `contrast` is the share of seeds among the `k` nearest of a reference: all seeds and a sample of everyone else, both
 * bounded and each counted with how many it stands for; one customer's worth of the overall share is added, so that no
 * share is 0 or 1. Between equal shares the nearer to a seed is better. Columns count by how far they separate seeds from
 * the rest, to the power `emphasis`. `k` and `emphasis` are those of the greatest area under the ROC curve, on average
 * over five folds of held-out seeds; of equal ones the smaller emphasis, then the smaller k.
 *
 * `mean-distance` is 1 / (1 + the mean distance to the seeds), all columns alike.
 *
 * `seeds` are rows, at least one, and somebody is no seed. The same input gives the same bits whatever the threads.
 */
export async function scoreCandidates(
  threads: Pick<KernelThreads, 'runCrew' | 'size'>,
  { matrix, columns }: Pick<NamedMatrix, 'matrix' | 'columns'>,
  seeds: Int32Array,
  { score, seed }: { readonly score: Scoring['score']; readonly seed: number },
  running: RunKernelOptions = {},
): Promise<CandidateScores> {
  const points = shareMatrix(matrix);
  const isSeed = new Set(seeds);
  const rows = Int32Array.from({ length: matrix.rows }, (_, row) => row).filter((row) => !isSeed.has(row));
  const { reference, folds } = referenceSamples(seeds, rows, seed);
  const counts = { ofSeeds: seeds.length, ofOthers: rows.length };
  const least = Math.min(...[reference, ...folds.map((fold) => fold.reference)].map(sizeOf));
  const ks = score === 'contrast' ? neighbourhoods(least) : [];
  const emphases = score === 'contrast' ? EMPHASES : [0];
  /** How rows stand by each of some `ks`, or, without any, by mean distance. */
  const standingsOf = async (
    from: Reference,
    { emphasis, rows, ks }: { readonly emphasis: number; readonly rows: Int32Array; readonly ks: readonly number[] },
  ): Promise<readonly Standing[]> => {
    const multipliers = multipliersOf(points, from, emphasis);
    const search = { points, multipliers, rows, seeds: from.seeds };
    if (ks.length === 0) return [standingByMean(await meanOfSeedsOnThreads(threads, search, running))];
    const found = await countSeedsOnThreads(threads, { ...search, background: from.background, ks }, running);
    return ks.map((k) => standingByShare(found, ks, k, weightsOf(from, counts)));
  };

  const trials: (Trial & { readonly ranks: readonly number[] })[] = [];
  for (const emphasis of emphases) {
    const judged = [];
    for (const fold of folds) {
      const held = { emphasis, rows: joined(fold.heldOut, fold.probes), ks };
      const standings = await standingsOf(fold.reference, held);
      judged.push(standings.map((standing) => judgeFold(fold, standing)));
    }
    for (const [i, k] of (score === 'contrast' ? ks : [null]).entries()) {
      const ofWay = judged.flatMap((fold) => fold[i] ?? []);
      const auc = ofWay.reduce((sum, one) => sum + one.auc, 0) / ofWay.length;
      trials.push({ k, emphasis, auc, ranks: ofWay.flatMap((one) => one.ranks) });
    }
  }
  const best = folds.length === 0 ? undefined : bestOf(trials);
  const way: Way = best ?? { emphasis: UNTRIED.emphasis, k: ks.findLast((k) => k <= UNTRIED.k) ?? null };

  const ofAll = { emphasis: way.emphasis, rows, ks: way.k === null ? [] : [way.k] };
  const [standing] = await standingsOf(reference, ofAll);
  if (standing === undefined) throw new Error('Expected a standing for everyone');
  return {
    rows,
    ...standing,
    scoring: {
      score,
      ...way,
      auc: best?.auc ?? null,
      trials: best === undefined ? [] : trials.map(({ k, emphasis, auc }) => ({ k, emphasis, auc })),
      heldOut: best?.ranks.length ?? 0,
      folds: folds.length,
      expected: expectedFigures(best?.ranks ?? []),
      reference: {
        seeds: reference.seeds.length,
        of: seeds.length,
        others: score === 'contrast' ? reference.background.length : 0,
        ofOthers: rows.length,
      },
      columns: heaviest(columns, multipliersOf(points, reference, way.emphasis)),
    },
  };
}

/** Of a small reference there is one that fits. */
function neighbourhoods(reference: number): readonly number[] {
  const fitting = KS.filter((k) => k <= reference / 4);
  return fitting.length > 0 ? fitting : [Math.max(1, Math.floor(reference / 4))];
}

const sizeOf = ({ seeds, background }: Reference): number => seeds.length + background.length;

function multipliersOf(points: AnyMatrix, { seeds, background }: Reference, emphasis: number): Float64Array {
  if (emphasis === 0) return new Float64Array(points.columns).fill(1);
  const separation = columnSeparation(points, seeds, background);
  const largest = Math.max(...separation);
  return largest === 0 ? separation.fill(1) : separation.map((one) => (one / largest) ** emphasis);
}

const bestOf = <T extends Trial>(trials: readonly T[]): T | undefined =>
  trials.reduce<T | undefined>((best, trial) => (best === undefined || trial.auc > best.auc ? trial : best), undefined);

const heaviest = (columns: readonly string[], multipliers: Float64Array): Scoring['columns'] =>
  columns
    .map((column, i) => ({ column, weight: multipliers[i] ?? 0 }))
    .toSorted((a, b) => b.weight - a.weight)
    .slice(0, COLUMNS_SAID);

const joined = (a: Int32Array, b: Int32Array): Int32Array => {
  const all = new Int32Array(a.length + b.length);
  all.set(a);
  all.set(b, a.length);
  return all;
};
