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

/** Longer texts would not fit in the address of the page that shows them. */
const ERROR_LENGTH = 600;

/** The run as Markdown for Temporal UI: failures first, in full words, then a table of the tasks. */
export function drawRun(run: RunState): string {
  const tasks = Object.entries(run.tasks);
  const errors = tasks.flatMap(([id, { state, error }]) =>
    state === 'failed' && error !== undefined
      ? [`**${id}** failed: ${error.type}: ${error.message.slice(0, ERROR_LENGTH)}`, '']
      : [],
  );
  const rows = tasks.map(([id, task]) => row([id, stateOf(task), seconds(task), task.note ?? '']));
  return [...errors, row(['Task', 'State', 'Time', 'Made']), '|---|---|---|---|', ...rows].join('\n');
}

const row = (cells: readonly string[]): string =>
  `| ${cells.map((cell) => cell.replaceAll('|', '/').replaceAll('\n', ' ') + PADDING).join(' | ')} |`;

const stateOf = (task: TaskState): string =>
  task.state === 'success' && task.cached === true ? '♻️ cached' : MARKS[task.state];

export function seconds({ startedAt, endedAt }: TaskState): string {
  if (startedAt === undefined || endedAt === undefined) return '';
  return `${((endedAt - startedAt) / 1_000).toFixed(1)} s`;
}
