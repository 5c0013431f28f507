import { spawn } from 'node:child_process';
import { mkdir, open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Config } from '../config/load-config.js';
import { configArguments } from './command-config.js';

export interface WorkerProcess {
  readonly pid: number;
  /** Resolves with the exit status when it has ended. */
  readonly ended: Promise<number>;
  stop(): Promise<void>;
}

const main = fileURLToPath(new URL('../worker/main.js', import.meta.url));

const LOOK_EVERY_MS = 50;
const START_MS = 60_000;
const STOP_MS = 20_000;

/**
 * Starts a worker as a process of its own and returns once it takes tasks. What it says goes to
 * `<home>/logs/worker.log`. `detached`: it goes on after this process.
 */
export async function startWorkerProcess(
  config: Config,
  options: { readonly env: NodeJS.ProcessEnv; readonly detached?: boolean },
): Promise<WorkerProcess> {
  await mkdir(join(config.home, 'logs'), { recursive: true });
  const logFile = join(config.home, 'logs', 'worker.log');
  const log = await open(logFile, 'w');
  const child = spawn(process.execPath, [main, ...configArguments(config)], {
    env: options.env,
    detached: options.detached === true,
    stdio: ['ignore', log.fd, log.fd],
  });
  await log.close();
  let status: number | undefined;
  const ended = new Promise<number>((resolve) => {
    child.once('exit', (code) => resolve((status = code ?? 1)));
  });
  const stop = async (): Promise<void> => {
    if (status !== undefined) return;
    child.kill('SIGTERM');
    const late = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
    await ended;
    clearTimeout(late);
  };
  const deadline = Date.now() + START_MS;
  for (;;) {
    const said = await readFile(logFile, 'utf8');
    if (said.includes('worker ready')) break;
    if (status !== undefined || Date.now() > deadline) {
      await stop();
      throw new Error(`The worker did not start (status ${status ?? 'none'}); ${logFile} says: ${said.trim()}`);
    }
    await sleep(LOOK_EVERY_MS);
  }
  if (options.detached === true) child.unref();
  return { pid: child.pid ?? 0, ended, stop };
}
