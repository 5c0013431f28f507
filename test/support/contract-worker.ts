import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Client, Connection, WorkflowFailedError, WorkflowUpdateFailedError } from '@temporalio/client';
import type { WorkflowHandle } from '@temporalio/client';
import { ActivityFailure, CancelledFailure } from '@temporalio/common';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import type { ActivityDefinition } from '../../activities/define-activity.js';
import type { TemporalClient } from '../../cli/temporal-client.js';
import type { Callback } from '../../dag/callback.js';
import type { Dag } from '../../dag/dag.js';
import type { Operator, RunAction } from '../../dag/run-control.js';
import type { RunPlan } from '../../dag/run-plan.js';
import { recordFolder } from '../../dag/run-record.js';
import { registerSearchAttributes } from '../../infra/search-attributes.js';
import { KernelThreads } from '../../kernels/threads/kernel-threads.js';
import type { ObjectStore } from '../../lake/object-store.js';
import { openStore } from '../../lake/open-store.js';
import { createRunActivities } from '../../worker/run-activities.js';
import { createActivities } from '../../worker/temporal-activities.js';
import { optionsOf } from '../../workflows/run-options.js';
import { operatorUpdate } from '../../workflows/operator-updates.js';
import { progressQuery } from '../../workflows/run-dag.js';
import type { RunSummary } from '../../workflows/run-dag.js';
import { activityQueue } from '../../workflows/task-queues.js';
import { CONTRACT_DAGS, NARROW } from '../contract/contract-dags.js';
import { SkipSelf, attemptCounter, worksOf } from '../contract/contract-run.js';
import type { Behaviour, ContractRun, StartedContractRun, Works } from '../contract/contract-run.js';

type AnyActivity = ActivityDefinition<unknown, unknown>;

export interface ContractWorkerOptions {
  readonly address: string;
  readonly pools?: { readonly [pool: string]: number };
  readonly callbacks?: readonly Callback[];
  /** By default one of its own. */
  readonly taskQueue?: string;
  /** How many tasks it runs at once; by default as many as come. */
  readonly slots?: number;
  /** In the place of what the tests' behaviours say. */
  readonly definitions?: { readonly [activity: string]: AnyActivity };
  /** In the place of those of the contract: a compiled module. */
  readonly workflows?: string;
}

export interface StartOptions {
  readonly plan?: RunPlan;
  readonly workflowId?: string;
}

/** A worker, and a client to it, for the DAGs of the contract: their activities do what the test says last. */
export interface ContractWorker {
  readonly client: Client;
  readonly temporal: TemporalClient;
  readonly taskQueue: string;
  readonly store: ObjectStore;
  behave(behaviour: Behaviour): void;
  start(dag: Dag, params: unknown, options?: StartOptions): Promise<WorkflowHandle>;
  close(): Promise<void>;
}

const CONTRACT_WORKFLOWS = 'dist/test/contract/contract-workflows.js';

export async function startContractWorker(options: ContractWorkerOptions): Promise<ContractWorker> {
  const { address } = options;
  if (!isInstalled) Runtime.install({ logger: new DefaultLogger('ERROR'), shutdownSignals: [] });
  isInstalled = true;
  const ends: (() => Promise<void>)[] = [];
  const scratch = await mkdtemp(join(tmpdir(), 'segmenta-contract-'));
  ends.push(() => rm(scratch, { recursive: true, force: true }));
  const threads = new KernelThreads({ threads: 1 });
  ends.push(() => threads.close());
  const connection = await NativeConnection.connect({ address });
  ends.push(() => connection.close());
  await registerSearchAttributes(connection, 'default');

  let works: Works = {};
  let attemptOf = attemptCounter();
  let generation = 0;
  const definition = (name: string): AnyActivity => ({
    version: 1,
    cache: 'by-content',
    // What one test remembered is no result of the next.
    fingerprint: async () => generation,
    output: { parse: (output: unknown) => output },
    run: async (input, { signal, progress }) => {
      const work = works[name];
      if (work === undefined) throw new RangeError(`Expected no call of ${name} in this test`);
      const beat = (): void => progress({ phase: 'at work' });
      const output = await work(input, { attempt: attemptOf(name, input), signal, beat });
      return output instanceof SkipSelf ? { skip: output.why } : { output, note: `${name} done` };
    },
  });
  const names = CONTRACT_DAGS.flatMap(({ tasks }) => tasks.map(({ activity }) => activity));
  const definitions = { ...Object.fromEntries(names.map((name) => [name, definition(name)])), ...options.definitions };
  const store = openStore(join(scratch, 'lake'));
  const { taskQueue = `contract-${randomUUID()}` } = options;
  const deps = { store, cacheFolder: scratch, threads, queryThreads: 1, queryMemory: '1GB' };
  const ofRuns = {
    store,
    definitions,
    connection,
    namespace: 'default',
    taskQueue,
    pools: { narrow: NARROW, ...options.pools },
    callbacks: options.callbacks ?? [],
    ui: undefined,
    build: 'of the test',
  };
  const activities = { ...createActivities(definitions, deps), ...createRunActivities(ofRuns) };
  const { slots } = options;
  const limits = slots === undefined ? {} : { maxConcurrentActivityTaskExecutions: slots };
  const shared = { connection, activities, ...limits };
  const workers = await Promise.all([
    Worker.create({ ...shared, taskQueue, workflowsPath: resolve(options.workflows ?? CONTRACT_WORKFLOWS) }),
    Worker.create({ ...shared, taskQueue: activityQueue(taskQueue, 'compute') }),
  ]);
  const stopped = Promise.all(workers.map((worker) => worker.run()));
  ends.push(async () => {
    for (const worker of workers) worker.shutdown();
    await stopped;
  });
  const clientConnection = await Connection.connect({ address });
  ends.push(() => clientConnection.close());
  const client = new Client({ connection: clientConnection });
  return {
    client,
    temporal: { client, address, taskQueue, runUrl: (id) => `http://ui/${id}`, close: async () => {} },
    taskQueue,
    store,
    behave: (behaviour) => {
      works = worksOf(behaviour);
      attemptOf = attemptCounter();
      generation += 1;
    },
    start: async (dag, params, { plan, workflowId = `${dag.id}/${randomUUID()}` } = {}) =>
      client.workflow.start(dag.id, {
        taskQueue,
        workflowId,
        args: [params, ...(plan === undefined ? [] : [optionsOf(dag, plan)])],
      }),
    close: async () => {
      for (const end of ends.toReversed()) await end();
    },
  };
}

let isInstalled = false;

/** How a run of a DAG ended, as its workflow and its query tell. */
export async function settled(handle: WorkflowHandle): Promise<ContractRun> {
  const [end] = await Promise.allSettled([handle.result() as Promise<RunSummary>]);
  const state = await handle.query(progressQuery);
  if (end.status === 'fulfilled') return { state, outputs: end.value.outputs, outcome: 'success', headline: undefined };
  if (!(end.reason instanceof WorkflowFailedError)) throw end.reason;
  const { cause } = end.reason;
  const outcome = cause instanceof CancelledFailure ? 'cancelled' : 'failed';
  return { state, outputs: {}, outcome, headline: outcome === 'failed' ? cause?.message : undefined };
}

const TESTER: Operator = { who: 'the test', why: 'it says so' };

/** Acts on a run by its updates. Gives the reason where it is refused. */
export async function actOn(
  handle: WorkflowHandle,
  { do: name, ...said }: RunAction,
  operator: Operator = TESTER,
): Promise<string | undefined> {
  try {
    await handle.executeUpdate(operatorUpdate(name), { args: [{ ...said, ...operator }] });
    return undefined;
  } catch (error) {
    if (!(error instanceof WorkflowUpdateFailedError)) throw error;
    const { cause } = error;
    return (cause instanceof ActivityFailure ? cause.cause : cause)?.message;
  }
}

/** The folder of a run's records. */
export const recordOf = (
  handle: WorkflowHandle & { readonly firstExecutionRunId?: string },
  dag: string,
  fecha: string | null = null,
): string => recordFolder(dag, fecha, handle.firstExecutionRunId ?? '');

export function contractRun(handle: WorkflowHandle, dag: string): StartedContractRun {
  return {
    ended: settled(handle),
    record: recordOf(handle, dag),
    state: async () => handle.query(progressQuery),
    act: async (action, operator) => actOn(handle, action, operator),
    cancel: async () => void (await handle.cancel()),
  };
}
