import type { TaskSpec } from './dag.js';
import { milliseconds } from './duration.js';
import type { Executor, TaskResult, Underway } from './executor.js';
import { Late } from './late.js';

/** What a task that got its signal says it made. */
export const RECEIVED = 'received';

/** Signals of a run: one may come before the task that waits for it has begun. */
export interface SignalBox {
  deliver(task: string, value: unknown): void;
  /** Ends when the task's signal is there, with its value; rejects with `Late` when it took too long. */
  wait(task: TaskSpec): Underway<TaskResult>;
}

export function signalBox({ sleep }: Pick<Executor, 'sleep'>): SignalBox {
  const values = new Map<string, unknown>();
  const listeners = new Map<string, () => void>();
  const taken = (id: string): TaskResult => ({ output: values.get(id), cached: false, note: RECEIVED });

  return {
    deliver: (task, value) => {
      values.set(task, value);
      listeners.get(task)?.();
    },
    wait: ({ id, kind }) => {
      if (kind.is !== 'signal') throw new TypeError(`Expected ${id} to wait for a signal`);
      if (values.has(id)) return { done: Promise.resolve(taken(id)), cancel: () => {} };
      const timer = sleep(milliseconds(kind.within), `${id}: waits for a signal`);
      const received = new Promise<'received'>((resolve) => listeners.set(id, () => resolve('received')));
      const done = Promise.race([received, timer.done]).then((first) => {
        if (first !== 'received') throw new Late(`Expected a signal for ${id} within ${kind.within}, got none`);
        timer.cancel();
        return taken(id);
      });
      return { done, cancel: () => timer.cancel() };
    },
  };
}
