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
  /** Waits between attempts, or until the signal aborts; tests pass one that does not wait. */
  readonly wait?: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** An attempt took longer than its task's `timeout`. */
export class TaskTimeout extends Error {
  override readonly name = 'Timeout';
}

/** Timers of Node hold no longer time: they would end at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/**
 * Runs tasks in this process, with the retries and timeouts that they would have on Temporal, without its durability.
 * As there, a late attempt is left behind while the next one starts, and a cancelled one is waited for: when the run has
 * ended, nothing of it is at work.
 */
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
        await wait(backoffMs(tried), cancelled);
      }
    }
  }

  async function withTimeout(task: TaskSpec, work: (signal: AbortSignal) => Promise<TaskResult>): Promise<TaskResult> {
    const late = new AbortController();
    const timer = setTimeout(
      () => late.abort(new TaskTimeout(`Expected ${task.id} to end within ${task.options.timeout}`)),
      Math.min(milliseconds(task.options.timeout), LONGEST_TIMER_MS),
    );
    const signal = AbortSignal.any([cancelled, late.signal]);
    try {
      return await Promise.race([work(signal), rejectedBy(late.signal)]);
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

const sleep = async (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const wake = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', wake);
      resolve();
    };
    const timer = setTimeout(wake, ms);
    if (signal.aborted) wake();
    else signal.addEventListener('abort', wake, { once: true });
  });

const rejectedBy = async (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    const fail = (): void => reject(signal.reason);
    if (signal.aborted) fail();
    else signal.addEventListener('abort', fail, { once: true });
  });
