import {
  ActivityFailure,
  ApplicationFailure,
  ChildWorkflowFailure,
  TemporalFailure,
  TimeoutFailure,
} from '@temporalio/workflow';
import type { TaskSpec } from '../dag/dag.js';
import type { TaskFailure } from '../dag/run-state.js';

/** A run's state has to fit into the answer of a query, however much its tasks have to say; the history has the rest. */
const MESSAGE_LENGTH = 2_000;

/** The cause below Temporal's own wrapping: what the activity threw, or which timeout ended it. */
export function failureOf(error: unknown, tasks: readonly TaskSpec[]): TaskFailure {
  const { type, message } = causeOf(error, tasks);
  return { type, message: message.length > MESSAGE_LENGTH ? `${message.slice(0, MESSAGE_LENGTH)}…` : message };
}

function causeOf(error: unknown, tasks: readonly TaskSpec[]): TaskFailure {
  if (error instanceof ActivityFailure) {
    if (error.cause instanceof TimeoutFailure) {
      const task = tasks.find(({ id }) => id === error.activityId?.split(ITEM)[0]);
      return { type: 'Timeout', message: timeoutMessage(error.cause, task) };
    }
    if (error.cause !== undefined) return causeOf(error.cause, tasks);
  }
  if (error instanceof ChildWorkflowFailure && error.cause !== undefined) return causeOf(error.cause, tasks);
  if (error instanceof ApplicationFailure) return { type: error.type ?? 'Error', message: error.message };
  if (error instanceof TemporalFailure) return { type: error.name, message: error.message };
  return error instanceof Error
    ? { type: error.name, message: error.message }
    : { type: 'Error', message: String(error) };
}

/** Between a map's id and an item's number, in the id of the item's activity. */
export const ITEM = '#';

function timeoutMessage({ timeoutType, message }: TimeoutFailure, task: TaskSpec | undefined): string {
  if (task !== undefined && timeoutType === 'START_TO_CLOSE') {
    return `Expected ${task.id} to end within ${task.options.timeout}`;
  }
  if (task !== undefined && timeoutType === 'HEARTBEAT') {
    return `Expected progress from ${task.id} within ${task.options.heartbeat}; its worker may have died`;
  }
  return `${message} (${timeoutType})`;
}
