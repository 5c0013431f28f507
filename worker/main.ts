// The worker as a process: `node dist/worker/main.js [--config file]`. It says `worker ready` when it takes tasks.
// SIGTERM or SIGINT ends it in order, with status 0; the second one at once; what it cannot go on without, with status 1.
import { constants } from 'node:os';
import { parseArgs } from 'node:util';
import { DefaultLogger, Runtime, makeTelemetryFilterString } from '@temporalio/worker';
import { loadConfig } from '../config/load-config.js';
import { startWorker } from './start-worker.js';
import type { RunningWorker } from './start-worker.js';

// Read when the first S3 client is made: the SDK's notice to its developers about Node 20 is not for our users.
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';

const LOG_LEVEL = 'WARN';

/** Nothing is amiss: of our two workers, the one for kernels runs no workflows. */
const EXPECTED = 'No workflows registered, not polling for workflow tasks';

Runtime.install({
  logger: new DefaultLogger(LOG_LEVEL, ({ level, message, meta }) => {
    if (message === EXPECTED) return;
    const error: unknown = meta?.error;
    // What comes from the SDK's core has it as text.
    const reason =
      error instanceof Error ? `: ${error.name}: ${error.message}` : typeof error === 'string' ? `: ${error}` : '';
    console.error(`${level} ${message}${reason}`);
  }),
  // Forwarded: by itself the SDK's core writes to stdout, in colours.
  telemetryOptions: { logging: { filter: makeTelemetryFilterString({ core: LOG_LEVEL }), forward: {} } },
  // The signals are ours, below.
  shutdownSignals: [],
});

let worker: RunningWorker | undefined;
let stopping = false;

// Said outright: a signal without a handler does nothing to process 1 of a container.
const onSignal = (signal: 'SIGINT' | 'SIGTERM'): void => {
  if (stopping || worker === undefined) process.exit(128 + constants.signals[signal]);
  stopping = true;
  console.log('worker stopping: finishing or handing over its tasks');
  worker.stop();
};
process.on('SIGINT', onSignal).on('SIGTERM', onSignal);

try {
  const { values } = parseArgs({ options: { config: { type: 'string' } } });
  const config = await loadConfig({ file: values.config, cwd: process.cwd(), env: process.env });
  worker = await startWorker(config);
  console.log(`worker ready: ${worker.serves}`);
  await worker.stopped;
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  // Outright: where no worker has run, the SDK's runtime is not shut down and would keep the process alive.
  process.exit(1);
}
