import { Command } from 'commander';
import { commandConfig } from './command-config.js';
import { startDevServices } from './dev-services.js';

export const devCommand = (): Command =>
  new Command('dev')
    .description('Runs a Temporal dev server with its Web UI, and a worker, until Ctrl-C.')
    .action(async (_options: object, command: Command) => {
      const config = await commandConfig(command);
      const stopped = new Promise<void>((resolve) => {
        for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
      });
      const services = await startDevServices(config, { say: console.log });
      console.log(`ready: ${services.ui ?? services.address} (Ctrl-C ends it)`);
      const status = await Promise.race([stopped.then(() => 0), services.worker.ended]);
      console.log(status === 0 ? 'stopping' : `the worker ended with status ${status}: stopping`);
      await services.stop();
      process.exitCode = status;
    });
