import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Camp, Contender } from './contender.js';
import type { Driver } from './driver.js';
import { PEERS, peerEnv, startPythonDriver } from './python-driver.js';
import { pythonEnvironment } from './python-environment.js';

const WAYS = { 'dagster-memory': 'memory', dagster: 'process', 'dagster-multiprocess': 'multiprocess' };

/** Dagster on SQLite; a job's steps in a process that is up, or each in a process of its own. */
export const dagsterCamp: Camp = {
  names: {
    'dagster-memory': 'Dagster, in process, nothing kept',
    dagster: 'Dagster, in process',
    'dagster-multiprocess': 'Dagster, multiprocess',
  },
  start: async (wanted, place) => {
    const python = await pythonEnvironment(join(PEERS, 'requirements-dagster.txt'), place);
    const home = join(place.scratch, 'dagster');
    await mkdir(home, { recursive: true });
    await writeFile(join(home, 'dagster.yaml'), 'telemetry:\n  enabled: false\n');
    const env = peerEnv(place, { DAGSTER_HOME: home });
    const drivers: Driver[] = [];
    const contenders: Contender[] = [];
    const close = async (): Promise<void> => {
      for (const { group } of drivers) await group.close();
    };
    try {
      for (const [key, way] of Object.entries(WAYS).filter(([key]) => wanted.has(key))) {
        const driver = await startPythonDriver(python, ['dagster_driver.py', way], env, place);
        drivers.push(driver);
        contenders.push({ key, peer: true, run: driver.tell, pause: driver.group.pause, resume: driver.group.resume });
      }
      return { contenders, close };
    } catch (error) {
      await close();
      throw error;
    }
  },
};
