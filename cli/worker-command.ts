import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { commandConfig, configArguments } from './command-config.js';

/** The worker runs as `dist/worker/main.js` would in a container: a process of its own, which signals reach directly. */
export const workerCommand = (): Command =>
  new Command('worker')
    .description('Runs a worker until Ctrl-C: it takes the tasks of all DAGs from the Temporal server.')
    .action(async (_options: object, command: Command) => {
      const config = await commandConfig(command);
      const main = fileURLToPath(new URL('../worker/main.js', import.meta.url));
      const child = spawn(process.execPath, [main, ...configArguments(config)], { stdio: 'inherit' });
      // Ctrl-C goes to the whole process group; a signal to this process alone is passed on.
      process.on('SIGINT', () => {});
      process.on('SIGTERM', () => child.kill('SIGTERM'));
      process.exitCode = await new Promise<number>((resolve) => child.once('exit', (code) => resolve(code ?? 1)));
    });
