import { drawTable } from '../../cli/table.js';
import type { HistoryFigures } from './history.js';
import type { Result, Target } from './results.js';
import { CHAIN_LENGTH, FAN_OUT_WIDTH, WORKLOADS } from './workload.js';

/** All that a run of the bench found. */
export interface Report {
  readonly results: readonly Result[];
  /** Who was to take part and did not, or fell out, and why. */
  readonly absent: { readonly [name: string]: string };
  readonly ours: HistoryFigures | undefined;
  /** What has to hold. */
  readonly checks: readonly Target[];
  /** What we mean to reach. */
  readonly targets: readonly Target[];
}

const TITLES = {
  chain: `a chain of ${CHAIN_LENGTH} empty tasks`,
  'fan-out': `${FAN_OUT_WIDTH} empty tasks side by side, between a first and a last one`,
} as const;

const HEAD = ['contender', 'median s', 'min s', 'max s', 'rounds', 'times plain Temporal'];

/** The report for a terminal. */
export function drawReport({ results, absent, checks, targets }: Report): string {
  const tables = WORKLOADS.flatMap((workload) => {
    const rows = results
      .filter((result) => result.workload === workload)
      .map(({ name, median, min, max, seconds, ratio }) => [name, median, min, max, seconds.length, ratio]);
    return rows.length === 0 ? [] : [`${TITLES[workload]}:`, drawTable(HEAD, rows), ''];
  });
  return [
    ...tables,
    ...Object.entries(absent).map(([name, reason]) => `ABSENT: ${name}: ${reason}`),
    ...checks.map(({ met, text }) => `${met ? 'holds' : 'FAILS'}: ${text}`),
    ...targets.map(({ met, text }) => `${met ? 'reached' : 'MISSED'}: ${text}`),
  ].join('\n');
}
