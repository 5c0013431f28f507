import { CancellationScope, isCancellation, sleep } from '@temporalio/workflow';
import { tasksIn } from '../dag/run-state.js';
import type { RunState } from '../dag/run-state.js';

/** Longer than any operator sleeps; the run itself ends the timer. */
const LONG = '365 days';

/**
 * While a run waits for its operator, a timer stands in the timeline of Temporal UI and says so: it is the page on which
 * an engineer lands, and has no other place for a word about the run.
 */
export function standstillTimer(): { follow(run: RunState): void; end(): void } {
  let shown = '';
  let scope: CancellationScope | undefined;
  const show = (text: string): void => {
    if (text === shown) return;
    shown = text;
    scope?.cancel();
    scope = undefined;
    if (text === '') return;
    scope = new CancellationScope();
    scope
      .run(async () => sleep(LONG, { summary: text }))
      .catch((error: unknown) => {
        if (!isCancellation(error)) throw error;
      });
  };
  return { follow: (run) => show(textOf(run)), end: () => show('') };
}

function textOf(run: RunState): string {
  const held = tasksIn(run, 'held');
  if (held.length > 0) return `HELD: ${held.join(', ')}: retry, skip or release`;
  return run.paused ? `PAUSED by ${run.audit.at(-1)?.who ?? 'an operator'}` : '';
}
