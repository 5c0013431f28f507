import type { RecordedRun } from '../dag/recorded-run.js';
import { tookMs } from '../dag/recorded-run.js';
import type { HeldPartition } from '../lake/dag-partitions.js';
import { alignColumns } from './columns.js';
import { UNFINISHED } from './run-lines.js';
import { roughlyWords } from './time-words.js';
import { MARKS } from './task-marks.js';

/** A date of the grid. */
export interface GridRow {
  readonly fecha: string;
  /** Runs of the date that left records, or are at work. */
  readonly runs: number;
  /** The newest of them. */
  readonly run: RecordedRun | null;
  /** By table, in the grid's order. */
  readonly partitions: readonly (HeldPartition | null)[];
}

export interface Grid {
  readonly tasks: readonly string[];
  readonly tables: readonly string[];
  readonly rows: readonly GridRow[];
}

/** More tasks have no room for their names above their columns. */
const NAMED_TASKS = 24;

/** Dates by tasks, a mark a task: what became of it in the newest run of the date; then what is published of the date. */
export function gridLines({ tasks, tables, rows }: Grid): string[] {
  const named = tasks.length <= NAMED_TASKS;
  const cells = alignColumns(
    rows.map((row) => [
      row.fecha,
      tasks.map((task) => markOf(row.run, task)).join(named ? ' ' : ''),
      ...row.partitions.map(versionOf),
      ...endOf(row),
    ]),
  );
  const widths = tables.map((_, i) =>
    Math.max(...rows.map(({ partitions }) => versionOf(partitions[i] ?? null).length)),
  );
  const first = INDENT.length + DATE + GAP;
  const columns = tasks.map((label, i) => ({ label, at: first + 2 * i }));
  let at = first + (named ? 2 * tasks.length - 1 : tasks.length) + GAP;
  const ofTables = tables.map((label, i) => {
    const column = { label, at };
    at += (widths[i] ?? 0) + GAP;
    return column;
  });
  const head = named ? stairs([...columns, ...ofTables]) : [...numbered(tasks, first), ...stairs(ofTables)];
  return [...head, ...cells.map((line) => INDENT + line), '', ...legend(rows, tasks)];
}

const INDENT = '  ';
const DATE = 10;
const GAP = 2;
const TOOK = 6;

/** Names above their columns, one a line, so that none needs more than its own width. */
function stairs(columns: readonly { readonly label: string; readonly at: number }[]): string[] {
  return columns.map(({ label, at }, i) => {
    const before = columns.slice(0, i).reduce((line, column) => `${line.padEnd(column.at)}|`, '');
    return before.padEnd(at) + label;
  });
}

/** Of a DAG with many tasks: which column is which, by tens. */
function numbered(tasks: readonly string[], first: number): string[] {
  const names = tasks.map((task, i) => `  ${String(i + 1).padStart(3)} ${task}`);
  const tens = tasks.map((_, i) => ((i + 1) % 10 === 0 ? String(((i + 1) / 10) % 10) : '.')).join('');
  return [...names, ' '.repeat(first) + tens];
}

function markOf(run: RecordedRun | null, task: string): string {
  const ended = run?.tasks[task];
  if (run === null || ended === undefined) return ' ';
  if (ended.state !== 'success') return MARKS[ended.state];
  if (run.checks[task]?.passed === false) return WARNED;
  return ended.cached === true ? '=' : MARKS.success;
}

const WARNED = 'w';

const MEANINGS: readonly (readonly [mark: string, meaning: string])[] = [
  ['+', 'computed'],
  ['=', 'cached'],
  [WARNED, 'done, a check warned'],
  ['x', 'failed'],
  ['!', 'held'],
  ['-', 'did not run'],
];

function versionOf(partition: HeldPartition | null): string {
  if (partition === null) return '-';
  return partition.there ? `v${partition.version}` : `v${partition.version}?`;
}

function endOf({ run, runs }: GridRow): string[] {
  if (run === null) return ['no run'];
  // Where it failed is to be seen.
  return [run.outcome, roughlyWords(tookMs(run)).padStart(TOOK), runs === 1 ? '' : `${runs} runs`];
}

function legend(rows: readonly GridRow[], tasks: readonly string[]): string[] {
  const seen = new Set(rows.flatMap(({ run }) => tasks.map((task) => markOf(run, task))));
  const marks = MEANINGS.filter(([mark]) => seen.has(mark)).map(([mark, meaning]) => `${mark} ${meaning}`);
  const partitions = rows.flatMap((row) => row.partitions);
  return [
    ...(marks.length === 0 ? [] : [INDENT + marks.join('   ')]),
    ...(partitions.length === 0
      ? []
      : ['  v12: the version of the table that holds the date, whichever run published it; -: none']),
    ...(partitions.some((one) => one?.there === false) ? ['  v12?: its file is not in the lake'] : []),
    ...(rows.some(({ run }) => run?.outcome === 'unfinished') ? [UNFINISHED] : []),
  ];
}
