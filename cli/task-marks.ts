import type { TaskStateName } from '../dag/run-state.js';

/** One letter for a state, wherever a terminal shows tasks: docs/operating-a-run.md. */
export const MARKS: { readonly [State in TaskStateName]: string } = {
  waiting: ' ',
  queued: '.',
  deferred: '~',
  running: '>',
  held: '!',
  success: '+',
  failed: 'x',
  skipped: '-',
  upstream_failed: '-',
  cancelled: '-',
  excluded: ' ',
};
