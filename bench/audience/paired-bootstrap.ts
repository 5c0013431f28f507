import { randomStream } from '../../kernels/random.js';
import { bestFirst, liftAt } from './lift.js';
import type { Candidate } from './lift.js';

export interface Interval {
  readonly estimate: number;
  /** Of 95 %, by percentiles. */
  readonly low: number;
  readonly high: number;
}

export interface Compared {
  /** Mean lift over the dates, one a way to sort. */
  readonly lifts: readonly Interval[];
  /** Lift of the first way less that of each way: 0 for itself. */
  readonly ahead: readonly Interval[];
  /** For each date, one lift a way. */
  readonly byDate: readonly (readonly number[])[];
}

/**
 * Mean lift at `share` over several dates, and how far the first way to sort is ahead of the others, with bootstrap
 * intervals. What is drawn are ids, for all dates and all ways at once: the same household at four dates is no four
 * households, and a lucky draw is lucky for every way. Draws in which a date has no outcome are drawn again.
 */
export function compareLifts(
  dates: readonly (readonly Candidate[])[],
  { share, draws, seed }: { readonly share: number; readonly draws: number; readonly seed: number },
): Compared {
  const ways = dates[0]?.[0]?.scores.map((_, way) => way) ?? [];
  const orders = dates.map((candidates) => ways.map((way) => bestFirst(candidates, way)));
  const liftsOf = (times: (id: string) => number): number[][] =>
    dates.map((candidates, d) => {
      const counts = candidates.map(({ id }) => times(id));
      return ways.map((way) =>
        liftAt(candidates, orders[d]?.[way] ?? new Int32Array(), way, share, (at) => counts[at] ?? 0),
      );
    });
  const meanOf = (lifts: readonly (readonly number[])[]): readonly number[] =>
    ways.map((way) => lifts.reduce((sum, date) => sum + (date[way] ?? 0), 0) / lifts.length);

  const byDate = liftsOf(() => 1);
  const estimate = meanOf(byDate);
  const ids = [...new Set(dates.flatMap((candidates) => candidates.map(({ id }) => id)))].toSorted();
  const samples: (readonly number[])[] = [];
  for (let draw = 0; samples.length < draws; draw += 1) {
    const random = randomStream(seed, draw);
    const times = new Map<string, number>();
    for (let i = 0; i < ids.length; i += 1) {
      const id = ids[random.integer(ids.length)] ?? '';
      times.set(id, (times.get(id) ?? 0) + 1);
    }
    const means = meanOf(liftsOf((id) => times.get(id) ?? 0));
    if (means.every(Number.isFinite)) samples.push(means);
  }
  const first = (means: readonly number[]): number => means[0] ?? Number.NaN;
  const interval = (of: (means: readonly number[]) => number): Interval => {
    const sorted = samples.map(of).toSorted((a, b) => a - b);
    const at = (quantile: number): number => sorted[Math.round(quantile * (sorted.length - 1))] ?? Number.NaN;
    return { estimate: of(estimate), low: at(0.025), high: at(0.975) };
  };
  return {
    byDate,
    lifts: ways.map((way) => interval((means) => means[way] ?? Number.NaN)),
    ahead: ways.map((way) => interval((means) => first(means) - (means[way] ?? Number.NaN))),
  };
}
