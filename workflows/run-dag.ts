import {
  ActivityCancellationType,
  ActivityFailure,
  ApplicationFailure,
  CancelledFailure,
  TemporalFailure,
  TimeoutFailure,
  defineQuery,
  isCancellation,
  proxyActivities,
  setCurrentDetails,
  setHandler,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import { defineSearchAttributeKey } from '@temporalio/common';
import { z } from 'zod';
import type { Dag, TaskSpec } from '../dag/dag.js';
import { drawRun } from '../dag/draw-run.js';
import { milliseconds } from '../dag/duration.js';
import { executeDag } from '../dag/execute.js';
import type { Executor, TaskResult } from '../dag/execute.js';
import { RETRY_BACKOFF } from '../dag/retry-policy.js';
import { schemaIssues } from '../dag/schema-issues.js';
import { failureHeadline, initialState, runOutcome } from '../dag/run-state.js';
import type { RunState, TaskFailure } from '../dag/run-state.js';
import { activityQueue } from './task-queues.js';

/** Every task's state; what the CLI shows while a run goes on. */
export const progressQuery = defineQuery<RunState>('progress');

/** Keyword search attributes: ISO dates compare and range as text. */
const dagKey = defineSearchAttributeKey('Dag', 'KEYWORD');
const fechaKey = defineSearchAttributeKey('FechaModelo', 'KEYWORD');

/** What a task's activity gets: its inputs, and which task of the run it is. */
export interface TaskCall {
  readonly task: string;
  readonly input: { readonly [name: string]: unknown };
}

/** The result of a run, short enough to be read where Temporal UI shows it. */
export interface RunSummary {
  readonly dag: string;
  readonly fecha: string | null;
  /** "3 of 7 tasks": the rest was there already. */
  readonly computed: string;
  /** What each task made, in its own words. */
  readonly made: { readonly [task: string]: string };
  readonly outputs: { readonly [name: string]: unknown };
}

/** Type of the failure with which a run ends when a task failed. */
const RUN_FAILED = 'TaskFailed';

/**
 * The Temporal workflow that runs a DAG. Its argument is the run's parameters; they are checked here too, since anyone
 * may start a workflow. It ends after every branch has settled: a failure then names the first task that failed and why.
 */
export function dagWorkflow<Params>(dag: Dag<Params>): (params: unknown) => Promise<RunSummary> {
  return async (given) => {
    const params = parseParams(dag, given);
    const fecha = typeof params.fecha === 'string' ? params.fecha : null;
    upsertSearchAttributes([
      { key: dagKey, value: dag.id },
      ...(fecha === null ? [] : [{ key: fechaKey, value: fecha }]),
    ]);

    let run = initialState(dag);
    setHandler(progressQuery, () => run, { description: "Every task's state" });
    setCurrentDetails(drawRun(run));

    const { outputs } = await executeDag(dag, params, {
      ...temporalExecutor(dag, fecha),
      onChange: (changed) => {
        run = changed;
        setCurrentDetails(drawRun(run));
      },
    });

    const outcome = runOutcome(run);
    if (outcome === 'failed') {
      throw ApplicationFailure.create({ message: failureHeadline(run), type: RUN_FAILED, nonRetryable: true });
    }
    if (outcome === 'cancelled') throw new CancelledFailure(`The run of ${dag.id} was cancelled`);
    return summarize(run, fecha, outputs);
  };
}

function parseParams<Params>(dag: Dag<Params>, given: unknown): { readonly [name: string]: unknown } {
  try {
    // A DAG's parameters are named: its tasks take them by name.
    return dag.params.parse(given) as { readonly [name: string]: unknown };
  } catch (error) {
    const reasons =
      error instanceof z.ZodError ? schemaIssues(error) : [error instanceof Error ? error.message : String(error)];
    const message = `parameters of ${dag.id}: ${reasons.join('; ')}`;
    throw ApplicationFailure.create({ message, type: 'BadParameters', nonRetryable: true });
  }
}

function temporalExecutor(dag: Dag, fecha: string | null): Omit<Executor, 'onChange'> {
  return {
    runTask: async (task, input) => {
      const { [task.activity]: activity } = proxyFor(task, fecha, input);
      if (activity === undefined) throw new RangeError(`Expected an activity called ${task.activity}, got none`);
      return activity({ task: task.id, input });
    },
    // Deterministic: in a workflow this is the time of the event that is worked on.
    now: () => Date.now(),
    describe: (error) => ({ ...failureOf(error, dag), cancelled: isCancellation(error) }),
  };
}

function proxyFor(task: TaskSpec, fecha: string | null, input: TaskCall['input']) {
  const { retries, timeout, heartbeat, queue } = task.options;
  return proxyActivities<{ [activity: string]: (call: TaskCall) => Promise<TaskResult> }>({
    activityId: task.id,
    taskQueue: activityQueue(workflowInfo().taskQueue, queue),
    startToCloseTimeout: milliseconds(timeout),
    heartbeatTimeout: milliseconds(heartbeat),
    cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
    ...summaryOf(fecha, input),
    retry: {
      maximumAttempts: retries + 1,
      initialInterval: RETRY_BACKOFF.initialMs,
      backoffCoefficient: RETRY_BACKOFF.factor,
      maximumInterval: RETRY_BACKOFF.maximumMs,
    },
  });
}

/** What fits on a bar of the timeline. */
const SUMMARY_LENGTH = 40;

/** The bar's text beside the activity's type, which it does not repeat. */
function summaryOf(fecha: string | null, input: TaskCall['input']): { summary?: string } {
  const summary = [fecha, rowsIn(input)].filter((part) => part !== null).join(' · ');
  return summary === '' ? {} : { summary: summary.slice(0, SUMMARY_LENGTH) };
}

/** How much a task has to do: the rows of its first artifact. */
function rowsIn(input: TaskCall['input']): string | null {
  for (const value of Object.values(input)) {
    if (typeof value === 'object' && value !== null && 'rows' in value && typeof value.rows === 'number') {
      return `${value.rows.toLocaleString('en-US')} rows in`;
    }
  }
  return null;
}

/** The cause below Temporal's own wrapping: what the activity threw, or which timeout ended it. */
function failureOf(error: unknown, dag: Dag): TaskFailure {
  if (error instanceof ActivityFailure) {
    if (error.cause instanceof TimeoutFailure) {
      const task = dag.tasks.find(({ id }) => id === error.activityId);
      return { type: 'Timeout', message: timeoutMessage(error.cause, task) };
    }
    if (error.cause !== undefined) return failureOf(error.cause, dag);
  }
  if (error instanceof ApplicationFailure) return { type: error.type ?? 'Error', message: error.message };
  if (error instanceof TemporalFailure) return { type: error.name, message: error.message };
  return error instanceof Error
    ? { type: error.name, message: error.message }
    : { type: 'Error', message: String(error) };
}

function timeoutMessage({ timeoutType, message }: TimeoutFailure, task: TaskSpec | undefined): string {
  if (task !== undefined && timeoutType === 'START_TO_CLOSE') {
    return `Expected ${task.id} to end within ${task.options.timeout}`;
  }
  if (task !== undefined && timeoutType === 'HEARTBEAT') {
    return `Expected progress from ${task.id} within ${task.options.heartbeat}; its worker may have died`;
  }
  return `${message} (${timeoutType})`;
}

function summarize(run: RunState, fecha: string | null, outputs: RunSummary['outputs']): RunSummary {
  const tasks = Object.entries(run.tasks);
  const computed = tasks.filter(([, task]) => task.cached !== true).length;
  const made = tasks.map(([id, { note, cached }]) => [id, `${note ?? ''}${cached === true ? ' (cached)' : ''}`]);
  return {
    dag: run.dag,
    fecha,
    computed: `${computed} of ${tasks.length} tasks`,
    made: Object.fromEntries(made),
    outputs,
  };
}
