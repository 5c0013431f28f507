// The worker as a process: `node dist/worker/main.js [--config file]`. It says `worker ready` when it takes tasks.
// SIGTERM or SIGINT ends it in order, with status 0; the second one at once; what it cannot go on without, with status 1.
import { constants } from 'node:os';
import { parseArgs } from 'node:util';
import { loadConfig } from '../config/load-config.js';
import type { Config } from '../config/load-config.js';
import { logLevel } from '../config/log-level.js';
import { hiddenValues } from './hidden-values.js';
import { installRuntime } from './install-runtime.js';
import { createLog } from './log.js';
import { errorFields } from './log-line.js';
import { startWorker } from './start-worker.js';
import type { RunningWorker } from './start-worker.js';

// Read when the first S3 client is made: the SDK's notice to its developers about Node 20 is not for our users.
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';

const openLog = (level: ReturnType<typeof logLevel>, config?: Config) =>
  createLog({ level, hidden: hiddenValues(process.env, config), to: process.stdout });

const OF_THE_WORKER = { event: 'worker' };

// What goes wrong before the configuration is read is said, too.
let log = openLog('info');
let worker: RunningWorker | undefined;
let stopping = false;

// Said outright: a signal without a handler does nothing to process 1 of a container.
const onSignal = (signal: 'SIGINT' | 'SIGTERM'): void => {
  if (stopping || worker === undefined) process.exit(128 + constants.signals[signal]);
  stopping = true;
  log.info(OF_THE_WORKER, 'worker stopping: finishing or handing over its tasks');
  worker.stop();
};
process.on('SIGINT', onSignal).on('SIGTERM', onSignal);

try {
  const { values } = parseArgs({ options: { config: { type: 'string' } } });
  const level = logLevel(process.env);
  log = openLog(level);
  const config = await loadConfig({ file: values.config, cwd: process.cwd(), env: process.env });
  log = openLog(level, config);
  const { listen } = config.metrics;
  installRuntime(log, listen);
  worker = await startWorker(config, { log });
  const metrics = listen === undefined ? '' : `, metrics at http://${listen}/metrics`;
  // Said at every level: who started the worker waits for it.
  openLog('info', config).info(OF_THE_WORKER, `worker ready: ${worker.serves}${metrics}`);
  await worker.stopped;
} catch (error) {
  const { type, message } = errorFields(error);
  log.error({ ...OF_THE_WORKER, error: { type, message } }, message);
  // Outright: where no worker has run, the SDK's runtime is not shut down and would keep the process alive.
  process.exit(1);
}
