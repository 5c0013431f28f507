import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';

export interface SpawnedWorker {
  readonly pid: number;
  /** Resolves with the exit code or the signal's name. */
  readonly ended: Promise<number | string>;
  /** Resolves once it takes tasks; rejects with what it said where it ended before. */
  readonly ready: Promise<void>;
  /** All it has printed so far. */
  said(): string;
  kill(signal: NodeJS.Signals): void;
}

/** The worker as people run it, one that kills itself, and one whose first fit of clusters never ends. */
export const WORKER = join(process.cwd(), 'dist', 'worker', 'main.js');
export const CRASHING_WORKER = join(process.cwd(), 'dist', 'test', 'support', 'crashing-worker.js');
export const ENDLESS_WORKER = join(process.cwd(), 'dist', 'test', 'support', 'endless-worker.js');

const alive = new Set<ChildProcess>();

/** Ends what failed tests left behind. */
export function killWorkers(): void {
  for (const child of alive) child.kill('SIGKILL');
}

export function spawnWorker(script: string, configFile: string, env: NodeJS.ProcessEnv): SpawnedWorker {
  const child = spawn(process.execPath, [script, '--config', configFile], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  alive.add(child);
  let said = '';
  const ended = new Promise<number | string>((resolve) => {
    child.once('exit', (code, signal) => {
      alive.delete(child);
      resolve(code ?? signal ?? 'unknown');
    });
  });
  const ready = new Promise<void>((resolve, reject) => {
    const hear = (chunk: Buffer): void => {
      said += chunk.toString('utf8');
      if (said.includes('worker ready')) resolve();
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    void ended.then((end) => reject(new Error(`Expected a worker that is ready, it ended with ${end}: ${said}`)));
  });
  // A test that does not wait for it hears of its end by `ended`.
  ready.catch(() => undefined);
  return { pid: child.pid ?? 0, ended, ready, said: () => said, kill: (signal) => void child.kill(signal) };
}
