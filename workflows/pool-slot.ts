import {
  CancellationScope,
  condition,
  defineSignal,
  getExternalWorkflowHandle,
  proxyLocalActivities,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import type { TaskSpec } from '../dag/dag.js';
import type { CallContext } from './call-activity.js';
import { poolId, releaseSignal } from './pool-signals.js';
import type { RunActivities } from './task-call.js';

/** The pool's answer: the ticket has its slot. */
export const slotGranted = defineSignal<[ticket: string]>('slotGranted');

/** Tickets of this workflow that have their slots. A workflow's module state is its own. */
const granted = new Set<string>();

/** A pool's workflow that was terminated has forgotten who waits. One that has not takes a known ticket for what it is. */
const ASK_AGAIN = '10 minutes';

/** Asking is one call of the server. */
const { requestSlot } = proxyLocalActivities<Pick<RunActivities, 'requestSlot'>>({ startToCloseTimeout: '10 seconds' });

/**
 * Does `work` while holding a slot of the task's pool, where it has one. The slot is given back when the work ends,
 * however it ends; where this workflow is terminated, the pool finds out by itself.
 */
export async function holdingSlot<Result>(
  { options }: TaskSpec,
  { priority }: CallContext,
  { ticket: name, onSlot }: { readonly ticket: string; onSlot(): void },
  work: () => Promise<Result>,
): Promise<Result> {
  const { pool } = options;
  if (pool === undefined) return work();
  const { workflowId, runId } = workflowInfo();
  const ticket = `${runId}/${name}`;
  setHandler(slotGranted, (given) => void granted.add(given), { description: 'A pool gives a slot' });
  // To its end, also where the task is called off meanwhile: a wish that came after its own withdrawal would stay.
  const ask = async (): Promise<void> =>
    CancellationScope.nonCancellable(async () =>
      requestSlot({ pool, ticket, workflowId, runId, priority: priority ?? options.priority }),
    );
  try {
    await ask();
    while (!(await condition(() => granted.has(ticket), ASK_AGAIN))) await ask();
    onSlot();
    return await work();
  } finally {
    granted.delete(ticket);
    await CancellationScope.nonCancellable(async () => giveBack(pool, ticket));
  }
}

/** A pool that has ended knows of no slots: then there is none to give back. */
async function giveBack(pool: string, ticket: string): Promise<void> {
  await getExternalWorkflowHandle(poolId(workflowInfo().taskQueue, pool))
    .signal(releaseSignal, ticket)
    .catch(() => undefined);
}
