import {
  condition,
  continueAsNew,
  getExternalWorkflowHandle,
  proxyLocalActivities,
  setCurrentDetails,
  setHandler,
  setWorkflowOptions,
  workflowInfo,
} from '@temporalio/workflow';
import { tellPool } from './pool-gauges.js';
import { acquireSignal, poolName, poolQuery, releaseSignal } from './pool-signals.js';
import type { PoolActivities, PoolState } from './pool-signals.js';
import type { SlotRequest } from './task-call.js';

const { endedRuns } = proxyLocalActivities<PoolActivities>({ startToCloseTimeout: '30 seconds' });

/** A holder that was terminated gives nothing back: while others wait, the pool looks whether holders are still there. */
const LOOK_EVERY = '10 seconds';
/** An idle pool ends; the next wish starts it again. */
const IDLE = '1 minute';

// Runs of all builds of the workers share a pool: it moves to the current build, where others stay with the one that they
// began with. So it must replay from one build to the next: a change of its course takes a patch. Workers that are not
// versioned may not say so, and have no name of a deployment.
setWorkflowOptions(
  () => (workflowInfo().currentDeploymentVersion?.deploymentName ? { versioningBehavior: 'AUTO_UPGRADE' } : {}),
  pool,
);

/** Grants slots by priority, then in the order of asking, never more at once than the pool's size. */
export async function pool(carried: PoolState): Promise<void> {
  let { size } = carried;
  let holders = [...carried.holders];
  let waiting = [...carried.waiting];
  let granting = 0;
  const name = poolName(workflowInfo().taskQueue, workflowInfo().workflowId);

  const drop = (tickets: ReadonlySet<string>): void => {
    holders = holders.filter(({ ticket }) => !tickets.has(ticket));
    waiting = waiting.filter(({ ticket }) => !tickets.has(ticket));
    grant();
  };
  setHandler(poolQuery, () => ({ size, holders, waiting }), { description: 'Who holds slots, and who waits' });
  setHandler(releaseSignal, (ticket) => drop(new Set([ticket])), { description: 'A slot is given back' });
  setHandler(
    acquireSignal,
    ({ size: said, ...request }) => {
      size = said;
      const known = [...holders, ...waiting].some(({ ticket }) => ticket === request.ticket);
      if (!known) waiting.push(request);
      grant();
    },
    { description: 'A task wants a slot' },
  );

  function grant(): void {
    while (holders.length < size && waiting.length > 0) {
      const first = waiting.reduce((best, request) => (request.priority < best.priority ? request : best));
      waiting = waiting.filter((request) => request !== first);
      holders.push(first);
      granting += 1;
      void tell(first);
    }
    tellPool(name, { inUse: holders.length, waiting: waiting.length });
    const list = (requests: readonly SlotRequest[]): string =>
      requests.map(({ workflowId, ticket }) => `- ${workflowId}: ${ticket.split('/').slice(1).join('/')}`).join('\n');
    setCurrentDetails(
      `**${holders.length} of ${size} slots taken**\n\n${list(holders)}\n\n**${waiting.length} waiting**\n\n${list(waiting)}`,
    );
  }

  async function tell({ workflowId, runId, ticket }: SlotRequest): Promise<void> {
    try {
      await getExternalWorkflowHandle(workflowId, runId).signal('slotGranted', ticket);
    } catch {
      // It is gone: nobody would give the slot back.
      drop(new Set([ticket]));
    } finally {
      granting -= 1;
    }
  }

  grant();
  const idle = (): boolean => holders.length === 0 && waiting.length === 0;
  const long = (): boolean => workflowInfo().continueAsNewSuggested;
  for (;;) {
    if (idle()) {
      if (!(await condition(() => !idle(), IDLE)) && granting === 0) return;
    } else if (waiting.length === 0) await condition(() => idle() || waiting.length > 0 || long());
    else if (!(await condition(() => waiting.length === 0 || long(), LOOK_EVERY))) {
      const ended = new Set(await endedRuns(holders.map(({ workflowId, runId }) => ({ workflowId, runId }))));
      drop(new Set(holders.flatMap(({ runId, ticket }) => (ended.has(runId) ? [ticket] : []))));
    }
    if (long()) {
      await condition(() => granting === 0);
      await continueAsNew<typeof pool>({ size, holders, waiting });
    }
  }
}
