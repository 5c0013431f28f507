import type { Series } from './rounds.js';
import { WORKLOADS } from './workload.js';
import type { Workload } from './workload.js';

/** How long one contender took for one workload, in seconds. */
export interface Result {
  readonly key: string;
  readonly name: string;
  readonly workload: Workload;
  /** In the order of the rounds; a contender that fell out has fewer. */
  readonly seconds: readonly number[];
  readonly median: number;
  readonly min: number;
  readonly max: number;
  /** Median over the rounds of its time by plain Temporal's in the same round; null without plain Temporal. */
  readonly ratio: number | null;
}

export interface Target {
  readonly text: string;
  readonly met: boolean;
}

const OURS = 'segmenta';
const BASELINE = 'temporal';
const RATIO_LIMIT = 1.3;

/** Whom we mean to be ahead of: every way of theirs that keeps a record of the run. */
const RIVALS: { readonly [W in Workload]: readonly string[] } = {
  chain: ['prefect', 'prefect-deployed', 'dagster', 'dagster-multiprocess', 'airflow-test', 'airflow'],
  'fan-out': ['dagster', 'dagster-multiprocess', 'airflow-test', 'airflow'],
};

/** The contenders that ran, workload by workload in the order of their medians. */
export function summarize(series: readonly Series[], names: { readonly [key: string]: string }): Result[] {
  return WORKLOADS.flatMap((workload) => {
    const all = series.filter((one) => one.workload === workload);
    const baseline = all.find(({ key }) => key === BASELINE)?.seconds;
    const results = all.flatMap((one) => resultOf(one, names[one.key] ?? one.key, baseline) ?? []);
    return results.toSorted((a, b) => a.median - b.median);
  });
}

function resultOf(
  { key, workload, seconds }: Series,
  name: string,
  baseline: Series['seconds'] = [],
): Result | undefined {
  const ran = seconds.filter((time) => time !== undefined);
  if (ran.length === 0) return undefined;
  const ratios = seconds.flatMap((time, round) => {
    const base = baseline[round];
    return time === undefined || base === undefined ? [] : [time / base];
  });
  return {
    key,
    name,
    workload,
    seconds: ran,
    median: median(ran),
    min: Math.min(...ran),
    max: Math.max(...ran),
    ratio: ratios.length === 0 ? null : median(ratios),
  };
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return ((sorted[Math.floor(middle)] ?? Number.NaN) + (sorted[Math.ceil(middle)] ?? Number.NaN)) / 2;
}

/** What we mean to reach, for the contenders that ran. */
export function judgeTargets(results: readonly Result[]): Target[] {
  return WORKLOADS.flatMap((workload) => {
    const here = results.filter((result) => result.workload === workload);
    const ours = here.find(({ key }) => key === OURS);
    if (ours === undefined) return [];
    const ratio = ours.ratio === null ? [] : [ours.ratio];
    return [
      ...ratio.map((times) => ({
        text: `${workload}: within ${RATIO_LIMIT} times plain Temporal (${times.toFixed(2)})`,
        met: times <= RATIO_LIMIT,
      })),
      ...here
        .filter(({ key }) => RIVALS[workload].includes(key))
        .map(({ name, median }) => ({
          text: `${workload}: ahead of ${name} (${ours.median.toFixed(2)} s to ${median.toFixed(2)} s)`,
          met: ours.median < median,
        })),
    ];
  });
}
