import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client, WorkflowHandle, WorkflowHandleWithFirstExecutionRunId } from '@temporalio/client';
import { NativeConnection, Worker } from '@temporalio/worker';
import { planRun } from '../../dag/run-plan.js';
import { recordFolder } from '../../dag/run-record.js';
import { KernelThreads } from '../../kernels/threads/kernel-threads.js';
import { openStore } from '../../lake/open-store.js';
import { createRunActivities } from '../../worker/run-activities.js';
import { createActivities } from '../../worker/temporal-activities.js';
import { operatorUpdate } from '../../workflows/operator-updates.js';
import { optionsOf } from '../../workflows/run-options.js';
import { progressQuery } from '../../workflows/run-dag.js';
import { activityQueue } from '../../workflows/task-queues.js';
import { historyActivities } from './history-activities.js';
import { SCENARIOS } from './scenarios.js';
import type { Recorded, Scenario } from './scenarios.js';

/** Keeps the history of a workflow that has ended, under a name. */
export type Keep = (name: string, handle: WorkflowHandle) => Promise<void>;

const taskQueue = 'histories';

/** Runs every scenario, one after the other, and keeps their histories. */
export async function recordShapes(client: Client, address: string, scratch: string, keep: Keep): Promise<void> {
  const connection = await NativeConnection.connect({ address });
  const threads = new KernelThreads({ threads: 1 });
  const { definitions, behave } = historyActivities();
  const store = openStore(join(scratch, 'shapes-lake'));
  const deps = { store, cacheFolder: scratch, threads, queryThreads: 1, queryMemory: '1GB' };
  const run = createRunActivities({
    store,
    definitions,
    connection,
    namespace: 'default',
    taskQueue,
    pools: {},
    callbacks: [{ url: 'http://callbacks.invalid/', on: ['failure', 'deadline'] }],
    ui: undefined,
  });
  const activities = { ...createActivities(definitions, deps), ...run, callBack: async () => {} };
  const workflowsPath = resolve('dist/test/histories/history-workflows.js');
  const workers = [
    await Worker.create({ connection, activities, taskQueue, workflowsPath }),
    await Worker.create({ connection, activities, taskQueue: activityQueue(taskQueue, 'compute') }),
  ];
  const stopped = Promise.all(workers.map((worker) => worker.run()));
  try {
    const records = new Map<string, string>();
    for (const scenario of SCENARIOS) {
      behave(scenario.works ?? {});
      const handle = await runScenario(client, scenario, records);
      await keep(scenario.name, handle);
      const run = { id: handle.workflowId, runId: handle.firstExecutionRunId };
      for (const [name, id] of Object.entries(scenario.others?.(run) ?? {})) {
        const other = client.workflow.getHandle(id);
        await other.result();
        await keep(name, other);
      }
    }
  } finally {
    for (const worker of workers) worker.shutdown();
    await stopped;
    await threads.close();
    await connection.close();
  }
}

/** Brings a scenario to its end. `records` has where the records of those before it lie. */
async function runScenario(
  client: Client,
  { name, dag, params, plan, reuses, meanwhile, ends }: Scenario,
  records: Map<string, string>,
): Promise<WorkflowHandleWithFirstExecutionRunId> {
  const given = { count: 5, ...params?.() };
  const fecha = 'fecha' in given ? String(given.fecha) : null;
  const reuse = reuses && { record: records.get(reuses.scenario) ?? '', skipped: new Set<string>(), ...reuses };
  const request = { ...plan, ...(reuse === undefined ? {} : { reuse }) };
  const options = plan === undefined && reuse === undefined ? {} : optionsOf(dag, planRun(dag, request));
  const handle = await client.workflow.start(dag.id, {
    workflowId: `${dag.id}/${name}`,
    taskQueue,
    args: [given, options],
  });
  records.set(name, recordFolder(dag.id, fecha, handle.firstExecutionRunId));
  await meanwhile?.(watched(handle));
  const failure: unknown = await handle.result().catch((error: unknown) => error);
  const { status } = await handle.describe();
  if (status.name !== ends) {
    throw new Error(`Expected the run of ${name} to end as ${ends}, got ${status.name}`, { cause: failure });
  }
  return handle;
}

function watched(handle: WorkflowHandle): Recorded {
  return {
    handle,
    until: async (task, wanted) => {
      for (let looks = 0; looks < LOOKS; looks += 1) {
        const { tasks } = await handle.query(progressQuery);
        if (tasks[task]?.state === wanted) return;
        await sleep(LOOK_EVERY_MS);
      }
      throw new Error(`Expected ${task} to be ${wanted} before long`);
    },
    act: async (update, request = {}) => {
      const said = { who: 'ana', why: 'for the recording', ...request };
      await handle.executeUpdate(operatorUpdate(update), { args: [said] });
    },
  };
}

const LOOK_EVERY_MS = 100;
const LOOKS = 300;
