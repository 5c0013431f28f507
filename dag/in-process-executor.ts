import type { TaskSpec } from './dag.js';
import { milliseconds } from './duration.js';
import type { Executor, TaskResult } from './execute.js';
import { isPermanent } from './permanent-error.js';
import { backoffMs } from './retry-policy.js';
import type { RunState } from './run-state.js';

export interface InProcessOptions {
  /** One attempt of a task. It is expected to end soon after `signal` aborts. */
  attempt(task: TaskSpec, input: { readonly [name: string]: unknown }, signal: AbortSignal): Promise<TaskResult>;
  onChange?(run: RunState): void;
  /** Cancels the run. */
  readonly signal?: AbortSignal;
  /** Waits between attempts; tests pass one that does not. */
  readonly wait?: (ms: number) => Promise<void>;
}

/** An attempt took longer than its task's `timeout`. */
export class TaskTimeout extends Error {
  override readonly name = 'TaskTimeout';
}

/** Runs tasks in this process, with the retries and timeouts that they would have on Temporal, without its durability. */
export function inProcessExecutor(options: InProcessOptions): Executor {
  const { attempt, onChange = () => {}, wait = sleep } = options;
  const cancelled = options.signal ?? new AbortController().signal;

  async function runTask(task: TaskSpec, input: { readonly [name: string]: unknown }): Promise<TaskResult> {
    for (let tried = 1; ; tried += 1) {
      cancelled.throwIfAborted();
      try {
        return await withTimeout(task, (signal) => attempt(task, input, signal));
      } catch (error) {
        if (cancelled.aborted || isPermanent(error) || tried > task.options.retries) throw error;
        await wait(backoffMs(tried));
      }
    }
  }

  async function withTimeout(task: TaskSpec, work: (signal: AbortSignal) => Promise<TaskResult>): Promise<TaskResult> {
    const late = new AbortController();
    const timer = setTimeout(
      () => late.abort(new TaskTimeout(`Expected ${task.id} to end within ${task.options.timeout}`)),
      milliseconds(task.options.timeout),
    );
    const signal = AbortSignal.any([cancelled, late.signal]);
    try {
      return await Promise.race([work(signal), rejectedBy(signal)]);
    } finally {
      clearTimeout(timer);
    }
  }

  return {
    runTask,
    onChange,
    now: () => Date.now(),
    describe: (error) => ({
      type: error instanceof Error ? error.name : 'Error',
      message: error instanceof Error ? error.message : String(error),
      cancelled: cancelled.aborted,
    }),
  };
}

const sleep = async (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

const rejectedBy = async (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    const fail = (): void => reject(signal.reason);
    if (signal.aborted) fail();
    else signal.addEventListener('abort', fail, { once: true });
  });
