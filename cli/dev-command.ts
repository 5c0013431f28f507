import { Command } from 'commander';
import { freePort } from '../infra/free-port.js';
import { commandConfig } from './command-config.js';
import { startDevServices } from './dev-services.js';

/** Of Prometheus' exporters, and Temporal's examples. Another one where it is taken. */
const METRICS_PORT = 9464;

export const devCommand = (): Command =>
  new Command('dev')
    .description('Runs a Temporal dev server with its Web UI, and a worker, until Ctrl-C.')
    .action(async (_options: object, command: Command) => {
      const config = await commandConfig(command);
      const stopped = new Promise<void>((resolve) => {
        for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
      });
      const metrics = config.metrics.listen ?? `127.0.0.1:${await freePort(METRICS_PORT)}`;
      const services = await startDevServices(config, { say: console.log, metrics });
      console.log(`metrics: http://${metrics}/metrics`);
      console.log(`ready: ${services.ui ?? services.address} (Ctrl-C ends it)`);
      const status = await Promise.race([stopped.then(() => 0), services.worker.ended]);
      console.log(status === 0 ? 'stopping' : `the worker ended with status ${status}: stopping`);
      await services.stop();
      process.exitCode = status;
    });
