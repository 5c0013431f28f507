import { scoreCandidates } from '../../activities/lookalikes/score-candidates.js';
import { standings } from '../../customers/audience/order-candidates.js';
import type { Scoring } from '../../customers/audience/audience-report.js';
import type { KernelThreads } from '../../kernels/threads/kernel-threads.js';
import type { CouponHouseholds } from './coupon-households.js';
import type { Candidate } from './lift.js';

/** The ways to sort, in the order of a candidate's scores; the first one is the default of an audience. */
export const WAYS = ['contrast', 'mean-distance', 'spend'] as const;
export type Way = (typeof WAYS)[number];

export interface DateEvaluation {
  readonly fecha: string;
  readonly seeds: number;
  readonly scoring: Scoring;
  /** All households that are no seeds; `mailed` those that were mailed later. */
  readonly households: readonly Candidate[];
  readonly mailed: readonly Candidate[];
}

/** Scores the households that are no seeds in every way. */
export async function evaluateDate(
  threads: Pick<KernelThreads, 'runCrew' | 'size'>,
  { fecha, features, seeds, redeemers, mailed }: CouponHouseholds,
  seed: number,
): Promise<DateEvaluation> {
  const { ids, columns, matrix } = features;
  const rows = Int32Array.from(ids.keys()).filter((row) => seeds.has(ids[row] ?? ''));
  const contrast = await scoreCandidates(threads, features, rows, { score: 'contrast', seed });
  const distance = await scoreCandidates(threads, features, rows, { score: 'mean-distance', seed });
  const [byContrast, byDistance] = [standings(contrast), standings(distance)];
  const spend = columns.indexOf('monto_total');
  if (spend < 0) throw new RangeError(`Expected the feature 'monto_total', got ${columns.join(', ')}`);
  const households = Array.from(contrast.rows, (row, at): Candidate => {
    const id = ids[row] ?? '';
    const spent = matrix.values[row * matrix.columns + spend] ?? 0;
    return { id, scores: [byContrast[at] ?? 0, byDistance[at] ?? 0, spent], outcome: redeemers.has(id) };
  });
  return {
    fecha,
    seeds: rows.length,
    scoring: contrast.scoring,
    households,
    mailed: households.filter(({ id }) => mailed.has(id)),
  };
}
