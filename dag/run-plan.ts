import { feedersOf, upstreamOf } from './dag.js';
import type { Dag } from './dag.js';
import { PermanentError } from './permanent-error.js';

/**
 * What one run does with a task: works on it, works on it whatever is remembered, takes an earlier run's result, or counts
 * it as skipped, as it was there.
 */
export type TaskPlan = 'run' | 'refresh' | 'pinned' | 'skipped';

/** What a run does beyond the whole of its DAG. Plain data: it travels with the run's parameters. */
export interface RunPlan {
  /** The tasks of the run; one that is not named is excluded. */
  readonly tasks: { readonly [task: string]: TaskPlan };
  /** The record of the run that pinned results come from: `runs/segmentation/2017-07-03/<run id>`. */
  readonly reuse?: string;
  /** When a task fails, wait for the operator instead of failing. */
  readonly hold: boolean;
  /** Above the priorities that tasks have in the DAG. */
  readonly priority?: 1 | 2 | 3 | 4 | 5;
}

/** What a user asks of a run. */
export interface PlanRequest {
  /** Tasks to run; all where it is left out. */
  readonly select?: ReadonlySet<string>;
  /** Tasks whose remembered results do not count. */
  readonly refresh?: ReadonlySet<string>;
  /** Tasks that an earlier run brought to success, and its record. */
  readonly reuse?: ReusedRun;
  readonly hold?: boolean;
  readonly priority?: 1 | 2 | 3 | 4 | 5;
}

export interface ReusedRun {
  readonly record: string;
  readonly succeeded: ReadonlySet<string>;
  readonly skipped: ReadonlySet<string>;
}

/** A part of a DAG cannot run: a task of it takes something that nobody gives. */
export class MissingInput extends PermanentError {
  override readonly name = 'MissingInput';
}

/**
 * What a run does with each task: those selected run, those that an earlier run brought to success are pinned to its
 * results, the rest is left out. Throws `MissingInput` where a task that is to run needs one that is left out.
 */
export function planRun(dag: Dag, { select, refresh, reuse, hold = false, priority }: PlanRequest = {}): RunPlan {
  const tasks: { [task: string]: TaskPlan } = {};
  const anew = new Set<string>();
  for (const task of dag.tasks) {
    const selected = select === undefined || select.has(task.id);
    // What comes after a task that runs would show the result of another one's input.
    const stale = upstreamOf(task).some((id) => anew.has(id));
    if (selected || stale) anew.add(task.id);
    if (selected) tasks[task.id] = refresh?.has(task.id) ? 'refresh' : 'run';
    else if (!stale && reuse?.succeeded.has(task.id)) tasks[task.id] = 'pinned';
    else if (!stale && reuse?.skipped.has(task.id)) tasks[task.id] = 'skipped';
  }
  const plan = {
    tasks,
    hold,
    ...(reuse === undefined ? {} : { reuse: reuse.record }),
    ...(priority === undefined ? {} : { priority }),
  };
  checkPlan(dag, plan);
  return plan;
}

/** Throws `MissingInput`, or a `RangeError` where the plan is not one of this DAG. */
export function checkPlan(dag: Dag, plan: RunPlan): void {
  const ids = dag.tasks.map(({ id }) => id);
  const unknown = Object.keys(plan.tasks).find((id) => !ids.includes(id));
  if (unknown !== undefined) throw new RangeError(`Expected tasks of ${dag.id} (${ids.join(', ')}), got '${unknown}'`);
  if (Object.keys(plan.tasks).length === 0)
    throw new RangeError(`Expected at least one task of ${dag.id} to run, got none`);
  if (plan.reuse === undefined && Object.values(plan.tasks).some((task) => task === 'pinned' || task === 'skipped')) {
    throw new RangeError(`Expected the record of an earlier run for what ${dag.id} takes from one, got none`);
  }
  for (const task of dag.tasks) {
    const missing = feedersOf(task).find((id) => plan.tasks[id] === undefined);
    const runs = plan.tasks[task.id] === 'run' || plan.tasks[task.id] === 'refresh';
    if (runs && missing !== undefined) {
      throw new MissingInput(
        `${task.id} takes the output of ${missing}, which is not part of the run: select it too (+${task.id}), ` +
          `or take it from an earlier run that brought it to success (--reuse)`,
      );
    }
  }
}

/** The whole DAG. */
export const wholePlan = (dag: Dag): RunPlan => planRun(dag);
