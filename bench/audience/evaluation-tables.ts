import type { ComparedWays } from './evaluate-dates.js';
import { WAYS } from './evaluate.js';
import type { DateEvaluation, Way } from './evaluate.js';
import type { Interval } from './paired-bootstrap.js';

const NAMES: { readonly [way in Way]: string } = {
  contrast: '`contrast`, the default',
  'mean-distance': '`mean-distance`',
  spend: 'sorted by spend',
};

const two = (value: number): string => value.toFixed(2);
const within = ({ estimate, low, high }: Interval): string => `${two(estimate)} (${two(low)} .. ${two(high)})`;

/** The figures as they stand in the README, in Markdown. */
export function evaluationTables(
  dates: readonly DateEvaluation[],
  { households, mailed }: ComparedWays,
): readonly string[] {
  const mean = ['lift at 10 %', 'all households', '`contrast` is ahead by', 'mailed later', '`contrast` is ahead by'];
  const byDate = ['', ...dates.map(({ fecha }) => fecha)];
  const dash = (cells: readonly string[]): string => row(cells.map((_, i) => (i === 0 ? '---' : '---:')));
  return [
    row(mean),
    dash(mean),
    ...WAYS.map((way, i) =>
      row([
        NAMES[way],
        ...[households, mailed].flatMap(({ lifts, ahead }) => [
          within(lifts[i] ?? NONE),
          i === 0 ? '' : within(ahead[i] ?? NONE),
        ]),
      ]),
    ),
    '',
    row(byDate),
    dash(byDate),
    ...WAYS.map((way, i) => row([NAMES[way], ...households.byDate.map((lifts) => two(lifts[i] ?? Number.NaN))])),
    row(['seeds', ...dates.map(({ seeds }) => String(seeds))]),
    row(['candidates', ...dates.map((date) => String(date.households.length))]),
    row(['of them redeem later', ...dates.map((date) => String(count(date.households)))]),
    row(['mailed later', ...dates.map((date) => String(date.mailed.length))]),
    row(['k, emphasis', ...dates.map(({ scoring }) => `${scoring.k}, ${scoring.emphasis}`)]),
  ];
}

const NONE: Interval = { estimate: Number.NaN, low: Number.NaN, high: Number.NaN };

const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

const count = (candidates: DateEvaluation['households']): number => candidates.filter(({ outcome }) => outcome).length;
