import { CancellationScope, isCancellation, sleep } from '@temporalio/workflow';
import { tasksIn } from '../dag/run-state.js';
import type { RunState } from '../dag/run-state.js';

/** Longer than any operator sleeps; the run itself ends the timer. */
const LONG = '365 days';

/** A timer in the timeline of Temporal UI that says something for as long as it holds: the page has no other place. */
export function timelineNote(): { show(text: string): void; end(): void } {
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
  return { show, end: () => show('') };
}

/**
 * While a run waits for its operator, a timer stands in the timeline of Temporal UI and says so: it is the page on which
 * an engineer lands.
 */
export function standstillTimer(): { follow(run: RunState): void; end(): void } {
  const note = timelineNote();
  return { follow: (run) => note.show(textOf(run)), end: note.end };
}

function textOf(run: RunState): string {
  const held = tasksIn(run, 'held');
  const more = held.length > NAMED ? ` and ${held.length - NAMED} more` : '';
  if (held.length > 0) return `HELD: ${cut(held.slice(0, NAMED).join(', '))}${more}: retry, skip or release`;
  return run.paused ? `PAUSED by ${cut(run.audit.at(-1)?.who ?? 'an operator')}` : '';
}

/** The server takes no summary above 400 bytes: the workflow would stand still on it for ever. */
const NAMED = 3;
const LONGEST = 80;
export const cut = (text: string): string => (text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text);
