import type { Dag } from '../dag/dag.js';
import { isSettled, runOutcome, tasksIn } from '../dag/run-state.js';
import type { RunState } from '../dag/run-state.js';
import { taskLine } from './progress-lines.js';

/** Temporal's words for how a run ended, in those of `run` and of records. */
const ENDED: { readonly [status: string]: string } = { COMPLETED: 'success' };

/**
 * What an operator calls it: a run that Temporal calls running may wait for them, and one that they cancelled, rather
 * than somebody in Temporal's own way, is to Temporal one that failed.
 */
export function standing(status: string, dag: Dag, run: RunState): string {
  const settled = Object.values(run.tasks).every(isSettled);
  if (status === 'FAILED' && settled && runOutcome(dag, run) === 'cancelled') return 'cancelled';
  if (status !== 'RUNNING') return ENDED[status] ?? status.toLowerCase();
  if (tasksIn(run, 'held').length > 0) return `held at ${tasksIn(run, 'held').join(', ')}`;
  return run.paused ? 'paused' : 'running';
}

/** A run for people: its tasks, what operators did, and, while it goes on, what it waits for them to do. */
export function statusLines(title: string, dag: Dag, run: RunState): string[] {
  const { tasks, audit } = run;
  const width = Math.max(...Object.keys(tasks).map((id) => id.length));
  const said = audit.map(({ at, who, why, action }) => `  * ${new Date(at).toISOString()} ${action} by ${who}: ${why}`);
  const next = nextSteps(dag, run).map((step) => `  next: ${step}`);
  return [title, ...Object.entries(tasks).map(([id, task]) => taskLine(id, task, width)), ...said, ...next];
}

/** By the names of the commands. */
function nextSteps(dag: Dag, run: RunState): string[] {
  const held = tasksIn(run, 'held').map((id) => {
    const publishes = dag.tasks.find((task) => task.id === id)?.kind.is === 'publish';
    return `${publishes ? 'retry or skip' : 'retry, skip or succeed'} ${id}, or release the run`;
  });
  const awaited = dag.tasks.filter(({ id, kind }) => kind.is === 'signal' && run.tasks[id]?.state === 'deferred');
  return [...(run.paused ? ['resume'] : []), ...held, ...awaited.map(({ id }) => `signal ${id}`)];
}
