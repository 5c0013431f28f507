import { mkdir, readFile, readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { type TemporalClient, connectTemporal } from '../../cli/temporal-client.js';
import { type WorkerProcess, startWorkerProcess } from '../../cli/worker-process.js';
import type { Config } from '../../config/load-config.js';
import { startDevServer } from '../../infra/dev-server.js';
import { freePort } from '../../infra/free-port.js';
import { findTemporalCli } from '../../infra/temporal-cli.js';
import { readTable } from '../../lake/delta-log.js';
import { openStore } from '../../lake/open-store.js';
import { CLIENTES_SEGMENTADOS, SCORES_RUBRO } from '../../lake/published-tables.js';
import type { Figures } from './side.js';
import { tasksOf } from './worker-log.js';

/** A Temporal dev server, and for each run a worker process that is new, with a lake in which nothing is remembered. */
export interface OnTemporal {
  renew(): Promise<void>;
  /** Of the newest worker. */
  now(): { readonly config: Config; readonly temporal: TemporalClient; readonly pid: number };
}

/** `folder` gets the server's database, the workers' homes and lakes. The server ends with this process group. */
export async function onTemporal(config: Config, folder: string): Promise<OnTemporal> {
  const log = (line: string): void => void process.stderr.write(`${line}\n`);
  const cli = await findTemporalCli({ cacheDir: resolve('.segmenta', 'cache', 'bin'), env: process.env, log });
  const logFile = join(folder, 'server.log');
  const server = await startDevServer({ home: folder, cli, port: await freePort(), headless: true, log, logFile });
  let renewed = 0;
  let newest: { config: Config; temporal: TemporalClient; worker: WorkerProcess } | undefined;
  return {
    renew: async () => {
      await newest?.temporal.close();
      await newest?.worker.stop();
      renewed += 1;
      const home = join(folder, `home-${renewed}`);
      await mkdir(home, { recursive: true });
      const { address } = server;
      const fresh = { ...config, home, lake: `file:${join(home, 'lake')}`, temporal: { ...config.temporal, address } };
      const env = { ...process.env, SEGMENTA_HOME: home, SEGMENTA_LAKE: fresh.lake, TEMPORAL_ADDRESS: address };
      const worker = await startWorkerProcess(fresh, { env });
      newest = { config: fresh, temporal: await connectTemporal(fresh), worker };
    },
    now: () => {
      if (newest === undefined) throw new Error('Expected a worker, got none: `renew` comes first');
      return { config: newest.config, temporal: newest.temporal, pid: newest.worker.pid };
    },
  };
}

const fitted = z.object({
  output: z.object({
    model: z.object({
      report: z.object({
        k: z.number(),
        byK: z.array(z.object({ k: z.number(), inertia: z.number(), silhouette: z.number().nullable() })),
      }),
    }),
  }),
});

/** What a run of the segmentation DAG left: files of two tables, how its fits turned out, and what its tasks took. */
export async function publishedFigures({ lake, home }: Config, fecha: string): Promise<Figures> {
  const store = openStore(lake);
  const fileOf = async (table: string): Promise<string | undefined> => {
    const { files } = await readTable(store, table);
    const path = files.find((file) => file.fecha === fecha)?.path;
    return path === undefined ? undefined : store.localPath(`${table}/${path}`);
  };
  const runs = join(home, 'lake', 'runs', 'segmentation', fecha);
  const [run = ''] = await readdir(runs);
  const record = await readFile(join(runs, run, 'tasks', 'fitClusters.json'), 'utf8');
  const { k, byK } = fitted.parse(JSON.parse(record)).output.model.report;
  const tables = { clientes: await fileOf(CLIENTES_SEGMENTADOS.name), scores: await fileOf(SCORES_RUBRO.name) };
  return { ...tables, k, byK, tasks: await tasksOf(join(home, 'logs', 'worker.log')) };
}
