import type { Duration } from './duration.js';

/** Where one input of a task comes from; with `field`, one field of the other task's output. */
export type InputSource =
  | { readonly from: 'task'; readonly task: string; readonly field?: string }
  | { readonly from: 'param'; readonly param: string }
  | { readonly from: 'constant'; readonly value: unknown };

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
}

export const TASK_DEFAULTS: TaskOptions = {
  retries: 10,
  timeout: '1 hour',
  heartbeat: '20 seconds',
  queue: 'io',
};

export interface TaskSpec {
  /** Unique within the DAG. */
  readonly id: string;
  /** Name of the activity that does the work. */
  readonly activity: string;
  readonly inputs: { readonly [name: string]: InputSource };
  readonly options: TaskOptions;
}

/** What checks the parameters of a run at the edge and fills in their defaults; a zod schema is one. */
export interface ParamsSchema<Params> {
  parse(input: unknown): Params;
}

/**
 * A pipeline as plain data: nothing has run, nothing is hidden in closures.
 * `tasks` are in a topological order: every task comes after the tasks whose outputs it takes.
 */
export interface Dag<Params = unknown> {
  readonly id: string;
  readonly tasks: readonly TaskSpec[];
  /** The tasks whose outputs are the run's result, by the name they have there. */
  readonly outputs: { readonly [name: string]: string };
  readonly params: ParamsSchema<Params>;
}

/** Ids of the tasks that feed this one, each once, in the order of its inputs. */
export function upstreamOf(task: TaskSpec): string[] {
  const ids = Object.values(task.inputs).flatMap((input) => (input.from === 'task' ? [input.task] : []));
  return [...new Set(ids)];
}
