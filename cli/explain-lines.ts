import type { ExplainedTask, Explanation, MadeArtifact } from '../dag/explain-run.js';
import type { Figure, FigureChange } from '../dag/figures.js';
import type { FileChange } from '../dag/source-states.js';
import { tookMs, workOf } from '../dag/recorded-run.js';
import type { RecordedRun } from '../dag/recorded-run.js';
import type { DagTable } from '../lake/dag-partitions.js';
import { alignColumns, oneLine } from './columns.js';
import { momentWords, tookWords } from './time-words.js';

export interface ExplainedRun {
  readonly explanation: Explanation;
  readonly tables: readonly DagTable[];
  /** Runs of the date that left records. */
  readonly ofDate: number;
}

/** A run for people: what went in, what each task did and why, what came out; changes since the run it is beside. */
export function explainLines({ explanation, tables, ofDate }: ExplainedRun): string[] {
  const { run, against, tasks } = explanation;
  return [
    ...headOf(run, against, ofDate),
    ...section('inputs', inputLines(tasks)),
    ...section('parameters', paramLines(explanation)),
    ...section('versions', versionLines(explanation)),
    ...section('tasks', taskLines(tasks)),
    ...section('artifacts', artifactLines(tasks)),
    ...section('published now', publishedLines(run, tables)),
    ...section('operators', operatorLines(run)),
  ];
}

const section = (title: string, lines: readonly string[]): string[] =>
  lines.length === 0 ? [] : ['', title, ...lines.map((line) => `  ${line}`.trimEnd())];

function headOf(run: RecordedRun, against: RecordedRun | null, ofDate: number): string[] {
  const { computed, cached } = workOf(run);
  const others = ofDate === 1 ? '' : `, one of ${ofDate} runs of this date`;
  const kind = run.origin === null ? '' : `${originWords(run)}, `;
  const took = run.endedAt === null ? '' : `, took ${tookWords(tookMs(run))}`;
  return [
    `${run.dag}/${run.fecha}: ${run.outcome} (run ${run.runId}${others})`,
    `  ${kind}started ${momentWords(run.startedAt)}${took}: ${computed} computed, ${cached} cached`,
    against === null
      ? '  no earlier run to compare it with'
      : `  compared with ${against.fecha}: ${against.outcome} (run ${against.runId})`,
    ...(run.outcome === 'running' || run.outcome === 'held'
      ? [`  its record is not whole before it ends: segmenta status ${run.dag} --fecha ${run.fecha}`]
      : []),
  ];
}

function originWords({ origin }: RecordedRun): string {
  if (origin?.kind === 'scheduled') return origin.schedule === '' ? 'scheduled' : `scheduled by ${origin.schedule}`;
  return origin?.kind === 'backfill' ? `backfill ${origin.backfill}` : 'manual';
}

const FILE_MARKS = { same: '=', changed: '~', new: '+', gone: '-', unknown: ' ' } as const;

function inputLines(tasks: readonly ExplainedTask[]): string[] {
  return tasks
    .filter(({ isInput }) => isInput)
    .flatMap(({ task, note = '', noteBefore, files }) => [
      `${task}: ${note}${noteBefore === null || noteBefore === note ? '' : ` (before: ${noteBefore})`}`,
      ...fileLines(files).map((line) => `  ${line}`),
    ]);
}

/** Files that are told one by one; the rest, all as before, in a sum. */
const FILES = 12;

function fileLines(files: readonly FileChange[]): string[] {
  const told = files.length <= FILES ? files : files.filter(({ change }) => change !== 'same').slice(0, FILES);
  const rest = files.filter((file) => !told.includes(file));
  const rows = told.map(({ name, bytes, bytesBefore, change }) => [
    FILE_MARKS[change],
    name,
    bytes === null ? 'gone' : `${bytes.toLocaleString('en')} bytes`,
    change === 'changed' ? `changed, was ${bytesBefore?.toLocaleString('en')} bytes` : change === 'new' ? 'new' : '',
  ]);
  const sum = rest.reduce((total, { bytes }) => total + (bytes ?? 0), 0);
  const as = rest.every(({ change }) => change === 'same') ? 'as before' : 'more';
  return [
    ...alignColumns(rows),
    ...(rest.length === 0 ? [] : [`= ${rest.length} files ${as}, ${sum.toLocaleString('en')} bytes`]),
  ];
}

const VALUE_LENGTH = 40;

function paramLines({ run, paramChanges }: Explanation): string[] {
  if (typeof run.params !== 'object' || run.params === null) return ['not recorded'];
  const all = Object.entries(run.params)
    .filter(([name]) => name !== 'fecha')
    .map(([name, value]) => `${name}: ${oneLine(wordsOf(value), VALUE_LENGTH)}`);
  return [...wrap(all), ...changed(paramChanges)];
}

/** Of a long value, its name where it has one. */
function wordsOf(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value);
  return 'name' in value && typeof value.name === 'string' ? value.name : JSON.stringify(value);
}

const changed = (changes: readonly string[]): string[] => changes.map((change) => `~ ${change}`);

function versionLines({ run: { versions }, versionChanges }: Explanation): string[] {
  if (versions === null) return ['not recorded'];
  const build = versions.build === undefined ? '' : `, build ${versions.build}`;
  return [`segmenta ${versions.segmenta}${build}, engine ${versions.engine}`, ...changed(versionChanges)];
}

function taskLines(tasks: readonly ExplainedTask[]): string[] {
  const rows = tasks.map((task) => [markOf(task), task.task, howOf(task), tookOf(task), oneLine(task.why, WHY_LENGTH)]);
  return alignColumns(rows).flatMap((line, i) => [line, ...(tasks[i] === undefined ? [] : detailsOf(tasks[i]))]);
}

function markOf({ state, cached, check }: ExplainedTask): string {
  if (state === 'success') return check?.passed === false ? 'w' : cached === true ? '=' : '+';
  if (state === 'failed') return 'x';
  return state === 'held' ? '!' : state === 'excluded' ? ' ' : '-';
}

const howOf = ({ state, cached }: ExplainedTask): string =>
  state === 'success' ? (cached === true ? 'cached' : 'computed') : state;

function tookOf({ state, startedAt, endedAt, attempts = 1 }: ExplainedTask): string {
  if (startedAt === undefined || endedAt === undefined || state === 'upstream_failed') return ''.padStart(TOOK);
  const tries = attempts > 1 ? ` (${attempts} attempts)` : '';
  return tookWords(endedAt - startedAt).padStart(TOOK) + tries;
}

const TOOK = 7;
const WHY_LENGTH = 120;

const CHANGES = 6;

function detailsOf({ error, check, figures }: ExplainedTask): string[] {
  const failed = error === undefined ? [] : [`${error.type}: ${error.message}`];
  const warned = check === undefined || check.passed || error !== undefined ? [] : [`warning: ${check.message}`];
  const shown = figures.slice(0, CHANGES).map(changeWords);
  const more = figures.length > CHANGES ? [`… ${figures.length - CHANGES} more (--json)`] : [];
  return [...failed, ...warned, ...wrap([...shown, ...more])].map((line) => `    ${line}`);
}

const changeWords = ({ figure, before, after }: FigureChange): string => {
  if (before === null) return `${figure} ${figureWords(after)} (new)`;
  return after === null
    ? `${figure} gone (was ${figureWords(before)})`
    : `${figure} ${figureWords(before)} -> ${figureWords(after)}`;
};

function figureWords(figure: Figure | null): string {
  if (typeof figure !== 'number') return String(figure);
  return Number.isInteger(figure) ? figure.toLocaleString('en') : String(Number(figure.toPrecision(4)));
}

const HASH = 12;

function artifactLines(tasks: readonly ExplainedTask[]): string[] {
  const rows = tasks.flatMap(({ task, artifacts }) =>
    artifacts.map(({ artifact, same }: MadeArtifact) => [
      artifact.kind,
      `${artifact.rows.toLocaleString('en')} rows`.padStart(14),
      `${artifact.bytes.toLocaleString('en')} bytes`.padStart(17),
      artifact.sha256.slice(0, HASH),
      task,
      same ? 'the same bytes as before' : '',
    ]),
  );
  return alignColumns(rows);
}

function publishedLines(run: RecordedRun, tables: readonly DagTable[]): string[] {
  const id = `${run.dag}/${run.fecha}/${run.runId}`;
  const rows = tables.map(({ table, partitions }) => {
    const held = partitions.get(run.fecha ?? '');
    if (held === undefined) return [table, 'nothing of this date'];
    const by = held.run === id ? 'by this run' : `by ${held.run ?? 'another program'}`;
    const gone = held.there ? '' : 'ITS FILE IS NOT IN THE LAKE';
    return [table, `version ${held.version}`, `${held.rows.toLocaleString('en')} rows`, by, gone];
  });
  return alignColumns(rows);
}

const operatorLines = ({ audit }: RecordedRun): string[] =>
  audit.map(({ at, who, why, action }) => `* ${new Date(at).toISOString()} ${action} by ${who}: ${why}`);

const WIDTH = 96;

/** Short parts, one after the other, on lines of no more than so many characters. */
function wrap(parts: readonly string[]): string[] {
  const lines: string[] = [];
  for (const part of parts) {
    const last = lines.at(-1);
    if (last === undefined || last.length + part.length + 2 > WIDTH) lines.push(part);
    else lines[lines.length - 1] = `${last}; ${part}`;
  }
  return lines;
}
