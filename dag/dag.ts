import type { Duration } from './duration.js';
import type { TriggerRule } from './trigger-rule.js';

/** Where one input of a task comes from; with `field`, one field of the other task's output. */
export type InputSource =
  | { readonly from: 'task'; readonly task: string; readonly field?: string }
  | { readonly from: 'param'; readonly param: string }
  | { readonly from: 'constant'; readonly value: unknown };

/**
 * `by-content`: a remembered result of the same inputs is the result. `refresh`: computed anew in every run, and
 * remembered. `never`: neither looked up nor remembered.
 */
export type CacheMode = 'by-content' | 'never' | 'refresh';

/** 1 goes before 5 where several tasks wait for a worker, or for a slot of a pool. */
export type Priority = 1 | 2 | 3 | 4 | 5;

/** How a task is run; what its author leaves out takes the value of `TASK_DEFAULTS`. */
export interface TaskOptions {
  /** Attempts after the first one, for failures of the outside world; ten of them bridge about five minutes. A `PermanentError` is never tried again. */
  readonly retries: number;
  /** Longest time one attempt may take. */
  readonly timeout: Duration;
  /** Longest time an attempt may go without progress before it counts as dead and is tried elsewhere. */
  readonly heartbeat: Duration;
  /** The kind of worker that runs it: `io` moves bytes and queries, `compute` burns cores. */
  readonly queue: 'io' | 'compute';
  /** What the tasks before it must have come to. */
  readonly trigger: TriggerRule;
  readonly cache: CacheMode;
  readonly priority: Priority;
  /** The pool of which it takes a slot while it runs: at most so many at once over all runs as the configuration says. */
  readonly pool?: string;
}

export const TASK_DEFAULTS: TaskOptions = {
  retries: 10,
  timeout: '1 hour',
  heartbeat: '20 seconds',
  queue: 'io',
  trigger: 'all_success',
  cache: 'by-content',
  priority: 3,
};

/** How long a wait for the outside may take, from its start, and what comes of it when that is over. */
export interface Patience {
  readonly within: Duration;
  readonly late: 'fail' | 'skip';
}

/** What a task is, beyond a call of its activity. */
export type TaskKind =
  | { readonly is: 'task' }
  /** Called for each item of the list that is the input `over`, so many at once; its output is the list of outputs. */
  | { readonly is: 'map'; readonly over: string; readonly concurrency: number }
  /** Its output says whether it passed: one that blocks fails when it did not, one that warns goes on. */
  | { readonly is: 'check'; readonly severity: 'block' | 'warn' }
  /** Changes what others read: nobody may say that it succeeded when it did not. */
  | { readonly is: 'publish' }
  /** Looks `every` so often until what it waits for is there; holds no worker between two looks. */
  | ({ readonly is: 'sensor'; readonly every: Duration } & Patience)
  /** Waits for a message of its task's id, which is its output; calls no activity. */
  | ({ readonly is: 'signal'; readonly schema: ParamsSchema<unknown> } & Patience);

export interface TaskSpec {
  /** Unique within the DAG. */
  readonly id: string;
  /** Name of the activity that does the work. */
  readonly activity: string;
  readonly kind: TaskKind;
  readonly inputs: { readonly [name: string]: InputSource };
  /** Ids of tasks that come before it without giving it anything. */
  readonly after: readonly string[];
  readonly options: TaskOptions;
}

/** What checks the parameters of a run at the edge and fills in their defaults; a zod schema is one. */
export interface ParamsSchema<Params> {
  parse(input: unknown): Params;
  /** The parameters by name, where the schema can tell; a zod object can. */
  readonly shape?: object;
}

/** Whether a run of the DAG may be given this parameter; taken as yes where its schema does not tell. */
export const takesParam = ({ params }: Dag, name: string): boolean =>
  params.shape === undefined || Object.hasOwn(params.shape, name);

/**
 * A pipeline as plain data: nothing has run, nothing is hidden in closures.
 * `tasks` are in a topological order: every task comes after the tasks that it waits for.
 */
export interface Dag<Params = unknown> {
  readonly id: string;
  readonly tasks: readonly TaskSpec[];
  /** The tasks whose outputs are the run's result, by the name they have there. */
  readonly outputs: { readonly [name: string]: string };
  readonly params: ParamsSchema<Params>;
  /** How long after the start of the run's date its result is due. */
  readonly deadline?: Duration;
}

/** Ids of the tasks that feed this one, each once, in the order of its inputs. */
export function feedersOf(task: TaskSpec): string[] {
  const ids = Object.values(task.inputs).flatMap((input) => (input.from === 'task' ? [input.task] : []));
  return [...new Set(ids)];
}

/** Whether some task takes the output of this one although it may have failed: of a map, what its other items gave. */
export const isTakenOfFailure = ({ tasks }: Dag, id: string): boolean =>
  tasks.some((task) => task.options.trigger !== 'all_success' && feedersOf(task).includes(id));

/** Ids of the tasks that come directly before this one, each once: those that feed it, then those it is only after. */
export const upstreamOf = (task: TaskSpec): string[] => [...new Set([...feedersOf(task), ...task.after])];
