import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { nearestCustomers } from '../../activities/lookalikes/nearest-customers.js';
import { openLookalikes } from '../../activities/lookalikes/open-lookalikes.js';
import { connectTemporal } from '../../cli/temporal-client.js';
import { followRun, startRun } from '../../cli/temporal-run.js';
import { startWorkerProcess } from '../../cli/worker-process.js';
import type { Config } from '../../config/load-config.js';
import { runParams } from '../../config/run-params.js';
import type { RunState } from '../../dag/run-state.js';
import { openStore } from '../../lake/open-store.js';
import { lookalikesDag } from '../../workflows/lookalikes-dag.js';
import type { Contender, Figures } from './contender.js';
import { processFigures } from './process-figures.js';

const FECHA = '2026-11-16';
const QUESTIONS = 1000;
const NEAREST = 10;

/** Our DAG on Temporal: for each run a new worker process, and a new lake in which nothing is remembered. */
export const ourContender = (config: Config, address: string, scratch: string): Contender => ({
  key: 'segmenta',
  name: 'Segmenta on Temporal',
  peer: false,
  run: async (round): Promise<Figures> => {
    const home = join(scratch, `home-${round}`);
    await mkdir(home, { recursive: true });
    const fresh = { ...config, home, lake: `file:${join(home, 'lake')}`, temporal: { ...config.temporal, address } };
    const env = { ...process.env, SEGMENTA_HOME: home, SEGMENTA_LAKE: fresh.lake, TEMPORAL_ADDRESS: address };
    const worker = await startWorkerProcess(fresh, { env });
    const temporal = await connectTemporal(fresh);
    try {
      const { cpuSeconds: before } = await processFigures(worker.pid);
      const started = performance.now();
      const run = await startRun(temporal, lookalikesDag, runParams(fresh, lookalikesDag, FECHA, []));
      const { outcome, state } = await followRun(temporal, run, { onChange: () => {}, say: () => {} });
      const seconds = (performance.now() - started) / 1000;
      if (outcome !== 'success') throw new Error(`Expected a run that succeeds, got ${outcome}: ${failuresOf(state)}`);
      const { peakMiB, cpuSeconds: after } = await processFigures(worker.pid);
      const cpuSeconds = before === null || after === null ? null : after - before;
      const asked = await ask(fresh);
      return { seconds, peakMiB, cpuSeconds, steps: stepsOf(state), ...asked };
    } finally {
      await temporal.close();
      await worker.stop();
    }
  },
});

/** Opens the published index, as another process would, and asks for neighbours. */
async function ask({ lake, s3, home }: Config): Promise<Pick<Figures, 'questionSeconds' | 'customers'>> {
  const started = performance.now();
  const lookalikes = await openLookalikes(openStore(lake, s3), { cacheFolder: join(home, 'cache') });
  const customers = lookalikes.points.ids.length;
  for (let i = 0; i < QUESTIONS; i++) {
    nearestCustomers(lookalikes, Math.floor((i * (customers - 1)) / (QUESTIONS - 1)), NEAREST);
  }
  return { questionSeconds: (performance.now() - started) / 1000, customers };
}

const stepsOf = ({ tasks }: RunState): Figures['steps'] =>
  Object.fromEntries(
    Object.entries(tasks).flatMap(([task, { startedAt, endedAt }]) =>
      startedAt === undefined || endedAt === undefined ? [] : [[task, (endedAt - startedAt) / 1000] as const],
    ),
  );

const failuresOf = ({ tasks }: RunState): string =>
  Object.entries(tasks)
    .flatMap(([task, { error }]) => (error === undefined ? [] : [`${task}: ${error.message}`]))
    .join('; ');
