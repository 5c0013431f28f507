// Runs in flight survive a deploy where workers say which build they are, and need not where they do not: docs/deploys.md.
import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { Client, Connection } from '@temporalio/client';
import type { WorkflowHandle } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import type { ActivityDefinition } from '../../activities/define-activity.js';
import { listBuilds, makeCurrent } from '../../infra/worker-builds.js';
import type { Deployment } from '../../infra/worker-builds.js';
import { KernelThreads } from '../../kernels/threads/kernel-threads.js';
import { openStore } from '../../lake/open-store.js';
import { createRunActivities } from '../../worker/run-activities.js';
import { createActivities } from '../../worker/temporal-activities.js';
import { workerVersion } from '../../worker/worker-version.js';
import { operatorUpdate } from '../../workflows/operator-updates.js';
import { poolId } from '../../workflows/pool-signals.js';
import { progressQuery } from '../../workflows/run-dag.js';
import { activityQueue } from '../../workflows/task-queues.js';
import { WORKER, killWorkers, spawnWorker } from '../support/spawn-worker.js';

type Build = 'a' | 'b';

const address = inject('temporalAddress');
const ends: (() => Promise<void>)[] = [];
let client: Client;
let native: NativeConnection;
let scratch: string;
let threads: KernelThreads;

/** Which build called back, by the workflow that made it. */
const calledBack = new Map<string, Build>();
/** `press` goes on until this is called; nothing where none has begun. */
let endPress: (() => void) | undefined;

const pressed = async (signal: AbortSignal): Promise<void> =>
  new Promise((resolve, reject) => {
    endPress = resolve;
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });

/** A slot is granted before its task begins. */
async function finishPressing(): Promise<void> {
  await vi.waitFor(() => expect(endPress).toBeDefined(), { timeout: 60_000 });
  endPress?.();
  endPress = undefined;
}

beforeAll(async () => {
  // A workflow that cannot be replayed is what one of the tests is about.
  Runtime.install({
    logger: new DefaultLogger('ERROR', () => undefined),
    shutdownSignals: [],
    telemetryOptions: { logging: { filter: 'OFF', forward: {} } },
  });
  scratch = await mkdtemp(join(tmpdir(), 'segmenta-versions-'));
  ends.push(() => rm(scratch, { recursive: true, force: true }));
  threads = new KernelThreads({ threads: 1 });
  ends.push(() => threads.close());
  const connection = await Connection.connect({ address });
  ends.push(() => connection.close());
  client = new Client({ connection });
  native = await NativeConnection.connect({ address });
  ends.push(() => native.close());
});

afterAll(async () => {
  killWorkers();
  for (const end of ends.toReversed()) await end();
});

/** The workers of one build, on both queues, as `startWorker` makes them. Gives how to stop them. */
async function deploy(build: Build, taskQueue: string, deployment?: string): Promise<() => Promise<void>> {
  const definitions = Object.fromEntries(
    ['begin', 'middle', 'end', 'press'].map((name): [string, ActivityDefinition<never, unknown>] => [
      name,
      {
        version: 1,
        cache: 'never',
        run: async (_input, { signal }) => {
          if (name === 'press') await pressed(signal);
          return { output: build, note: `by build ${build}` };
        },
      },
    ]),
  );
  const store = openStore(join(scratch, 'lake'));
  const ofTasks = { store, cacheFolder: scratch, threads, queryThreads: 1, queryMemory: '1GB' };
  const ofRuns = { store, definitions, connection: native, namespace: 'default', taskQueue, pools: {}, ui: undefined };
  const callbacks = [{ url: 'http://callbacks.invalid/', on: ['success' as const] }];
  const shared = {
    connection: native,
    activities: {
      ...createActivities(definitions, ofTasks),
      ...createRunActivities({ ...ofRuns, callbacks }),
      callBack: async ({ event }: { event: { workflowId: string } }) => void calledBack.set(event.workflowId, build),
    },
    ...(deployment === undefined ? {} : workerVersion({ deployment, build })),
  };
  const workflowsPath = resolve(`dist/test/support/deployed-workflows-${build}.js`);
  const workers = await Promise.all([
    Worker.create({ ...shared, taskQueue, workflowsPath }),
    Worker.create({ ...shared, taskQueue: activityQueue(taskQueue, 'compute') }),
  ]);
  const stopped = Promise.all(workers.map(async (worker) => worker.run()));
  let going = true;
  const stop = async (): Promise<void> => {
    if (!going) return;
    going = false;
    for (const worker of workers) worker.shutdown();
    await stopped;
  };
  ends.push(stop);
  return stop;
}

const start = async (type: 'deployed' | 'press', taskQueue: string): Promise<WorkflowHandle> =>
  client.workflow.start(type, { taskQueue, workflowId: `${type}-${randomUUID()}`, args: [{}] });

const taskIs = async (run: WorkflowHandle, task: string, state: string): Promise<void> =>
  vi.waitFor(async () => expect((await run.query(progressQuery)).tasks[task]?.state).toBe(state), {
    timeout: 60_000,
    interval: 100,
  });

const go = async (run: WorkflowHandle): Promise<string> =>
  run.executeUpdate(operatorUpdate('signal'), { args: [{ task: 'go', value: {}, who: 'ana', why: 'it is time' }] });

/** How the server versions a workflow. */
async function versioningOf(id: string): Promise<{ behavior: string; build: string | undefined }> {
  const { raw } = await client.workflow.getHandle(id).describe();
  const { behavior, deploymentVersion } = raw.workflowExecutionInfo?.versioningInfo ?? {};
  const behaviors = ['none', 'pinned', 'auto-upgrade'];
  return { behavior: behaviors[behavior ?? 0] ?? 'unknown', build: deploymentVersion?.buildId ?? undefined };
}

/** A build becomes current once the server has seen its workers on every queue. */
const whenCurrent = async (deployment: Deployment, build: Build): Promise<void> =>
  vi.waitFor(async () => makeCurrent(deployment, build, 'a test'), { timeout: 60_000, interval: 200 });

describe('where workers say which build they are', () => {
  const taskQueue = `versioned-${randomUUID()}`;
  const name = `deployment-${randomUUID()}`;
  let deployment: Deployment;
  let inFlight: WorkflowHandle;
  let pressing: WorkflowHandle;
  let stopA: () => Promise<void>;

  beforeAll(async () => {
    deployment = { connection: client.connection, namespace: 'default', deployment: name };
    stopA = await deploy('a', taskQueue, name);
    await whenCurrent(deployment, 'a');
    inFlight = await start('deployed', taskQueue);
    pressing = await start('press', taskQueue);
    await taskIs(inFlight, 'go', 'deferred');
    await taskIs(pressing, 'press', 'running');
    await deploy('b', taskQueue, name);
    await whenCurrent(deployment, 'b');
  });

  it('a run that has begun ends with its build, its tasks on other queues and its callbacks too', async () => {
    await go(inFlight);
    expect(await inFlight.result()).toMatchObject({ outputs: { begin: 'a', middle: 'a', end: 'a' } });
    await expect.poll(() => calledBack.get(inFlight.workflowId), { timeout: 60_000 }).toBe('a');
    expect(await versioningOf(inFlight.workflowId)).toEqual({ behavior: 'pinned', build: 'a' });
    // As docs/deploys.md has it.
    const query = `TemporalWorkerDeploymentVersion = '${name}:a'`;
    const found = async (): Promise<string[]> => {
      const ids: string[] = [];
      for await (const { workflowId } of client.workflow.list({ query })) ids.push(workflowId);
      return ids;
    };
    await expect.poll(found, { timeout: 30_000 }).toContain(inFlight.workflowId);
  });

  it('a new run begins with the build that is current', async () => {
    const run = await start('deployed', taskQueue);
    await taskIs(run, 'go', 'deferred');
    await go(run);
    const { outputs } = (await run.result()) as { outputs: unknown };
    expect(outputs).toEqual({ end: 'b' });
  });

  it('a pool, which runs of both builds share, goes on with the build that is current', async () => {
    const second = await start('press', taskQueue);
    await taskIs(second, 'press', 'queued');
    await expect
      .poll(() => versioningOf(poolId(taskQueue, 'deployed')))
      .toEqual({ behavior: 'auto-upgrade', build: 'b' });
    await finishPressing();
    expect(await pressing.result()).toMatchObject({ outputs: { press: 'a' } });
    // The workers of the build that no run needs any more can go.
    await stopA();
    await taskIs(second, 'press', 'running');
    await finishPressing();
    expect(await second.result()).toMatchObject({ outputs: { press: 'b' } });
  });

  it('lists the builds: which one is current, and which one has runs left or none', async () => {
    const builds = await listBuilds(deployment);
    expect(builds.toSorted((x, y) => (x.build < y.build ? -1 : 1))).toEqual([
      { build: 'a', status: expect.stringMatching(/^drain(ing|ed)$/) },
      { build: 'b', status: 'current' },
    ]);
  });

  it('refuses to make a build current that has no workers', async () => {
    await expect(makeCurrent(deployment, 'c', 'a test')).rejects.toThrow();
    expect(await listBuilds(deployment)).toContainEqual({ build: 'b', status: 'current' });
  });
});

describe('the worker and the commands that people run', () => {
  it('say their build, become current on every queue, and are listed', async () => {
    const deployment = `deployment-${randomUUID()}`;
    const file = join(scratch, 'segmenta.yaml');
    await writeFile(file, `worker: { deployment: ${deployment} }`);
    const taskQueue = `built-${randomUUID()}`;
    const env = {
      ...process.env,
      TEMPORAL_ADDRESS: address,
      TEMPORAL_TASK_QUEUE: taskQueue,
      SEGMENTA_HOME: join(scratch, 'home'),
      SEGMENTA_BUILD_ID: '2026-11-21',
    };
    const segmenta = async (...args: string[]): Promise<string> => {
      const main = resolve('dist/cli/main.js');
      const { stdout } = await promisify(execFile)(process.execPath, [main, '--config', file, 'deploy', ...args], {
        env,
      });
      return stdout;
    };
    await expect(segmenta('list')).rejects.toThrow(`deployment ${deployment}: `);
    const worker = spawnWorker(WORKER, file, env);
    await worker.ready;
    expect(worker.said()).toContain(`version ${deployment}:2026-11-21`);
    await vi.waitFor(async () => segmenta('current', '2026-11-21'), { timeout: 60_000 });
    expect(JSON.parse(await segmenta('list', '--json'))).toEqual([{ build: '2026-11-21', status: 'current' }]);
    const { versionTaskQueues } = await client.workflowService.describeWorkerDeploymentVersion({
      namespace: 'default',
      deploymentVersion: { deploymentName: deployment, buildId: '2026-11-21' },
    });
    const queues = new Set((versionTaskQueues ?? []).map(({ name }) => name));
    expect(queues).toEqual(new Set([taskQueue, activityQueue(taskQueue, 'compute')]));
    worker.kill('SIGTERM');
    await worker.ended;
  });
});

describe('where workers do not say which build they are', () => {
  it('a pool grants its slots as well', async () => {
    const taskQueue = `unversioned-${randomUUID()}`;
    const stop = await deploy('a', taskQueue);
    const run = await start('press', taskQueue);
    await taskIs(run, 'press', 'running');
    await finishPressing();
    expect(await run.result()).toMatchObject({ outputs: { press: 'a' } });
    expect((await versioningOf(poolId(taskQueue, 'deployed'))).behavior).toBe('none');
    await stop();
  });

  it('a run that has begun gets stuck on a build whose DAG is another, and goes on when its own is back', async () => {
    const taskQueue = `unversioned-${randomUUID()}`;
    const stopA = await deploy('a', taskQueue);
    const run = await start('deployed', taskQueue);
    await taskIs(run, 'go', 'deferred');
    await stopA();
    const stopB = await deploy('b', taskQueue);
    await run.signal('wake');
    const failures = async (): Promise<string[]> => {
      const { events } = await run.fetchHistory();
      return (events ?? []).flatMap(({ workflowTaskFailedEventAttributes: failed }) => failed?.failure?.message ?? []);
    };
    await expect
      .poll(failures, { timeout: 90_000, interval: 200 })
      .toContainEqual(expect.stringMatching(/nondeterminism/i));
    expect((await run.describe()).status.name).toBe('RUNNING');
    await stopB();
    await deploy('a', taskQueue);
    await go(run);
    expect(await run.result()).toMatchObject({ outputs: { begin: 'a', middle: 'a', end: 'a' } });
  });
});
