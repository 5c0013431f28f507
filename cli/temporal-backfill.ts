import { WorkflowExecutionAlreadyStartedError, WorkflowFailedError, WorkflowNotFoundError } from '@temporalio/client';
import type { WorkflowHandle } from '@temporalio/client';
import { CancelledFailure } from '@temporalio/common';
import { BadConfig } from '../config/bad-config.js';
import { planHash } from '../dag/backfill-plan.js';
import type { BackfillPlan } from '../dag/backfill-plan.js';
import { initialBackfill } from '../dag/backfill-state.js';
import type { BackfillOutcome, BackfillState } from '../dag/backfill-state.js';
import type { Dag } from '../dag/dag.js';
import { backfillQuery } from '../workflows/backfill.js';
import type { BackfillInput } from '../workflows/backfill-input.js';
import { backfillWorkflowId } from '../workflows/backfill-signals.js';
import { optionsOf } from '../workflows/run-options.js';
import { followWorkflow } from './follow-workflow.js';
import type { Watcher } from './follow-workflow.js';
import { AlreadyRunning } from './temporal-run.js';
import type { TemporalClient } from './temporal-client.js';

/** Starts the workflow `backfill/<dag>/<name>`. Refuses where one of that name is running. */
export async function startBackfill(
  { client, taskQueue }: TemporalClient,
  dag: Dag,
  id: string,
  plan: BackfillPlan,
): Promise<WorkflowHandle> {
  const { dates, refused, params, maxRuns } = plan;
  const options = optionsOf(dag, plan.run) ?? {};
  const input: BackfillInput = {
    dag: dag.id,
    id,
    plan: planHash(plan),
    dates: [...dates],
    refused,
    params,
    maxRuns,
    options,
  };
  const ordered = dates.toSorted();
  try {
    return await client.workflow.start('backfill', {
      workflowId: backfillWorkflowId(id),
      taskQueue,
      args: [input],
      workflowIdReusePolicy: 'ALLOW_DUPLICATE',
      workflowIdConflictPolicy: 'FAIL',
      staticSummary: `${dates.length} dates of ${dag.id}, ${ordered[0]} to ${ordered.at(-1)}`,
      memo: { dates: dates.length, first: ordered[0], last: ordered.at(-1) },
    });
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    throw new AlreadyRunning(
      `The backfill ${id} is running already: see \`segmenta backfill status ${id}\`, cancel it, or give this one another --name`,
    );
  }
}

const LOOK_EVERY_MS = 500;

export interface FollowedBackfill {
  readonly state: BackfillState;
  readonly outcome: BackfillOutcome;
  /** What it says where it failed. */
  readonly message?: string;
}

/** Watches a backfill to its end. Dates that failed make a failed state, not an error. */
export async function followBackfill(
  temporal: TemporalClient,
  handle: WorkflowHandle,
  plan: BackfillPlan,
  watcher: Watcher<BackfillState>,
): Promise<FollowedBackfill> {
  const ended = handle.result().then(
    () => ({ outcome: 'success' }) as const,
    (error: unknown) => endOf(error),
  );
  const { state, end } = await followWorkflow(temporal, handle, backfillQuery, {
    initial: initialBackfill(handle.workflowId, plan),
    ended,
    everyMs: LOOK_EVERY_MS,
    watcher,
  });
  return { state, ...end };
}

function endOf(error: unknown): Pick<FollowedBackfill, 'outcome' | 'message'> {
  if (!(error instanceof WorkflowFailedError)) throw error;
  if (error.cause instanceof CancelledFailure) return { outcome: 'cancelled' };
  return { outcome: 'failed', message: error.cause?.message ?? error.message };
}

/** The handle of a backfill by the id that people use; its workflow's is taken, too. */
export const backfillHandle = ({ client }: TemporalClient, id: string): WorkflowHandle =>
  client.workflow.getHandle(id.startsWith('backfill/') ? id : backfillWorkflowId(id));

/** Says so where the server has no such backfill. */
export async function ofBackfill<Result>(id: string, work: Promise<Result>): Promise<Result> {
  return work.catch((error: unknown) => {
    if (!(error instanceof WorkflowNotFoundError)) throw error;
    throw new BadConfig(`Temporal knows no backfill ${id}: \`segmenta backfills\` lists those there are`);
  });
}
