import type { CacheMode, TaskSpec } from './dag.js';
import type { ItemState, RunState, TaskFailure } from './run-state.js';

/** What a task that ended well gives its executor. */
export interface TaskResult<Output = unknown> {
  readonly output: Output;
  readonly cached: boolean;
  readonly note?: string;
  /** How many attempts it took. */
  readonly attempts?: number;
  /** It chose not to run, and why; then there is no output. */
  readonly skipped?: string;
}

/** One task, or a whole map, to be brought to its end. */
export interface TaskRun {
  readonly task: TaskSpec;
  readonly input: { readonly [name: string]: unknown };
  /** `pinned`: the result of the run that the plan reuses, whatever the input. */
  readonly mode: CacheMode | 'pinned';
  /** It has its slot of the pool: it waits no more. */
  onSlot(): void;
  /** Of a map: every item's state. */
  onItems(items: readonly ItemState[]): void;
  /** Of a map, before each item: resolves once the run is not paused. */
  unpaused(): Promise<void>;
}

/** Work that goes on, and may be called off: then it rejects soon after, with an error that `describe` calls cancelled. */
export interface Underway<Result> {
  readonly done: Promise<Result>;
  cancel(): void;
}

/** What differs between running in this process and on Temporal. */
export interface Executor {
  /** Runs one task to its end, retries included. Rejects when it failed for good. */
  run(run: TaskRun): Underway<TaskResult>;
  /** A timer; `what` is for people. */
  sleep(ms: number, what: string): Underway<void>;
  /** Reads the error that work rejected with; `cancelled` tells a stop on request from a failure. */
  describe(error: unknown): TaskFailure & { readonly cancelled: boolean };
  /** Called after every change of the run's state. */
  onChange(run: RunState): void;
  /** The executor's clock, in milliseconds. */
  now(): number;
}
