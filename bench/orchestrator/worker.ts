// The worker of the bench, a process of its own as workers are: `node worker.js <address> <task queue> <folder>`.
// It serves our workflows and the handwritten ones alike, and says `ready` when it does.
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { KernelThreads } from '../../kernels/threads/kernel-threads.js';
import { openStore } from '../../lake/open-store.js';
import { createRunActivities } from '../../worker/run-activities.js';
import { createActivities } from '../../worker/temporal-activities.js';
import { benchActivities, plainActivities } from './activities.js';

const [address = '', taskQueue = '', folder = ''] = process.argv.slice(2);

Runtime.install({ logger: new DefaultLogger('ERROR'), shutdownSignals: [] });
const connection = await NativeConnection.connect({ address });
const deps = {
  store: openStore(join(folder, 'lake')),
  cacheFolder: join(folder, 'cache'),
  threads: new KernelThreads({ threads: 1 }),
  queryThreads: 1,
  queryMemory: '1GB',
};
const runActivities = {
  store: deps.store,
  definitions: benchActivities,
  connection,
  namespace: 'default',
  taskQueue,
  pools: {},
  callbacks: [],
  ui: undefined,
};
const worker = await Worker.create({
  connection,
  taskQueue,
  workflowsPath: fileURLToPath(new URL('./workflows.js', import.meta.url)),
  activities: {
    ...createActivities(benchActivities, deps),
    ...createRunActivities(runActivities),
    ...plainActivities,
  },
});
console.log('ready');
await worker.run();
