import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { NativeConnection, Runtime, Worker } from '@temporalio/worker';
import type { WorkerOptions } from '@temporalio/worker';
import { ALL_ACTIVITIES } from '../activities/all-activities.js';
import type { ActivityDeps } from '../activities/run-activity.js';
import { removeAbandonedDownloads, removeAbandonedScratch } from '../activities/scratch-folder.js';
import { connectionOptions } from '../config/connection-options.js';
import type { Config } from '../config/load-config.js';
import { priorityWarning, serverVersion } from '../infra/priority-support.js';
import { registerSearchAttributes } from '../infra/search-attributes.js';
import { temporalAddress } from '../infra/temporal-address.js';
import { KernelThreads } from '../kernels/threads/kernel-threads.js';
import { openStore } from '../lake/open-store.js';
import { DAGS } from '../workflows/dags.js';
import { activityQueue } from '../workflows/task-queues.js';
import type { Log } from './log.js';
import { meterOn } from './meter.js';
import { createRunActivities } from './run-activities.js';
import { zeros } from './run-report.js';
import { SILENT } from './telemetry.js';
import type { Telemetry } from './telemetry.js';
import { createActivities } from './temporal-activities.js';
import { workerVersion } from './worker-version.js';

export interface RunningWorker {
  /** What it serves, for a log line. */
  readonly serves: string;
  /** Resolves when the worker has stopped, after `stop` or a signal. Rejects when it cannot go on. */
  readonly stopped: Promise<void>;
  stop(): void;
}

/** Tasks that move bytes and queries run side by side; kernels take all cores, so one at a time. */
const CONCURRENT_IO = 4;
const CONCURRENT_COMPUTE = 1;

/**
 * How long a task may go on after the worker was told to stop; then it is handed over to be tried elsewhere. Well below
 * the ten seconds after which Docker kills: a task that is not handed over is missed only by its heartbeat timeout.
 */
const SHUTDOWN_GRACE = '5 seconds';

/** A cancelled run reaches its tasks with the answer to a heartbeat; the SDK's own pace is 80% of the timeout. */
const HEARTBEAT_PACE = '5 seconds';

/**
 * Composes a worker from the configuration: lake, kernel threads, activities, workflows, and one Temporal worker for
 * each kind of work. `log` gets what it does; without one nobody does. Else `around` lets a test stand between the worker
 * and its lake or its activities.
 */
export async function startWorker(
  config: Config,
  around: {
    readonly deps?: (deps: ActivityDeps) => ActivityDeps;
    readonly options?: Partial<WorkerOptions>;
    readonly log?: Log;
  } = {},
): Promise<RunningWorker> {
  const cacheFolder = join(config.home, 'cache');
  await mkdir(cacheFolder, { recursive: true });
  await Promise.all([removeAbandonedScratch(cacheFolder), removeAbandonedDownloads(cacheFolder)]);
  const { address } = await temporalAddress(config.temporal, config.home);
  const connection = await connectWorker(config.temporal, address);
  const warning = priorityWarning(await serverVersion(connection));
  if (warning !== undefined) Runtime.instance().logger.warn(warning);
  const threads = new KernelThreads({ threads: config.engine.threads });
  const release = async (): Promise<void> => {
    await threads.close();
    await connection.close();
  };
  const deps: ActivityDeps = {
    store: openStore(config.lake, config.s3),
    cacheFolder,
    threads,
    queryThreads: config.engine.threads,
    queryMemory: config.engine.memory,
  };
  const log = around.log ?? SILENT.log;
  const telemetry = { log, meter: meterOn(Runtime.instance().metricMeter, log) };
  telemetry.meter.observe(zeros(Object.values(DAGS)));
  const ours = around.deps?.(deps) ?? deps;
  const workers = await createWorkers(config, connection, ours, telemetry, around.options).catch(
    async (error: unknown) => {
      // A worker that was made and never run would refuse to let its connection go: what was wrong counts, not that.
      await release().catch(() => undefined);
      throw error;
    },
  );
  const stop = (): void => {
    for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
  };
  const runs = workers.map(async (worker) =>
    worker.run().catch((error: unknown) => {
      stop();
      throw error;
    }),
  );
  const { deployment, build } = config.worker;
  const version = build === undefined ? '' : `, version ${deployment}:${build}`;
  return {
    serves: `${config.temporal.taskQueue} on ${address}, namespace ${config.temporal.namespace}, lake ${deps.store.url}${version}`,
    stopped: ended(runs, release),
    stop,
  };
}

/** Resolves when all have ended, rejects with the first failure; nothing is released under one that still runs. */
async function ended(runs: readonly Promise<void>[], release: () => Promise<void>): Promise<void> {
  const ends = await Promise.allSettled(runs);
  await release();
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
}

async function createWorkers(
  { temporal, worker, pools, callbacks }: Config,
  connection: NativeConnection,
  deps: ActivityDeps,
  telemetry: Telemetry,
  options: Partial<WorkerOptions> = {},
): Promise<readonly Worker[]> {
  await registerSearchAttributes(connection, temporal.namespace);
  const { namespace, taskQueue, ui } = temporal;
  const { store } = deps;
  const ofRuns = {
    store,
    definitions: ALL_ACTIVITIES,
    connection,
    namespace,
    taskQueue,
    pools,
    callbacks,
    ui,
    build: worker.build,
  };
  const shared = {
    connection,
    namespace,
    activities: {
      ...createActivities(ALL_ACTIVITIES, deps, telemetry),
      ...createRunActivities({ ...ofRuns, telemetry }),
    },
    shutdownGraceTime: SHUTDOWN_GRACE,
    maxHeartbeatThrottleInterval: HEARTBEAT_PACE,
    ...workerVersion(worker),
    ...options,
  } as const;
  return Promise.all([
    Worker.create({
      ...shared,
      ...workflowCode(),
      taskQueue: temporal.taskQueue,
      maxConcurrentActivityTaskExecutions: CONCURRENT_IO,
    }),
    Worker.create({
      ...shared,
      taskQueue: activityQueue(temporal.taskQueue, 'compute'),
      maxConcurrentActivityTaskExecutions: CONCURRENT_COMPUTE,
    }),
  ]);
}

async function connectWorker(temporal: Config['temporal'], address: string): Promise<NativeConnection> {
  try {
    return await NativeConnection.connect(connectionOptions(temporal, address));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(
      `Expected a Temporal server at ${address}, got none (${reason}): start one with \`segmenta dev\`, or set TEMPORAL_ADDRESS`,
      { cause: error },
    );
  }
}

/** The bundle that the set-up made, or the modules to make one from. */
function workflowCode(): Pick<WorkerOptions, 'workflowBundle' | 'workflowsPath'> {
  const bundle = fileURLToPath(new URL('../workflow-bundle.js', import.meta.url));
  if (existsSync(bundle)) return { workflowBundle: { codePath: bundle } };
  return { workflowsPath: fileURLToPath(new URL('../workflows/index.js', import.meta.url)) };
}
