import type { DateState } from './backfill-state.js';
import { plainText as plain, tableRow as row } from './markdown.js';
import { tasksIn } from './run-state.js';
import type { AuditEntry, RunState, TaskState } from './run-state.js';

const MARKS = {
  waiting: '⏳ waiting',
  queued: '🎟️ queued',
  deferred: '💤 deferred',
  running: '▶️ running',
  held: '✋ **held**',
  success: '✅ success',
  failed: '❌ **failed**',
  skipped: '⏭️ skipped',
  upstream_failed: '⛔ upstream_failed',
  cancelled: '⏹️ cancelled',
  excluded: '▫️ excluded',
} as const;

/** All of it travels in the address of the page that shows it: longer texts and more of them would not fit. */
const ERROR_LENGTH = 600;
const ERRORS = 3;
const NOTE_LENGTH = 100;
const AUDIT = 5;
const ROWS = 60;

/**
 * The run as Markdown for Temporal UI: what an operator has to know first, in full words, then a table of the tasks. Of a
 * DAG too long for the page, the tasks at work and in trouble come first.
 */
export function drawRun(run: RunState): string {
  const tasks = Object.entries(run.tasks);
  const shown = tasks.length <= ROWS ? tasks : tasks.toSorted(byUrgency).slice(0, ROWS);
  const left = tasks.length - shown.length;
  return [
    ...standstill(run),
    ...errorsOf(run),
    row(['Task', 'State', 'Time', 'Made']),
    '|---|---|---|---|',
    ...shown.map(rowOf),
    ...(left === 0 ? [] : ['', `${left} more tasks`]),
    ...auditOf(run.audit),
  ].join('\n');
}

function standstill(run: RunState): string[] {
  const held = tasksIn(run, 'held');
  if (held.length > 0)
    return [`✋ **Held**: ${held.map((id) => plain(id)).join(', ')}. Retry, skip or mark it, or release the run`, ''];
  return run.paused ? ['⏸️ **Paused**: nothing more starts until it is resumed', ''] : [];
}

function errorsOf(run: RunState): string[] {
  const failed = tasksIn(run, 'held', 'failed');
  const lines = failed.slice(0, ERRORS).flatMap((id) => {
    const { error } = run.tasks[id] ?? {};
    return [`**${plain(id)}** failed: ${plain(`${error?.type}: ${error?.message}`, ERROR_LENGTH)}`, ''];
  });
  return failed.length > ERRORS ? [...lines, `${failed.length - ERRORS} more failed`, ''] : lines;
}

const URGENCY = ['held', 'failed', 'running', 'queued', 'deferred', 'upstream_failed', 'waiting'];

const byUrgency = ([, a]: [string, TaskState], [, b]: [string, TaskState]): number => rank(a) - rank(b);

function rank({ state }: TaskState): number {
  const place = URGENCY.indexOf(state);
  return place < 0 ? URGENCY.length : place;
}

/** A state does not change once it is one: of a hundred tasks, each change draws one row anew. */
const rows = new WeakMap<TaskState, { readonly id: string; readonly drawn: string }>();

function rowOf([id, task]: [string, TaskState]): string {
  const known = rows.get(task);
  if (known?.id === id) return known.drawn;
  const drawn = row([plain(id), stateOf(task), seconds(task), plain(madeOf(task), NOTE_LENGTH)]);
  if (task.state !== 'waiting') rows.set(task, { id, drawn });
  return drawn;
}

/** What a task made, or how far it is. */
export function madeOf({ note, items, check, state }: TaskState): string {
  if (check !== undefined && !check.passed) return check.message;
  if (items !== undefined && state !== 'success') {
    const done = items.filter((item) => item.state !== 'waiting' && item.state !== 'running').length;
    const failed = items.filter((item) => item.state === 'failed').length;
    return `${done} of ${items.length} items${failed === 0 ? '' : `, ${failed} failed`}`;
  }
  return note ?? '';
}

/** The last operators' actions, newest last. */
export function auditOf(audit: readonly AuditEntry[]): string[] {
  if (audit.length === 0) return [];
  const lines = audit
    .slice(-AUDIT)
    .map(({ at, who, why, action }) => `- ${time(at)} ${plain(`${action} by ${who}: ${why}`, NOTE_LENGTH)}`);
  return ['', ...lines];
}

const time = (at: number): string => new Date(at).toISOString().slice(0, 16).replace('T', ' ');

function stateOf(task: TaskState): string {
  if (task.check !== undefined && !task.check.passed && task.state === 'success') return '⚠️\u00A0warning';
  return (task.state === 'success' && task.cached === true ? '♻️ cached' : MARKS[task.state]).replaceAll(' ', '\u00A0');
}

/** How long it took: `1.5 s`; nothing where it has not ended. */
export function seconds({ startedAt, endedAt }: TaskState | DateState): string {
  if (startedAt === undefined || endedAt === undefined) return '';
  return `${((endedAt - startedAt) / 1_000).toFixed(1)} s`;
}
