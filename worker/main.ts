// The worker as a process: `node dist/worker/main.js [--config file]`. It says `worker ready` when it takes tasks.
import { parseArgs } from 'node:util';
import { DefaultLogger, Runtime, makeTelemetryFilterString } from '@temporalio/worker';
import { loadConfig } from '../config/load-config.js';
import { startWorker } from './start-worker.js';

const LOG_LEVEL = 'WARN';

Runtime.install({
  logger: new DefaultLogger(LOG_LEVEL, ({ level, message, meta }) => {
    const error: unknown = meta?.error;
    console.error(`${level} ${message}${error === undefined ? '' : `: ${String(error)}`}`);
  }),
  telemetryOptions: { logging: { filter: makeTelemetryFilterString({ core: LOG_LEVEL }) } },
  // The signals are ours: a second one ends the process at once.
  shutdownSignals: [],
});

try {
  const { values } = parseArgs({ options: { config: { type: 'string' } } });
  const config = await loadConfig({ file: values.config, cwd: process.cwd(), env: process.env });
  const worker = await startWorker(config);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      console.log('worker stopping: finishing or handing over its tasks');
      worker.stop();
    });
  }
  console.log(`worker ready: ${worker.serves}`);
  await worker.stopped;
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
