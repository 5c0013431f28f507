import { WorkflowFailedError, WorkflowNotFoundError, WorkflowUpdateFailedError } from '@temporalio/client';
import type { Client, WorkflowExecutionDescription, WorkflowHandle } from '@temporalio/client';
import {
  ApplicationFailure,
  ApplicationFailureCategory,
  CancelledFailure,
  TerminatedFailure,
} from '@temporalio/common';
import { tasksIn } from '../dag/run-state.js';
import type { DateRunEnd, DateRunStanding } from '../workflows/date-run.js';
import { operatorUpdate } from '../workflows/operator-updates.js';
import { progressQuery } from '../workflows/run-dag.js';
import type { RunSummary } from '../workflows/run-dag.js';

interface Run {
  readonly workflowId: string;
  readonly runId: string | undefined;
}

/**
 * How the run of a date ended, by the server; of one at work, that it is held, or is so no more, where that is news to
 * the caller. Else throws what is to be tried again.
 */
export async function runEnd(
  client: Client,
  { workflowId, runId }: Run,
  known = false,
): Promise<DateRunEnd | DateRunStanding> {
  const handle = client.workflow.getHandle(workflowId, runId);
  try {
    const description = await handle.describe();
    if (description.status.name !== 'RUNNING')
      return { outcome: 'success', summary: (await handle.result()) as RunSummary };
    const held = await isHeld(handle, description);
    if (held !== known) return { outcome: held ? 'held' : 'running' };
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return { outcome: 'terminated' };
    if (!(error instanceof WorkflowFailedError)) throw error;
    return endOf(error);
  }
  // The expected course of things, and no line in the worker's log.
  throw ApplicationFailure.create({ message: `${workflowId} is at work`, category: ApplicationFailureCategory.BENIGN });
}

function endOf({ cause, message }: WorkflowFailedError): DateRunEnd {
  if (cause instanceof CancelledFailure) return { outcome: 'cancelled' };
  if (cause instanceof TerminatedFailure) return { outcome: 'terminated' };
  const type = (cause instanceof ApplicationFailure ? cause.type : undefined) ?? cause?.name ?? 'WorkflowFailed';
  return { outcome: 'failed', type, headline: cause?.message ?? message };
}

/** Only a run with a failed task can be held, and the server tells that it has one without asking a worker. */
async function isHeld(handle: WorkflowHandle, { searchAttributes }: WorkflowExecutionDescription): Promise<boolean> {
  if (searchAttributes['FailedTask'] === undefined) return false;
  return tasksIn(await handle.query(progressQuery), 'held').length > 0;
}

/** Cancels a run as an operator does, with a name and a reason in its record. One that has ended is left as it is. */
export async function stopRun(
  client: Client,
  { workflowId, runId, who, why }: Run & { readonly who: string; readonly why: string },
): Promise<void> {
  try {
    // Named, so that another try of it is not another cancel.
    const handle = client.workflow.getHandle(workflowId, runId);
    await handle.executeUpdate(operatorUpdate('cancel'), { updateId: 'stop-run', args: [{ who, why }] });
  } catch (error) {
    if (error instanceof WorkflowNotFoundError || error instanceof WorkflowUpdateFailedError) return;
    throw error;
  }
}
