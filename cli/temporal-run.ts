import { WorkflowExecutionAlreadyStartedError, WorkflowFailedError } from '@temporalio/client';
import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import type { WorkflowHandleWithFirstExecutionRunId } from '@temporalio/client';
import type { Dag } from '../dag/dag.js';
import { PermanentError } from '../dag/permanent-error.js';
import type { RunPlan } from '../dag/run-plan.js';
import { initialState, isSettled, runOutcome } from '../dag/run-state.js';
import type { RunOutcome, RunState, TaskFailure } from '../dag/run-state.js';
import { progressQuery } from '../workflows/run-dag.js';
import { optionsOf } from '../workflows/run-options.js';
import type { RunSummary } from '../workflows/run-dag.js';
import { followWorkflow } from './follow-workflow.js';
import type { Watcher } from './follow-workflow.js';
import type { TemporalClient } from './temporal-client.js';

/** A date has one run at a time. */
export class AlreadyRunning extends PermanentError {
  override readonly name = 'AlreadyRunning';
}

export interface StartedRun {
  readonly dag: Dag;
  readonly id: string;
  readonly runId: string;
  readonly handle: WorkflowHandleWithFirstExecutionRunId;
}

type Params = { readonly fecha: string };

/** Starts the workflow `<dag>/<fecha>`. Refuses where one of that date is running. */
export async function startRun(
  { client, taskQueue, runUrl }: TemporalClient,
  dag: Dag,
  params: Params,
  plan?: RunPlan,
): Promise<StartedRun> {
  const id = `${dag.id}/${params.fecha}`;
  const options = plan === undefined ? undefined : optionsOf(dag, plan);
  try {
    const handle = await client.workflow.start(dag.id, {
      workflowId: id,
      taskQueue,
      args: options === undefined ? [params] : [params, options],
      ...(plan?.priority === undefined ? {} : { priority: { priorityKey: plan.priority } }),
      workflowIdReusePolicy: 'ALLOW_DUPLICATE',
      workflowIdConflictPolicy: 'FAIL',
      staticSummary: `${dag.id} of ${params.fecha}`,
    });
    return { dag, id, runId: handle.firstExecutionRunId, handle };
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    throw new AlreadyRunning(`${id} is running already, and a date has one run at a time: watch it at ${runUrl(id)}`);
  }
}

export interface FollowedRun {
  readonly state: RunState;
  readonly outcome: RunOutcome;
  /** Where it ended outside its tasks: terminated, or its parameters refused. */
  readonly failure?: TaskFailure;
  readonly outputs: { readonly [name: string]: unknown };
}

const LOOK_EVERY_MS = 250;

/** Watches a run to its end. A failed task makes a failed state, not an error. */
export async function followRun(
  temporal: TemporalClient,
  { dag, id, handle }: StartedRun,
  watcher: Watcher<RunState>,
): Promise<FollowedRun> {
  const ended = (handle.result() as Promise<RunSummary>).then(
    (summary) => ({ outputs: summary.outputs, failure: undefined }),
    (error: unknown) => ({ outputs: {}, failure: error }),
  );
  const { state, end } = await followWorkflow(temporal, handle, progressQuery, {
    initial: initialState(dag),
    ended,
    everyMs: LOOK_EVERY_MS,
    watcher,
  });
  return { state, outputs: end.outputs, ...endOf(dag, state, id, end.failure) };
}

/** How a run ended by the server, which knows more than its tasks do. */
function endOf(dag: Dag, state: RunState, id: string, failure: unknown): Pick<FollowedRun, 'outcome' | 'failure'> {
  if (failure === undefined) return { outcome: 'success' };
  if (!(failure instanceof WorkflowFailedError)) throw failure;
  const { cause } = failure;
  if (cause instanceof CancelledFailure) return { outcome: 'cancelled' };
  const settled = Object.values(state.tasks).every(isSettled);
  if (settled && runOutcome(dag, state) === 'failed') return { outcome: 'failed' };
  const type = (cause instanceof ApplicationFailure ? cause.type : undefined) ?? cause?.name ?? 'WorkflowFailed';
  return { outcome: 'failed', failure: { type, message: `${id}: ${cause?.message ?? failure.message}` } };
}
