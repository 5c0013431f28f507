import type { Scoring, Trial } from '../../customers/audience/audience-report.js';
import { expectedFigures } from '../../customers/audience/expected-figures.js';
import type { Standing } from '../../customers/audience/order-candidates.js';
import { referenceSamples } from '../../customers/audience/reference-samples.js';
import type { Reference } from '../../customers/audience/reference-samples.js';
import { judgeFold, standingOf, weightsOf } from '../../customers/audience/seed-share.js';
import { columnSeparation } from '../../kernels/column-separation.js';
import type { SeedSearch } from '../../kernels/seed-neighbours.js';
import { allOnThreads } from '../../kernels/threads/all-on-threads.js';
import type { KernelThreads, RunKernelOptions } from '../../kernels/threads/kernel-threads.js';
import { shareMatrix } from '../../kernels/threads/share-matrix.js';
import type { NamedMatrix } from '../../lake/matrix-file.js';

/** Tried on held-out seeds, as far as a neighbourhood is at most a quarter of the reference. */
const KS = [10, 20, 50, 100, 200, 400];
const EMPHASES = [0, 1, 2, 3];
/** What is taken where there are too few seeds to try. */
const UNTRIED = { k: 50, emphasis: 0 };
/** Rows of one call of the kernel: they are shared out among the threads. */
const CHUNK = 4096;
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
  threads: Pick<KernelThreads, 'run'>,
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
  const searchOf = (from: Reference, emphasis: number): Omit<SeedSearch, 'rows' | 'ks'> => ({
    points,
    multipliers: multipliersOf(points, from, emphasis),
    seeds: from.seeds,
    background: score === 'contrast' ? from.background : new Int32Array(),
  });

  const plan = emphases.flatMap((emphasis) => folds.map((fold) => ({ emphasis, fold })));
  const tried = await allOnThreads(
    threads,
    'seedNeighbours',
    plan.map(({ emphasis, fold }) => ({
      ...searchOf(fold.reference, emphasis),
      rows: joined(fold.heldOut, fold.probes),
      ks,
    })),
    running,
  );
  const trials = emphases.flatMap((emphasis) =>
    (score === 'contrast' ? ks : [null]).map((k) => {
      const judged = plan.flatMap(({ emphasis: of, fold }, i) => {
        const found = tried[i];
        if (of !== emphasis || found === undefined) return [];
        return judgeFold(fold, standingOf(found, ks, k, weightsOf(fold.reference, counts)));
      });
      const auc = judged.reduce((sum, one) => sum + one.auc, 0) / judged.length;
      return { k, emphasis, auc, ranks: judged.flatMap((one) => one.ranks) };
    }),
  );
  const best = folds.length === 0 ? undefined : bestOf(trials);
  const way: Way = best ?? { emphasis: UNTRIED.emphasis, k: ks.findLast((k) => k <= UNTRIED.k) ?? null };

  const search = searchOf(reference, way.emphasis);
  const kept = way.k === null ? [] : [way.k];
  const chunks = Array.from({ length: Math.ceil(rows.length / CHUNK) }, (_, i) => ({
    ...search,
    rows: rows.slice(i * CHUNK, (i + 1) * CHUNK),
    ks: kept,
  }));
  const parts = (await allOnThreads(threads, 'seedNeighbours', chunks, running)).map((found) =>
    standingOf(found, kept, way.k, weightsOf(reference, counts)),
  );
  return {
    rows,
    score: concatenated(parts.map((part) => part.score)),
    distance: concatenated(parts.map((part) => part.distance)),
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
        others: search.background.length,
        ofOthers: rows.length,
      },
      columns: heaviest(columns, search.multipliers),
    },
  };
}

/** Of a small reference there is one that fits. */
function neighbourhoods(reference: number): readonly number[] {
  const fitting = KS.filter((k) => k <= reference / 4);
  return fitting.length > 0 ? fitting : [Math.max(1, Math.floor(reference / 4))];
}

const sizeOf = ({ seeds, background }: Reference): number => seeds.length + background.length;

function multipliersOf(points: SeedSearch['points'], { seeds, background }: Reference, emphasis: number): Float64Array {
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

function concatenated(parts: readonly Float64Array[]): Float64Array {
  const all = new Float64Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
