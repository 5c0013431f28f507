import { Context } from '@temporalio/activity';
import { Client, WorkflowNotFoundError } from '@temporalio/client';
import type { ConnectionLike } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { codeVersions } from '../activities/code-versions.js';
import { checkOutput } from '../activities/check-output.js';
import { CallbackUnavailable } from '../activities/callbacks/callback-errors.js';
import { deliver } from '../activities/callbacks/deliver.js';
import type { ActivityDefinition } from '../activities/define-activity.js';
import { gatherItems } from '../activities/gather-items.js';
import { callbacksFor } from '../dag/callback.js';
import type { Callback } from '../dag/callback.js';
import type { ObjectStore } from '../lake/object-store.js';
import { writeRunRecord } from '../lake/run-records.js';
import { acquireSignal, poolId } from '../workflows/pool-signals.js';
import type { PoolActivities } from '../workflows/pool-signals.js';
import type { RunActivities } from '../workflows/task-call.js';
import { runEnd, stopRun } from './run-end.js';
import { asFailure } from './as-failure.js';
import { SILENT } from './telemetry.js';
import type { Telemetry } from './telemetry.js';
import { tellEnd, tellEvent } from './tell-run.js';

export interface RunActivityDeps {
  readonly store: ObjectStore;
  readonly definitions: { readonly [name: string]: ActivityDefinition<never, unknown> };
  readonly connection: ConnectionLike;
  readonly namespace: string;
  readonly taskQueue: string;
  /** Slots of each pool; one that is not named has one. */
  readonly pools: { readonly [pool: string]: number };
  readonly callbacks: readonly Callback[];
  /** Which build this worker is, for the records of its runs. */
  readonly build?: string | undefined;
  /** Temporal UI, for links. */
  readonly ui: string | undefined;
  readonly telemetry?: Telemetry;
}

/** What a run's workflow needs of its worker beside the tasks. */
export function createRunActivities(deps: RunActivityDeps): RunActivities & PoolActivities {
  const { store, namespace, taskQueue, ui, telemetry = SILENT } = deps;
  const client = new Client({ connection: deps.connection, namespace });
  const versions = codeVersions(deps.build);
  return {
    gatherItems: async ({ run, ...gathering }) => orFailure(async () => gatherItems(store, run.record, gathering)),
    checkOutput: async ({ record, ...given }) =>
      orFailure(async () => checkOutput(store, deps.definitions, given, record)),
    requestSlot: async (request) => {
      await client.workflow.signalWithStart('pool', {
        workflowId: poolId(taskQueue, request.pool),
        taskQueue,
        args: [{ size: 0, holders: [], waiting: [] }],
        signal: acquireSignal,
        signalArgs: [{ ...request, size: deps.pools[request.pool] ?? 1 }],
        staticSummary: `slots of the pool ${request.pool}`,
      });
    },
    endedRuns: async (runs) => {
      const looks = runs.map(async (run) => ((await hasEnded(client, run)) ? [run.runId] : []));
      return (await Promise.all(looks)).flat();
    },
    runEnd: async ({ workflowId, runId, held }) => runEnd(client, { workflowId, runId }, held),
    stopRun: async (run) => stopRun(client, run),
    cancelRun: async ({ workflowId, runId }) => {
      await client.workflow.getHandle(workflowId, runId).cancel();
    },
    recordRun: async ({ folder, run }) => {
      tellEnd(telemetry, run);
      await orFailure(async () => writeRunRecord(store, folder, { ...run, versions }));
    },
    announce: async (event) => {
      const wanted = callbacksFor(deps.callbacks, event);
      tellEvent(telemetry, event, wanted.length);
      return wanted.map((callback) => deps.callbacks.indexOf(callback));
    },
    callBack: async ({ callback, event }) => {
      const target = deps.callbacks[callback];
      // The configuration has changed since the event: whoever it was is not to be told any more.
      if (target === undefined) return;
      const page = `/namespaces/${namespace}/workflows/${encodeURIComponent(event.workflowId)}/${event.runId}`;
      const told = { ...event, url: ui === undefined ? null : `${ui}${page}` };
      await orFailure(async () => deliver(target, told, { signal: Context.current().cancellationSignal }));
    },
  };
}

/** A run that the server does not know any more has ended, too. */
async function hasEnded(
  client: Client,
  { workflowId, runId }: { workflowId: string; runId: string },
): Promise<boolean> {
  try {
    return (await client.workflow.getHandle(workflowId, runId).describe()).status.name !== 'RUNNING';
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return true;
    throw error;
  }
}

async function orFailure<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof CallbackUnavailable && error.retryAfterMs !== undefined) {
      const { name: type, message, retryAfterMs: nextRetryDelay } = error;
      throw ApplicationFailure.create({ type, message, nextRetryDelay });
    }
    throw asFailure(error);
  }
}
