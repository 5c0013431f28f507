import { createHash, randomUUID } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Client, WorkflowHandle } from '@temporalio/client';
import { loadConfig } from '../../config/load-config.js';
import type { Config } from '../../config/load-config.js';
import { runParams } from '../../config/run-params.js';
import { readTable } from '../../lake/delta-log.js';
import type { Dag } from '../../dag/dag.js';
import type { RunRecord, TaskRecord } from '../../dag/run-record.js';
import type { ObjectStore } from '../../lake/object-store.js';
import { openStore } from '../../lake/open-store.js';
import { PUBLISHED_TABLES } from '../../lake/published-tables.js';
import type { RunSummary } from '../../workflows/run-dag.js';
import { segmentationDag } from '../../workflows/segmentation-dag.js';
import { spawnWorker, WORKER } from './spawn-worker.js';
import type { SpawnedWorker } from './spawn-worker.js';

/** Where trials happen: one Temporal server, one kind of lake, one source. */
export interface TrialGround {
  readonly client: Client;
  readonly address: string;
  /** Folder of the configurations and homes. */
  readonly folder: string;
  /** `file:///…` or `s3://bucket`: each trial's lake lies below it. */
  readonly lakes: string;
  /** The variables that reach those lakes. */
  readonly env: { readonly [variable: string]: string };
  /** Glob of the transactions. */
  readonly transactions: string;
  /** In the place of a configuration with those transactions. */
  readonly configuration?: string;
}

/** One run in a world of its own: home, lake, task queue. */
export interface Trial {
  readonly config: Config;
  readonly lake: ObjectStore;
  spawn(script?: string, env?: { readonly [variable: string]: string }): SpawnedWorker;
  /** Starts the run of `fecha`. */
  run(fecha: string, ...params: readonly string[]): Promise<WorkflowHandle<() => Promise<RunSummary>>>;
  /** Starts the run of another DAG. */
  runOf(dag: Dag, fecha: string, ...params: readonly string[]): Promise<WorkflowHandle<() => Promise<RunSummary>>>;
}

export async function openTrial(ground: TrialGround): Promise<Trial> {
  const id = randomUUID().slice(0, 8);
  const home = join(ground.folder, id);
  await mkdir(home, { recursive: true });
  const file = join(home, 'segmenta.yaml');
  await writeFile(file, ground.configuration ?? configuration(ground.transactions));
  const env = {
    ...process.env,
    ...ground.env,
    TEMPORAL_ADDRESS: ground.address,
    TEMPORAL_TASK_QUEUE: `trial-${id}`,
    SEGMENTA_HOME: home,
    SEGMENTA_LAKE: `${ground.lakes}/${id}`,
    SEGMENTA_THREADS: '2',
  };
  const config = await loadConfig({ file, cwd: home, env });
  const runOf: Trial['runOf'] = async (dag, fecha, ...params) =>
    ground.client.workflow.start<() => Promise<RunSummary>>(dag.id, {
      workflowId: `${id}/${dag.id}/${fecha}`,
      taskQueue: config.temporal.taskQueue,
      // The workflow's type has no parameters here: they are checked where it runs.
      args: [runParams<unknown>(config, dag, fecha, params)] as never,
    });
  return {
    config,
    lake: openLake(config.lake, ground.env),
    spawn: (script = WORKER, more = {}) => spawnWorker(script, file, { ...env, ...more }),
    run: (fecha, ...params) => runOf(segmentationDag, fecha, 'k=2..4', 'restarts=3', ...params),
    runOf,
  };
}

const configuration = (transactions: string): string => `sources:
  tarjetas:
    files: { transacciones: { path: ${JSON.stringify(transactions)} } }
    select: select dni, fecha, rubro, canal, monto, ubicacion, producto from transacciones
    positiveAmounts: true
dags:
  segmentation:
    window: 180
    labels: { salud: Farmacia }
    scores: { supermercado: [supermercado], farmacia: [farmacia, salud], restaurante: [restaurantes] }
`;

/** The lake as the test sees it: what a worker has from the environment is said here. */
function openLake(url: string, env: TrialGround['env']): ObjectStore {
  const { AWS_ENDPOINT_URL: endpoint, AWS_REGION: region } = env;
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = env;
  if (accessKeyId === undefined || secretAccessKey === undefined) return openStore(url);
  return openStore(url, { endpoint, region, credentials: { accessKeyId, secretAccessKey } });
}

/** Copies what lies below these prefixes. */
export async function copyLake(from: ObjectStore, to: ObjectStore, prefixes: readonly string[]): Promise<void> {
  for (const prefix of prefixes) {
    for await (const { key } of from.list(prefix)) await to.write(key, await from.read(key));
  }
}

/**
 * The SHA-256 of every object, but for the commits, which tell the time. Records of runs tell it too, and the run, and how
 * often something was tried: of them what counts is that they are there, and the results that they name.
 */
export async function lakeDigests(lake: ObjectStore): Promise<{ readonly [key: string]: string }> {
  const digests: { [key: string]: string } = {};
  for await (const { key } of lake.list('')) {
    if (key.includes('/_delta_log/')) continue;
    const bytes = await lake.read(key);
    const [name, content] = key.startsWith('runs/') ? [key.replace(RUN_ID, '/<run>/'), resultsIn(bytes)] : [key, bytes];
    digests[name] = createHash('sha256').update(content).digest('hex');
  }
  return digests;
}

const RUN_ID = /\/[0-9a-f]{8}-[0-9a-f-]{27}\//;

/**
 * Of a task's record the output and what it depended on; of a run's the outcome and the tasks' states. That a publish found
 * its table unchanged is left out: so says one that is tried again after its own commit.
 */
function resultsIn(record: Uint8Array): string {
  const { output, key, outcome, params, tasks } = JSON.parse(Buffer.from(record).toString('utf8')) as Partial<
    TaskRecord & RunRecord
  >;
  return JSON.stringify({ output, key, outcome, params, tasks }, (name, value: unknown) =>
    name === 'unchanged' ? undefined : value,
  );
}

/** What the tables' logs say, but for which run it was. */
export async function publishedState(lake: ObjectStore, tables = PUBLISHED_TABLES): Promise<unknown> {
  return Promise.all(
    tables.map(async ({ name }) => {
      const { version, files } = await readTable(lake, name);
      const contents = files.map(({ tags: { run: _run, ...tags }, ...file }) => ({ ...file, tags }));
      return { name, version, files: contents };
    }),
  );
}
