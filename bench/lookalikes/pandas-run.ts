import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import type { Place } from '../orchestrator/contender.js';
import { startDriver } from '../orchestrator/driver.js';
import { pythonEnvironment } from '../orchestrator/python-environment.js';
import type { Contender, Figures } from './contender.js';
import { processFigures } from './process-figures.js';

const PEERS = resolve('bench', 'lookalikes', 'peers');

/** How pandas reads an xlsx: by its default library, and by the fast one. */
export const ENGINES = ['openpyxl', 'calamine'] as const;
export type Engine = (typeof ENGINES)[number];

const told = z.object({ customers: z.number(), seconds: z.record(z.string(), z.number()) });

/** The handwritten script: for each run a new process that has imported its libraries. */
export const pandasContender = (engine: Engine, table: string, place: Place): Contender => ({
  key: engine,
  name: `pandas (${engine}) and scikit-learn`,
  peer: true,
  run: async (round): Promise<Figures> => {
    const python = await pythonEnvironment(join(PEERS, 'requirements-lookalikes.txt'), place);
    const driver = await startDriver({
      command: python,
      args: [join(PEERS, 'lookalikes_pandas.py'), engine],
      env: { ...process.env, PYTHONPYCACHEPREFIX: join(place.home, 'pycache') },
      logFile: join(place.home, 'logs', `lookalikes-${engine}.log`),
    });
    try {
      const figures = join(place.scratch, `${engine}-${round}.json`);
      const pid = driver.group.child.pid ?? 0;
      const { cpuSeconds: before } = await processFigures(pid);
      const started = performance.now();
      await driver.tell(JSON.stringify({ table, out: join(place.scratch, `${engine}-${round}`), figures }));
      const whole = (performance.now() - started) / 1000;
      const { customers, seconds } = told.parse(JSON.parse(await readFile(figures, 'utf8')));
      const { questions = 0, ...steps } = seconds;
      const { peakMiB, cpuSeconds: after } = await processFigures(pid);
      const cpuSeconds = before === null || after === null ? null : after - before;
      return { seconds: whole - questions, questionSeconds: questions, peakMiB, cpuSeconds, steps, customers };
    } finally {
      await driver.group.close();
    }
  },
});
