import { upstreamOf } from './dag.js';
import type { Dag, TaskSpec } from './dag.js';
import { initialState, withTask } from './run-state.js';
import type { RunState, TaskFailure, TaskState } from './run-state.js';

/** What a task that ended well gives its executor. */
export interface TaskResult<Output = unknown> {
  readonly output: Output;
  readonly cached: boolean;
  readonly note?: string;
}

/** What differs between running in this process and on Temporal. */
export interface Executor {
  /** Runs one task to its end, retries included. Rejects when it failed for good. */
  runTask(task: TaskSpec, input: { readonly [name: string]: unknown }): Promise<TaskResult>;
  /** Reads the error that `runTask` rejected with; `cancelled` tells a stop on request from a failure. */
  describe(error: unknown): TaskFailure & { readonly cancelled: boolean };
  /** Called after every change of a task's state. */
  onChange(run: RunState): void;
  /** The executor's clock, in milliseconds. */
  now(): number;
}

export interface RunResult {
  readonly state: RunState;
  /** What each output of the DAG holds; an output whose task did not succeed is absent. */
  readonly outputs: { readonly [name: string]: unknown };
}

const pick = (output: unknown, field: string | undefined): unknown =>
  // The pipeline's types admit a field only of an object that has it.
  field === undefined ? output : (output as { readonly [name: string]: unknown })[field];

/**
 * Runs every task as soon as its inputs are there, branches side by side. A failure stops what depends on it
 * (`upstream_failed`) and nothing else: the promise resolves once every task has settled, and never rejects
 * because a task failed. The same code drives a plain process and a Temporal workflow: it does no I/O of its own
 * and starts tasks in an order that only the DAG and the order of completions decide.
 */
export async function executeDag(
  dag: Dag,
  params: { readonly [name: string]: unknown },
  executor: Executor,
): Promise<RunResult> {
  const results = new Map<string, Promise<TaskResult | undefined>>();
  let run = initialState(dag);
  const change = (task: string, state: TaskState): void => {
    run = withTask(run, task, state);
    executor.onChange(run);
  };

  for (const task of dag.tasks) results.set(task.id, settle(task));

  async function settle(task: TaskSpec): Promise<TaskResult | undefined> {
    const upstream = await Promise.all(upstreamOf(task).map(async (id) => results.get(id)));
    if (upstream.includes(undefined)) {
      const stopped = upstreamOf(task).some((id) => run.tasks[id]?.state === 'cancelled');
      change(task.id, { state: stopped ? 'cancelled' : 'upstream_failed' });
      return undefined;
    }
    const startedAt = executor.now();
    change(task.id, { state: 'running', startedAt });
    try {
      const result = await executor.runTask(task, await inputOf(task));
      change(task.id, {
        state: 'success',
        startedAt,
        endedAt: executor.now(),
        cached: result.cached,
        ...(result.note === undefined ? {} : { note: result.note }),
      });
      return result;
    } catch (error) {
      const { cancelled, type, message } = executor.describe(error);
      const endedAt = executor.now();
      change(task.id, { state: cancelled ? 'cancelled' : 'failed', startedAt, endedAt, error: { type, message } });
      return undefined;
    }
  }

  async function inputOf(task: TaskSpec): Promise<{ readonly [name: string]: unknown }> {
    const input: { [name: string]: unknown } = {};
    for (const [name, source] of Object.entries(task.inputs)) {
      if (source.from === 'task') input[name] = pick((await results.get(source.task))?.output, source.field);
      else if (source.from === 'param') input[name] = params[source.param];
      else input[name] = source.value;
    }
    return input;
  }

  await Promise.all(results.values());
  const outputs: { [name: string]: unknown } = {};
  for (const [name, id] of Object.entries(dag.outputs)) {
    const result = await results.get(id);
    if (result !== undefined) outputs[name] = result.output;
  }
  return { state: run, outputs };
}
