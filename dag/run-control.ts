import type { Dag } from './dag.js';
import { isSettled, tasksIn } from './run-state.js';
import type { RunState } from './run-state.js';
import { reasonOf } from './schema-issues.js';

/** What an operator can do to a task of a run that goes on. */
export type TaskAction =
  /** `retry`: a held task, anew, whatever is remembered, of a run that is not paused. `skip`: a task that has not ended counts as skipped. */
  | { readonly do: 'retry' | 'skip'; readonly task: string }
  /** A task that has not ended counts as a success, with this output. */
  | { readonly do: 'succeed'; readonly task: string; readonly output: unknown }
  /** Sends a value to a task that waits, or will wait, for one. */
  | { readonly do: 'signal'; readonly task: string; readonly value: unknown };

/** What an operator can do to a run that goes on. */
export type RunAction =
  | TaskAction
  /** `pause`: nothing more starts, what runs goes on. `release`: a run that holds its failed tasks lets them be failures. */
  | { readonly do: 'pause' | 'resume' | 'cancel' | 'release' };

/** Who acts, and for what reason; both are kept with the run. */
export interface Operator {
  readonly who: string;
  readonly why: string;
}

export const describeAction = (action: RunAction): string =>
  'task' in action ? `${action.do} ${action.task}` : action.do;

/** Why an action cannot be taken now, for people; `undefined` where it can. */
export function refusal(dag: Dag, run: RunState, action: RunAction): string | undefined {
  if ('task' in action) return taskRefusal(dag, run, action);
  if (action.do === 'pause') return run.paused ? 'it is paused already' : undefined;
  if (action.do === 'resume') return run.paused ? undefined : 'it is not paused';
  if (action.do === 'release') return tasksIn(run, 'held').length > 0 ? undefined : 'it holds no failed task';
  return undefined;
}

function taskRefusal(dag: Dag, run: RunState, action: TaskAction): string | undefined {
  const spec = dag.tasks.find(({ id }) => id === action.task);
  const task = run.tasks[action.task];
  if (spec === undefined || task === undefined) {
    return `it has no task '${action.task}': expected one of ${dag.tasks.map(({ id }) => id).join(', ')}`;
  }
  if (isSettled(task)) return `${spec.id} has ended already: ${task.state}`;
  if (action.do === 'retry') {
    if (task.state !== 'held') return `${spec.id} is not held: it is ${task.state}`;
    return run.paused ? 'it is paused: resume it first' : undefined;
  }
  if (action.do === 'succeed' && spec.kind.is === 'publish') {
    return `${spec.id} publishes: what others read has to be made, it cannot be said`;
  }
  if (action.do === 'signal') {
    if (spec.kind.is !== 'signal') return `${spec.id} does not wait for a signal`;
    try {
      spec.kind.schema.parse(action.value);
    } catch (error) {
      return `${spec.id} does not take this value: ${reasonOf(error)}`;
    }
  }
  return undefined;
}
