import type { WorkflowHandle } from '@temporalio/client';
import { WorkflowFailedError, WorkflowUpdateFailedError } from '@temporalio/client';
import { expect } from 'vitest';
import { BACKFILL_PRIORITY } from '../../dag/backfill-plan.js';
import { datesIn } from '../../dag/backfill-state.js';
import type { BackfillState, DateStateName } from '../../dag/backfill-state.js';
import { backfillQuery } from '../../workflows/backfill.js';
import type { BackfillInput } from '../../workflows/backfill-input.js';
import { backfillUpdate } from '../../workflows/backfill-updates.js';
import type { BackfillRequest, BackfillUpdateName } from '../../workflows/backfill-updates.js';
import { backfillWorkflowId } from '../../workflows/backfill-signals.js';
import { visitDag } from '../contract/contract-dags.js';
import type { ContractWorker } from './contract-worker.js';

/** A backfill of the DAG `visit` over these dates. */
export async function startBackfill(
  worker: ContractWorker,
  name: string,
  dates: readonly string[],
  said: Partial<BackfillInput> = {},
): Promise<WorkflowHandle> {
  const id = `${visitDag.id}/${name}`;
  const input = { dag: visitDag.id, id, plan: 'of a test', dates: [...dates], maxRuns: 2, params: { start: 1 } };
  const options = { priority: BACKFILL_PRIORITY, ...said.options };
  return worker.client.workflow.start('backfill', {
    workflowId: backfillWorkflowId(id),
    taskQueue: worker.taskQueue,
    args: [{ ...input, ...said, options }],
  });
}

export const backfillState = async (handle: WorkflowHandle): Promise<BackfillState> => handle.query(backfillQuery);

/** Every date's state, as `2020-01-01 success`. */
export const datesOfBackfill = async (handle: WorkflowHandle): Promise<readonly string[]> =>
  Object.entries((await backfillState(handle)).dates).map(([fecha, { state }]) => `${fecha} ${state}`);

/** Waits until the dates in one of these states are these. */
export async function untilDates(
  handle: WorkflowHandle,
  state: DateStateName,
  fechas: readonly string[],
): Promise<void> {
  const seen = async (): Promise<readonly string[]> => datesIn(await backfillState(handle), state);
  await expect.poll(seen, { timeout: 60_000, interval: 100 }).toEqual(fechas);
}

/** Acts on a backfill. Gives the reason where it is refused. */
export async function actOnBackfillBy(
  handle: WorkflowHandle,
  name: BackfillUpdateName,
  said: Omit<BackfillRequest, 'who' | 'why'> = {},
): Promise<string | undefined> {
  try {
    await handle.executeUpdate(backfillUpdate(name), { args: [{ who: 'Eva', why: 'a test', ...said }] });
    return undefined;
  } catch (error) {
    if (!(error instanceof WorkflowUpdateFailedError)) throw error;
    return error.cause?.message;
  }
}

/** What a backfill, or a run, says when it fails; its name for how it ended where it has no words. */
export async function failureOfRun(handle: WorkflowHandle): Promise<string | undefined> {
  try {
    await handle.result();
    return undefined;
  } catch (error) {
    if (!(error instanceof WorkflowFailedError)) throw error;
    return error.cause?.message;
  }
}
