import { join, resolve } from 'node:path';
import type { Place } from './contender.js';
import { startDriver } from './driver.js';
import type { Driver } from './driver.js';

/** The peers' Python code; it is run where it lies. */
export const PEERS = resolve('bench', 'orchestrator', 'peers');

/** Ours must not reach for a user's own installation. */
const OF_PEERS = /^(AIRFLOW|DAGSTER|PREFECT|PYTHON)_?/;

export function peerEnv(place: Place, own: { readonly [name: string]: string }): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(([name]) => !OF_PEERS.test(name));
  return {
    ...Object.fromEntries(inherited),
    // Beside the sources, a folder of bytecode would count as a change of them.
    PYTHONPYCACHEPREFIX: join(place.home, 'pycache'),
    ...own,
  };
}

/** A Python process that has all imported and runs a workload when told to. */
export const startPythonDriver = (
  python: string,
  [script, ...args]: readonly [string, ...string[]],
  env: NodeJS.ProcessEnv,
  { home }: Place,
): Promise<Driver> =>
  startDriver({
    command: python,
    args: [join(PEERS, script), ...args],
    env,
    logFile: join(home, 'logs', `${[script.replace('.py', ''), ...args].join('-')}.log`),
  });
