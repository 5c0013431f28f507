// What a worker exports and logs, of real runs: in time, late, cached, failed, cancelled.
import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import type { WorkflowHandle } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import { freePort } from '../../infra/free-port.js';
import { seriesOf } from '../support/exposition.js';
import type { Series } from '../support/exposition.js';
import { WORKER, killWorkers, spawnWorker } from '../support/spawn-worker.js';
import type { SpawnedWorker } from '../support/spawn-worker.js';
import { ventasDag } from '../../workflows/ventas-dag.js';

const DAY_MS = 86_400_000;
const inDays = (days: number): string => new Date(Date.now() + days * DAY_MS).toISOString().slice(0, 10);

const LATE = '2020-01-06';
const [EARLY, BROKEN, WITHOUT_FILE] = [inDays(100), inDays(101), inDays(102)];
const SALES = ['norte,pan,2,10', 'norte,leche,1,20', 'sur,pan,3,15'];
const wait = { timeout: 60_000, interval: 100 };

const folder = await mkdtemp(join(tmpdir(), 'segmenta-metrics-'));
const lake = join(folder, 'lake');
const queue = `metrics-${randomUUID()}`;
let connection: Connection;
let client: Client;
let worker: SpawnedWorker;
let url: string;
let text: string;
let series: readonly Series[];

beforeAll(async () => {
  connection = await Connection.connect({ address: inject('temporalAddress') });
  client = new Client({ connection });
  const listen = `127.0.0.1:${await freePort()}`;
  url = `http://${listen}/metrics`;
  const file = join(folder, 'segmenta.yaml');
  await writeFile(file, `metrics: { listen: '${listen}' }\npools: { ventas: 2 }\n`);
  for (const fecha of [LATE, EARLY]) await writeSales(fecha, 'tienda,producto,unidades,importe');
  await writeSales(BROKEN, 'tienda,producto');
  worker = spawnWorker(WORKER, file, {
    ...process.env,
    TEMPORAL_ADDRESS: inject('temporalAddress'),
    TEMPORAL_TASK_QUEUE: queue,
    SEGMENTA_HOME: join(folder, 'home'),
    SEGMENTA_LAKE: lake,
    SEGMENTA_THREADS: '1',
  });
  await worker.ready;
  await (await run(LATE)).result();
  await (await run(LATE)).result();
  const broken = await run(BROKEN);
  await broken.result().catch(() => undefined);
  const waiting = await run(WITHOUT_FILE);
  await vi.waitFor(async () => {
    const outcome = 'not_yet';
    expect(valueOf(await scrape(), 'segmenta_task_duration_seconds_count', { outcome })).toBeGreaterThan(0);
  }, wait);
  await waiting.cancel();
  await waiting.result().catch(() => undefined);
  await (await run(EARLY)).result();
  text = await (await fetch(url)).text();
  series = seriesOf(text);
});

afterAll(async () => {
  worker.kill('SIGTERM');
  expect(await worker.ended).toBe(0);
  killWorkers();
  await connection.close();
  await rm(folder, { recursive: true, force: true });
});

async function writeSales(fecha: string, header: string): Promise<void> {
  await mkdir(join(lake, 'raw'), { recursive: true });
  await writeFile(join(lake, 'raw', `ventas-${fecha}.csv`), [header, ...SALES, ''].join('\n'));
}

const run = async (fecha: string): Promise<WorkflowHandle> =>
  client.workflow.start(ventasDag.id, { workflowId: `${queue}/ventas/${fecha}`, taskQueue: queue, args: [{ fecha }] });

const scrape = async (): Promise<readonly Series[]> => seriesOf(await (await fetch(url)).text());

/** The sum over the series of a name that have these labels; undefined where there is none. */
function valueOf(all: readonly Series[], name: string, labels: Series['labels'] = {}): number | undefined {
  const wanted = all.filter(
    (one) => one.name === name && Object.entries(labels).every(([label, value]) => one.labels[label] === value),
  );
  return wanted.length === 0 ? undefined : wanted.reduce((sum, { value }) => sum + value, 0);
}

describe('the metrics of a worker', () => {
  it('dump', () => {
    console.log(text);
    console.log(worker.said());
    expect(valueOf(series, 'x')).toBe(undefined);
  });
});
