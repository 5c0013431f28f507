import type { TaskSpec } from './dag.js';
import { milliseconds } from './duration.js';
import type { Executor, TaskResult, TaskRun, Underway } from './executor.js';
import { Late } from './late.js';
import { failureOfItems, mapResult, runMap } from './map-items.js';
import type { ItemOutcome } from './map-items.js';
import { isPermanent } from './permanent-error.js';
import { rejectedBy } from './rejected-by.js';
import { backoffMs } from './retry-policy.js';
import type { ItemState, RunState } from './run-state.js';
import { slots } from './slots.js';
import type { Slots } from './slots.js';

/** One attempt of a task, or of one item of a map. */
export interface AttemptCall extends Pick<TaskRun, 'task' | 'input' | 'mode'> {
  /** Which item of a map. */
  readonly item?: number;
  /** 1 for the first. */
  readonly attempt: number;
}

export interface InProcessOptions {
  /** Makes one attempt. It is expected to end soon after `signal` aborts. */
  attempt(call: AttemptCall, signal: AbortSignal): Promise<TaskResult>;
  /** Takes the outputs of a map's items together; by default they are the map's output as they are. */
  gather?(run: TaskRun, outputs: readonly unknown[], items: readonly ItemState[]): Promise<unknown>;
  onChange?(run: RunState): void;
  /** Cancels the run. */
  readonly signal?: AbortSignal;
  /** Slots of each pool, within this process only. A pool that is not named has one. */
  readonly pools?: { readonly [pool: string]: number };
  /** Waits between attempts, or until the signal aborts; tests pass one that does not wait. */
  readonly wait?: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** An attempt took longer than its task's `timeout`. */
export class TaskTimeout extends Error {
  override readonly name = 'Timeout';
}

/** Work was called off on request. */
class Cancelled extends Error {
  override readonly name = 'Cancelled';
}

/** Timers of Node hold no longer time: they would end at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/**
 * Runs tasks in this process, with the retries, timeouts and waits that they would have on Temporal, without its
 * durability. As there, a late attempt is left behind while the next one starts, and a cancelled one is waited for: when
 * the run has ended, nothing of it is at work.
 */
export function inProcessExecutor(options: InProcessOptions): Executor {
  const { attempt, gather, onChange = () => {}, wait = sleep } = options;
  const cancelled = options.signal ?? new AbortController().signal;
  const pools = new Map<string, Slots>();
  const memories = new Map<string, Map<number, ItemOutcome>>();

  const poolOf = (name: string): Slots => {
    const known = pools.get(name) ?? slots(options.pools?.[name] ?? 1);
    pools.set(name, known);
    return known;
  };

  function underway<Result>(work: (signal: AbortSignal) => Promise<Result>): Underway<Result> {
    const own = new AbortController();
    return {
      done: work(AbortSignal.any([cancelled, own.signal])),
      cancel: () => own.abort(new Cancelled('called off')),
    };
  }

  async function runMapped(run: TaskRun, signal: AbortSignal): Promise<TaskResult> {
    const memory = memories.get(run.task.id) ?? new Map<number, ItemOutcome>();
    memories.set(run.task.id, memory);
    signal.throwIfAborted();
    const { outputs, items } = await runMap({
      ...run,
      concurrency: run.task.kind.is === 'map' ? run.task.kind.concurrency : 1,
      memory,
      describe,
      stopped: () => signal.aborted,
      one: async (input, item) => inSlot({ ...run, input }, signal, item),
    });
    signal.throwIfAborted();
    const failure = failureOfItems(items, outputs);
    if (failure !== undefined) throw failure;
    return mapResult(gather === undefined ? outputs : await gather(run, outputs, items), items);
  }

  async function inSlot(run: TaskRun, signal: AbortSignal, item?: number): Promise<TaskResult> {
    const { pool } = run.task.options;
    const go = async (): Promise<TaskResult> => {
      run.onSlot();
      return run.task.kind.is === 'sensor' ? sense(run, signal) : withRetries(run, signal, item);
    };
    return pool === undefined || run.mode === 'pinned' ? go() : poolOf(pool).hold(go, signal);
  }

  async function withRetries(run: TaskRun, signal: AbortSignal, item?: number): Promise<TaskResult> {
    for (let tried = 1; ; tried += 1) {
      signal.throwIfAborted();
      try {
        const result = await tryOnce(run, tried, signal, item);
        return { ...result, attempts: tried };
      } catch (error) {
        if (signal.aborted || isPermanent(error) || tried > run.task.options.retries) throw error;
        await wait(backoffMs(tried), signal);
      }
    }
  }

  /** Every failure that may pass counts as not there yet. */
  async function sense(run: TaskRun, signal: AbortSignal): Promise<TaskResult> {
    const { kind, id } = run.task;
    if (kind.is !== 'sensor') throw new TypeError(`Expected ${id} to be a sensor`);
    const until = Date.now() + milliseconds(kind.within);
    for (let tried = 1; ; tried += 1) {
      signal.throwIfAborted();
      try {
        return { ...(await tryOnce(run, tried, signal)), attempts: tried };
      } catch (error) {
        if (signal.aborted || isPermanent(error)) throw error;
        const pause = milliseconds(kind.every);
        if (Date.now() + pause >= until) throw new Late(lateMessage(run.task, error), { cause: error });
        await wait(pause, signal);
      }
    }
  }

  async function tryOnce(run: TaskRun, tried: number, signal: AbortSignal, item?: number): Promise<TaskResult> {
    const { task, input, mode } = run;
    const call = { task, input, mode, attempt: tried, ...(item === undefined ? {} : { item }) };
    const late = new AbortController();
    const timer = setTimeout(
      () => late.abort(new TaskTimeout(`Expected ${task.id} to end within ${task.options.timeout}`)),
      Math.min(milliseconds(task.options.timeout), LONGEST_TIMER_MS),
    );
    try {
      return await Promise.race([attempt(call, AbortSignal.any([signal, late.signal])), rejectedBy(late.signal)]);
    } finally {
      clearTimeout(timer);
    }
  }

  const describe: Executor['describe'] = (error) => ({
    type: error instanceof Error ? error.name : 'Error',
    message: error instanceof Error ? error.message : String(error),
    cancelled: cancelled.aborted || error instanceof Cancelled,
  });

  return {
    run: (run) =>
      underway(async (signal) =>
        run.task.kind.is === 'map' && run.mode !== 'pinned' ? runMapped(run, signal) : inSlot(run, signal),
      ),
    sleep: (ms) =>
      underway(async (signal) => sleep(Math.min(ms, LONGEST_TIMER_MS), signal).then(() => signal.throwIfAborted())),
    onChange,
    now: () => Date.now(),
    describe,
  };
}

/** What a sensor fails with: what it saw last is why. */
export function lateMessage({ id, kind }: TaskSpec, last: unknown): string {
  const within = kind.is === 'sensor' ? kind.within : '';
  return `Expected what ${id} waits for within ${within}: ${last instanceof Error ? last.message : String(last)}`;
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
