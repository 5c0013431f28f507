import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { NativeConnection, Worker } from '@temporalio/worker';
import type { WorkerOptions } from '@temporalio/worker';
import { segmentationActivities } from '../activities/segmentation-activities.js';
import type { ActivityDeps } from '../activities/run-activity.js';
import type { Config } from '../config/load-config.js';
import { registerSearchAttributes } from '../infra/search-attributes.js';
import { temporalAddress } from '../infra/temporal-address.js';
import { KernelThreads } from '../kernels/threads/kernel-threads.js';
import { openStore } from '../lake/open-store.js';
import { activityQueue } from '../workflows/task-queues.js';
import { createActivities } from './temporal-activities.js';

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

/** How long a task may go on after the worker was told to stop; then it is tried elsewhere. */
const SHUTDOWN_GRACE = '10 seconds';

/**
 * Composes a worker from the configuration: lake, kernel threads, activities, workflows, and one Temporal worker for
 * each kind of work. `around` lets a test stand between the worker and its lake or its activities.
 */
export async function startWorker(
  config: Config,
  around: { readonly deps?: (deps: ActivityDeps) => ActivityDeps; readonly options?: Partial<WorkerOptions> } = {},
): Promise<RunningWorker> {
  const { temporal } = config;
  const { address } = await temporalAddress(temporal, config.home);
  const connection = await NativeConnection.connect({
    address,
    tls: temporal.tls,
    ...(temporal.apiKey === undefined ? {} : { apiKey: temporal.apiKey }),
  });
  await registerSearchAttributes(connection, temporal.namespace);
  const cacheFolder = join(config.home, 'cache');
  await mkdir(cacheFolder, { recursive: true });
  const threads = new KernelThreads({ threads: config.engine.threads });
  const deps: ActivityDeps = {
    store: openStore(config.lake, config.s3),
    cacheFolder,
    threads,
    queryThreads: config.engine.threads,
    queryMemory: config.engine.memory,
  };
  const shared = {
    connection,
    namespace: temporal.namespace,
    activities: createActivities(segmentationActivities, around.deps?.(deps) ?? deps),
    shutdownGraceTime: SHUTDOWN_GRACE,
    ...around.options,
  } as const;
  const workers = await Promise.all([
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
  const stopped = Promise.all(workers.map(async (worker) => worker.run())).then(
    () => undefined,
    (error: unknown) => {
      for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
      throw error;
    },
  );
  return {
    serves: `${temporal.taskQueue} on ${address}, namespace ${temporal.namespace}, lake ${deps.store.url}`,
    stopped: stopped.finally(async () => {
      await threads.close();
      await connection.close();
    }),
    stop: () => {
      for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
    },
  };
}

/** The bundle that the set-up made, or the modules to make one from. */
function workflowCode(): Pick<WorkerOptions, 'workflowBundle' | 'workflowsPath'> {
  const bundle = fileURLToPath(new URL('../workflow-bundle.js', import.meta.url));
  if (existsSync(bundle)) return { workflowBundle: { codePath: bundle } };
  return { workflowsPath: fileURLToPath(new URL('../workflows/index.js', import.meta.url)) };
}
