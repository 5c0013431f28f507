import type { RunState, TaskState } from './run-state.js';

const MARKS = {
  waiting: '⏳ waiting',
  running: '▶️ running',
  success: '✅ success',
  failed: '❌ **failed**',
  upstream_failed: '⛔ upstream_failed',
  cancelled: '⏹️ cancelled',
} as const;

/** Cells have no padding in Temporal UI. */
const PADDING = '\u00A0\u00A0\u00A0';

/** All of it travels in the address of the page that shows it: longer texts and more errors would not fit. */
const ERROR_LENGTH = 600;
const ERRORS = 3;
const NOTE_LENGTH = 100;

/** The run as Markdown for Temporal UI: failures first, in full words, then a table of the tasks. */
export function drawRun(run: RunState): string {
  const tasks = Object.entries(run.tasks);
  const failed = tasks.filter(([, { state }]) => state === 'failed');
  const errors = failed
    .slice(0, ERRORS)
    .flatMap(([id, { error }]) => [
      `**${plain(id)}** failed: ${plain(`${error?.type}: ${error?.message}`, ERROR_LENGTH)}`,
      '',
    ]);
  if (failed.length > ERRORS) errors.push(`${failed.length - ERRORS} more failed`, '');
  const rows = tasks.map(([id, task]) =>
    row([plain(id), stateOf(task), seconds(task), plain(task.note ?? '', NOTE_LENGTH)]),
  );
  return [...errors, row(['Task', 'State', 'Time', 'Made']), '|---|---|---|---|', ...rows].join('\n');
}

const row = (cells: readonly string[]): string => `| ${cells.map((cell) => cell + PADDING).join(' | ')} |`;

/** One line in which nothing is taken for Markdown or HTML: globs, column names and SQL come in errors. */
function plain(text: string, length = Number.POSITIVE_INFINITY): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  const cut = line.length > length ? `${line.slice(0, length - 1)}…` : line;
  return cut.replaceAll(/[\\`*_~[\]<>|#&]/g, String.raw`\$&`);
}

const stateOf = (task: TaskState): string =>
  (task.state === 'success' && task.cached === true ? '♻️ cached' : MARKS[task.state]).replaceAll(' ', '\u00A0');

export function seconds({ startedAt, endedAt }: TaskState): string {
  if (startedAt === undefined || endedAt === undefined) return '';
  return `${((endedAt - startedAt) / 1_000).toFixed(1)} s`;
}
