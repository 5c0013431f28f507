import { drawTable } from '../../cli/table.js';
import { median } from '../orchestrator/results.js';
import { growthLines } from './growth.js';
import type { Limits } from './limits.js';
import type { Measured, RowResult } from './measure-row.js';
import type { Plain } from './row.js';

const HEAD = [
  'work',
  'by',
  'rounds',
  'median s',
  'min s',
  'max s',
  'times as fast is ours',
  'aim',
  'peak MiB',
  'results',
] as const;

export interface ReportHead {
  readonly date: string;
  readonly machine: readonly string[];
  readonly rounds: number;
  readonly limits: Limits;
}

/** For a terminal. */
export function drawReport(results: readonly RowResult[], limits: Limits): string {
  const texts = cellsOf(results).map((cells) => cells.map((cell) => wrapped(cell)));
  return [drawTable(HEAD, texts), ...notes(results, limits)].join('\n');
}

/** For `bench/results/`. */
export function markdownReport({ date, machine, rounds, limits }: ReportHead, results: readonly RowResult[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [
    `# Kernels and pipeline, ${date}`,
    '',
    ...machine.map((said) => `- ${said}`),
    `- ${rounds} rounds after a warm-up, at most; bench/README.md says how it is measured`,
    '',
    line(HEAD),
    line(HEAD.map((_, i) => (i < 2 || i > 7 ? (i === 8 ? '---:' : '---') : '---:'))),
    ...cellsOf(results).map(line),
    '',
    ...notes(results, limits),
    '',
  ].join('\n');
}

/** A line for each side; what it is about stands in the first one. */
const cellsOf = (results: readonly RowResult[]): string[][] =>
  results.flatMap(({ title, sides }) => sides.map((side, i) => [i === 0 ? title : '', ...sideCells(side)]));

function sideCells(side: Measured): string[] {
  const { name, seconds, ratio, peakMiB, agreement, failure } = side;
  const time = (value: number): string => (seconds.length === 0 ? '' : value.toFixed(value < 10 ? 3 : 1));
  const results = agreement === null ? '' : `${agreement.holds ? 'agree' : 'DIFFER'}: ${agreement.says}`;
  return [
    name,
    String(seconds.length),
    time(median(seconds)),
    time(Math.min(...seconds)),
    time(Math.max(...seconds)),
    ratio === null ? '' : ratio.toFixed(2),
    aims(side),
    peakMiB === null ? '' : String(peakMiB),
    failure === null ? results : 'fell out',
  ];
}

function aims({ ratio, atLeast, memoryRatio, memoryAtMost }: Measured): string {
  const said = (met: boolean | null): string => (met === null ? '' : met ? ' reached' : ' MISSED');
  const time = atLeast === null ? [] : [`${atLeast}${said(ratio === null ? null : ratio >= atLeast)}`];
  const isSmall = memoryRatio === null || memoryAtMost === null ? null : memoryRatio <= memoryAtMost;
  const memory = memoryAtMost === null ? [] : [`${memoryAtMost.toFixed(2)} of its memory${said(isSmall)}`];
  return [...time, ...memory].join('; ');
}

const notes = (results: readonly RowResult[], limits: Limits): string[] => [
  ...results.flatMap(({ title, absent, sides, plain, notes: said }) => [
    ...(plain === null || sides[0] === undefined ? [] : [`- LIMIT: ${title}: ${distance(plain, limits, sides[0])}`]),
    ...said.map((note) => `- ${title}: ${note}`),
    ...(absent === null ? [] : [`- ABSENT: ${title}: ${absent}`]),
    ...sides.flatMap(({ name, failure }) =>
      failure === null ? [] : [`- FELL OUT: ${title}: ${name}: ${failure.replaceAll('\n', ' ')}`],
    ),
  ]),
  ...growthLines(results),
];

function distance({ unit, amount }: Plain, limits: Limits, { seconds }: Measured): string {
  const least = amount / limits[unit];
  const took = median(seconds);
  const what = unit === 'bytes' ? 'bytes read' : 'multiply-adds';
  return `plainly done ${amount.toPrecision(2)} ${what}, ${least.toPrecision(2)} s at the limit of this machine; ours took ${(took / least).toPrecision(2)} times that`;
}

const WIDTH = 34;

/** Long cells take several lines. */
function wrapped(cell: string): string {
  const lines = [''];
  for (const word of cell.split(' ')) {
    const last = lines.at(-1) ?? '';
    if (last !== '' && last.length + word.length >= WIDTH) lines.push(word);
    else lines[lines.length - 1] = last === '' ? word : `${last} ${word}`;
  }
  return lines.join('\n');
}
