import type { Dag } from './dag.js';

/**
 * Where a task of a run stands, in Airflow's words where it has one.
 * `waiting`: an input is not there yet. `upstream_failed`: an input never will be.
 */
export type TaskStateName = 'waiting' | 'running' | 'success' | 'failed' | 'upstream_failed' | 'cancelled';

/** Why a task failed: the error's type, and a message that names the culprit. */
export interface TaskFailure {
  readonly type: string;
  readonly message: string;
}

export interface TaskState {
  readonly state: TaskStateName;
  /** Milliseconds since the epoch, by the executor's clock. */
  readonly startedAt?: number;
  readonly endedAt?: number;
  /** The output was there already: nothing was computed. */
  readonly cached?: boolean;
  /** One line for people: what the task made. */
  readonly note?: string;
  readonly error?: TaskFailure;
}

/** Every task's state, in the DAG's order. What the `progress` query answers with. */
export interface RunState {
  readonly dag: string;
  readonly tasks: { readonly [task: string]: TaskState };
}

export const initialState = (dag: Dag): RunState => ({
  dag: dag.id,
  tasks: Object.fromEntries(dag.tasks.map((task) => [task.id, { state: 'waiting' }])),
});

export const withTask = (run: RunState, task: string, state: TaskState): RunState => ({
  ...run,
  tasks: { ...run.tasks, [task]: state },
});

/** The tasks in one of these states, in the DAG's order. */
export const tasksIn = (run: RunState, ...states: readonly TaskStateName[]): string[] =>
  Object.entries(run.tasks).flatMap(([id, task]) => (states.includes(task.state) ? [id] : []));

/** How a run ended: failed when a task failed, cancelled when one was and none failed, else success. */
export function runOutcome(run: RunState): 'success' | 'failed' | 'cancelled' {
  if (tasksIn(run, 'failed').length > 0) return 'failed';
  return tasksIn(run, 'cancelled').length > 0 ? 'cancelled' : 'success';
}

/** The headline of a failed run: `fitClusters failed: BadInput: …`, further failed tasks named after it. */
export function failureHeadline(run: RunState): string {
  const failed = tasksIn(run, 'failed');
  const first = failed[0];
  if (first === undefined) return 'no task failed';
  const error = run.tasks[first]?.error;
  const others = failed.length > 1 ? ` (failed too: ${failed.slice(1).join(', ')})` : '';
  return `${first} failed: ${error?.type ?? 'Error'}: ${error?.message ?? 'no message'}${others}`;
}
