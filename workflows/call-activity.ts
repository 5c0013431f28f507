import {
  ActivityCancellationType,
  ActivityFailure,
  TimeoutFailure,
  proxyActivities,
  workflowInfo,
} from '@temporalio/workflow';
import type { ActivityOptions } from '@temporalio/workflow';
import type { Priority, TaskSpec } from '../dag/dag.js';
import { milliseconds } from '../dag/duration.js';
import type { TaskResult } from '../dag/executor.js';
import { lateMessage } from '../dag/in-process-executor.js';
import { Late } from '../dag/late.js';
import { RETRY_BACKOFF } from '../dag/retry-policy.js';
import { ITEM } from './failure.js';
import type { TaskCall } from './task-call.js';
import { activityQueue } from './task-queues.js';

/** What is the same for all activities of a run. */
export interface CallContext {
  readonly fecha: string | null;
  readonly priority: Priority | undefined;
}

/** Calls a task's activity: one attempt after the other, by its options. */
export async function callTask(task: TaskSpec, call: TaskCall, context: CallContext): Promise<TaskResult> {
  const { [task.activity]: activity } = proxyActivities<{ [name: string]: (call: TaskCall) => Promise<TaskResult> }>({
    ...optionsOf(task, context),
    activityId: call.item === undefined ? task.id : `${task.id}${ITEM}${call.item}`,
    ...summaryOf(call, context.fecha),
  });
  if (activity === undefined) throw new RangeError(`Expected an activity called ${task.activity}, got none`);
  try {
    return await activity(call);
  } catch (error) {
    if (task.kind.is === 'sensor' && ranOut(error)) throw new Late(lateMessage(task, lastSeen(error)));
    throw error;
  }
}

function optionsOf({ kind, options }: TaskSpec, { priority }: CallContext): ActivityOptions {
  const { retries, timeout, heartbeat, queue } = options;
  const shared: ActivityOptions = {
    taskQueue: activityQueue(workflowInfo().taskQueue, queue),
    startToCloseTimeout: milliseconds(timeout),
    heartbeatTimeout: milliseconds(heartbeat),
    cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
    priority: { priorityKey: priority ?? options.priority },
  };
  if (kind.is === 'sensor') {
    // A look that finds nothing is a failed attempt: between two attempts the server waits, not a worker, and no
    // attempt adds to the history.
    const every = milliseconds(kind.every);
    return {
      ...shared,
      scheduleToCloseTimeout: milliseconds(kind.within),
      retry: { initialInterval: every, backoffCoefficient: 1, maximumInterval: every },
    };
  }
  const retry = {
    maximumAttempts: retries + 1,
    initialInterval: RETRY_BACKOFF.initialMs,
    backoffCoefficient: RETRY_BACKOFF.factor,
    maximumInterval: RETRY_BACKOFF.maximumMs,
  };
  return { ...shared, retry };
}

/** The server gives up where the next attempt would come too late, with the last attempt's failure as the cause. */
const ranOut = (error: unknown): error is ActivityFailure =>
  error instanceof ActivityFailure && error.retryState === 'TIMEOUT';

/** The SDK makes an error of the timeout without its cause: that is only in what the server sent. */
function lastSeen({ cause }: ActivityFailure): unknown {
  const last = cause instanceof TimeoutFailure ? cause.failure?.cause?.message : undefined;
  return last ?? cause;
}

/** What fits on a bar of the timeline. */
const SUMMARY_LENGTH = 40;

/** The bar's text beside the activity's type, which it does not repeat. */
function summaryOf({ input, mode, item }: TaskCall, fecha: string | null): { summary?: string } {
  const what = mode === 'pinned' ? 'pinned' : rowsIn(input);
  const parts = [fecha, item === undefined ? null : `item ${item}`, what].filter((part) => part !== null);
  return parts.length === 0 ? {} : { summary: parts.join(' · ').slice(0, SUMMARY_LENGTH) };
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
