import { upstreamOf } from './dag.js';
import type { Dag } from './dag.js';
import type { RunPlan } from './run-plan.js';

/**
 * Where a task of a run stands, in Airflow's words where it has one.
 * `waiting`: what comes before it is not done, or the run is paused. `queued`: it waits for a slot of its pool.
 * `deferred`: it waits for the outside and holds no worker. `held`: it failed, and the run waits for its operator.
 * `upstream_failed`: it will not run, since something before it failed. `excluded`: this run was started without it.
 */
export type TaskStateName =
  | 'waiting'
  | 'queued'
  | 'deferred'
  | 'running'
  | 'held'
  | 'success'
  | 'failed'
  | 'skipped'
  | 'upstream_failed'
  | 'cancelled'
  | 'excluded';

const SETTLED: ReadonlySet<TaskStateName> = new Set([
  'success',
  'failed',
  'skipped',
  'upstream_failed',
  'cancelled',
  'excluded',
]);

export const isSettled = ({ state }: Pick<TaskState, 'state'>): boolean => SETTLED.has(state);

/** Why a task failed: the error's type, and a message that names the culprit. */
export interface TaskFailure {
  readonly type: string;
  readonly message: string;
}

/** What a check found; kept with the run. */
export interface CheckState {
  readonly passed: boolean;
  readonly severity: 'block' | 'warn';
  readonly figures: { readonly [figure: string]: string | number | boolean | null };
  /** What was expected and what came. */
  readonly message: string;
}

/** One item of a map. */
export interface ItemState {
  readonly state: 'waiting' | 'running' | 'success' | 'failed' | 'skipped' | 'cancelled';
  readonly cached?: boolean;
  readonly error?: TaskFailure;
}

export interface TaskState {
  readonly state: TaskStateName;
  /** Milliseconds since the epoch, by the executor's clock. */
  readonly startedAt?: number;
  readonly endedAt?: number;
  /** The output was there already: nothing was computed. */
  readonly cached?: boolean;
  /** How many attempts it took. */
  readonly attempts?: number;
  /** One line for people: what the task made, why it was skipped, what it waits for. */
  readonly note?: string;
  readonly error?: TaskFailure;
  readonly check?: CheckState;
  /** Of a map, in the order of its list. */
  readonly items?: readonly ItemState[];
}

/** What an operator did to a run, and why. */
export interface AuditEntry {
  /** Milliseconds since the epoch, by the executor's clock. */
  readonly at: number;
  readonly who: string;
  readonly why: string;
  /** `retry fitClusters` */
  readonly action: string;
}

/** Every task's state, in the DAG's order, and what was done to the run. What the `progress` query answers with. */
export interface RunState {
  readonly dag: string;
  readonly tasks: { readonly [task: string]: TaskState };
  readonly paused: boolean;
  readonly audit: readonly AuditEntry[];
}

export const initialState = (dag: Dag, plan?: RunPlan): RunState => ({
  dag: dag.id,
  tasks: Object.fromEntries(
    dag.tasks.map(({ id }) => [id, plan === undefined ? { state: 'waiting' } : planned(plan, id)]),
  ),
  paused: false,
  audit: [],
});

function planned(plan: RunPlan, id: string): TaskState {
  const task = plan.tasks[id];
  if (task === 'skipped') return { state: 'skipped', note: `as in ${plan.reuse?.split('/').at(-1)}` };
  return { state: task === undefined ? 'excluded' : 'waiting' };
}

export const withTask = (run: RunState, task: string, state: TaskState): RunState => ({
  ...run,
  tasks: { ...run.tasks, [task]: state },
});

/** The tasks in one of these states, in the DAG's order. */
export const tasksIn = (run: RunState, ...states: readonly TaskStateName[]): string[] =>
  Object.entries(run.tasks).flatMap(([id, task]) => (states.includes(task.state) ? [id] : []));

export type RunOutcome = 'success' | 'failed' | 'cancelled';

/**
 * How a run that has settled ended. As in Airflow its leaves decide, the tasks that nothing of the run comes after: one
 * that failed, or could not run since something before it failed, fails the run; skipped leaves do not. So a failure
 * that a later task caught, by its trigger rule, leaves a success. What was cancelled without a failed leaf is cancelled.
 */
export function runOutcome(dag: Dag, run: RunState): RunOutcome {
  const inRun = dag.tasks.filter(({ id }) => run.tasks[id]?.state !== 'excluded');
  const followed = new Set(inRun.flatMap(upstreamOf));
  const leaves = inRun.filter(({ id }) => !followed.has(id));
  const bad = leaves.some(({ id }) => ['failed', 'upstream_failed'].includes(run.tasks[id]?.state ?? ''));
  if (bad) return 'failed';
  return tasksIn(run, 'cancelled').length > 0 ? 'cancelled' : 'success';
}

/** The headline of a failed run: `fitClusters failed: BadInput: …`, further failed tasks named after it. */
export function failureHeadline(run: RunState): string {
  const failed = tasksIn(run, 'failed', 'held');
  const first = failed[0];
  if (first === undefined) return 'no task failed';
  const error = run.tasks[first]?.error;
  const others = failed.length > 1 ? ` (failed too: ${failed.slice(1).join(', ')})` : '';
  return `${first} failed: ${error?.type ?? 'Error'}: ${error?.message ?? 'no message'}${others}`;
}
