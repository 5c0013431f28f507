import { WorkflowFailedError, WorkflowNotFoundError } from '@temporalio/client';
import type { Client } from '@temporalio/client';
import { ApplicationFailure, CancelledFailure, TerminatedFailure } from '@temporalio/common';
import type { DateRunEnd } from '../workflows/date-run.js';
import type { RunSummary } from '../workflows/run-dag.js';

/** How the run of a date ended, by the server. Throws what is to be tried again while it is at work. */
export async function runEnd(client: Client, workflowId: string, runId?: string): Promise<DateRunEnd> {
  const handle = client.workflow.getHandle(workflowId, runId);
  try {
    const { status } = await handle.describe();
    if (status.name === 'RUNNING') throw new Error(`${workflowId} is at work`);
    return { outcome: 'success', summary: (await handle.result()) as RunSummary };
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return { outcome: 'terminated' };
    if (!(error instanceof WorkflowFailedError)) throw error;
    const { cause } = error;
    if (cause instanceof CancelledFailure) return { outcome: 'cancelled' };
    if (cause instanceof TerminatedFailure) return { outcome: 'terminated' };
    const type = (cause instanceof ApplicationFailure ? cause.type : undefined) ?? cause?.name ?? 'WorkflowFailed';
    return { outcome: 'failed', type, headline: cause?.message ?? error.message };
  }
}
