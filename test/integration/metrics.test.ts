// What a worker exports and logs, of real runs: in time, late, cached, failed, cancelled.
import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import type { WorkflowHandle } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import { freePort } from '../../infra/free-port.js';
import { METRICS } from '../../worker/metric-definitions.js';
import { seriesOf, typesOf } from '../support/exposition.js';
import type { Series } from '../support/exposition.js';
import { QUERIES } from '../support/metric-queries.js';
import { namesIn } from '../support/promql.js';
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
const environment = {
  ...process.env,
  TEMPORAL_ADDRESS: inject('temporalAddress'),
  TEMPORAL_TASK_QUEUE: queue,
  SEGMENTA_HOME: join(folder, 'home'),
  SEGMENTA_LAKE: lake,
  SEGMENTA_THREADS: '1',
};
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
  worker = spawnWorker(WORKER, file, environment);
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

/** The names of series that a metric of ours has. */
const seriesNames = (metric: string, is: string): string[] =>
  is === 'histogram' ? ['_bucket', '_sum', '_count'].map((part) => metric + part) : [metric];

/** Temporal's, on what its workflows say; `le` is part of a bucket. */
const ADDED = new Set(['namespace', 'taskQueue', 'workflowType', 'le']);

describe('the metrics of a worker', () => {
  it.each(Object.entries(METRICS))('have %s, with its labels and no others', (metric, { is, labels }) => {
    const types = { counter: 'counter', histogram: 'histogram', gauge: 'gauge', signed: 'gauge' };
    expect(typesOf(text)[metric]).toBe(types[is]);
    for (const name of seriesNames(metric, is)) {
      const found = series.filter((one) => one.name === name);
      expect(found).not.toEqual([]);
      for (const one of found) {
        expect(
          Object.keys(one.labels)
            .filter((label) => !ADDED.has(label))
            .toSorted(),
        ).toEqual([...labels].toSorted());
      }
    }
  });

  it('count runs by outcome and kind, those of other kinds as none', () => {
    const runs = (outcome: string, kind = 'manual'): number | undefined =>
      valueOf(series, 'segmenta_runs_ended_total', { dag: 'ventas', outcome, kind });
    expect([runs('success'), runs('failed'), runs('cancelled'), runs('success', 'scheduled')]).toEqual([3, 1, 1, 0]);
    expect(valueOf(series, 'segmenta_run_duration_seconds_count', { dag: 'ventas' })).toBe(5);
    expect(valueOf(series, 'segmenta_tasks_ended_total', { task: 'readSales', state: 'failed' })).toBe(1);
  });

  it('tell the partition that was early from the two that were late, and count the deadlines that were missed', () => {
    const ventas = { dag: 'ventas', kind: 'manual' };
    expect(valueOf(series, 'segmenta_partition_lateness_seconds', ventas)).toBeLessThan(0);
    expect(valueOf(series, 'segmenta_partition_late_by_seconds_count', ventas)).toBe(3);
    expect(valueOf(series, 'segmenta_partition_late_by_seconds_bucket', { ...ventas, le: '0' })).toBe(1);
    expect(valueOf(series, 'segmenta_deadlines_missed_total', ventas)).toBe(2);
  });

  it('count what was computed and written once, and what was cached as hits', () => {
    const of = (metric: string, labels: Series['labels']): number | undefined =>
      valueOf(series, metric, { dag: 'ventas', ...labels });
    // The day, and a part for each store, of two dates; the repeated run wrote nothing.
    expect(of('segmenta_artifact_rows_total', { task: 'readSales', kind: 'sales' })).toBe(4 * SALES.length);
    expect(of('segmenta_artifact_bytes_total', { task: 'readSales' })).toBeGreaterThan(0);
    expect(of('segmenta_cache_lookups_total', { task: 'readSales', result: 'miss' })).toBe(2);
    expect(of('segmenta_cache_lookups_total', { task: 'readSales', result: 'hit' })).toBe(1);
    // An effect remembers nothing.
    expect(of('segmenta_cache_lookups_total', { task: 'publishSales' })).toBeUndefined();
    expect(of('segmenta_task_duration_seconds_count', { task: 'readSales', outcome: 'success', cached: 'true' })).toBe(
      1,
    );
    expect(of('segmenta_task_duration_seconds_count', { task: 'readSales', outcome: 'failed' })).toBe(1);
  });

  it('have buckets of our own', () => {
    const bounds = series
      .filter(({ name, labels }) => name === 'segmenta_run_duration_seconds_bucket' && labels['outcome'] === 'failed')
      .map(({ labels }) => labels['le']);
    expect(bounds).toEqual([...METRICS.segmenta_run_duration_seconds.buckets.map(String), '+Inf']);
  });

  it('have no label that grows with time', () => {
    const values = series
      .filter(({ name }) => name.startsWith('segmenta_'))
      .flatMap(({ labels }) => Object.entries(labels).filter(([label]) => label !== 'taskQueue'))
      .map(([, value]) => value);
    const runIds = logged().map(({ runId }) => runId);
    for (const value of new Set(values)) {
      expect(value).not.toMatch(/\d{4}-\d\d-\d\d/);
      expect(runIds).not.toContain(value);
    }
  });
});

/** Put there by Prometheus when it scrapes. */
const OF_THE_SCRAPE = new Set(['instance', 'job']);

describe.each(QUERIES)('$where', ({ expression }) => {
  const { selectors, groupings } = namesIn(expression);

  it.each(selectors)('asks for $metric by labels and values that it has', ({ metric, matchers }) => {
    const found = series.filter(({ name }) => name === metric);
    expect(found).not.toEqual([]);
    for (const { label, operator, value } of matchers) {
      if (OF_THE_SCRAPE.has(label)) continue;
      expect(found.map(({ labels }) => Object.keys(labels))).toContainEqual(expect.arrayContaining([label]));
      // Where not said by the person who looks. No run of the test was scheduled, other than in the zeros.
      if (operator !== '=' || value.includes('$')) continue;
      expect(series.map(({ labels }) => labels[label])).toContain(value);
    }
  });

  it('groups by labels that its metrics have', () => {
    const metrics = new Set(selectors.map(({ metric }) => metric));
    const known = new Set(series.flatMap(({ name, labels }) => (metrics.has(name) ? Object.keys(labels) : [])));
    expect(groupings.filter((label) => !known.has(label) && !OF_THE_SCRAPE.has(label))).toEqual([]);
  });
});

/** The lines of the worker's log. */
const logged = (): { readonly [field: string]: unknown }[] =>
  worker
    .said()
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { [field: string]: unknown });

describe('the log of a worker', () => {
  it('is a line of JSON an event, with a level and a time', () => {
    expect(logged().length).toBeGreaterThan(20);
    for (const line of logged())
      expect(line).toMatchObject({ level: expect.any(String), time: expect.any(String), msg: expect.any(String) });
  });

  it('says once how an attempt failed, and of which run, date and task it was', () => {
    const failed = logged().filter(
      ({ task, level, event }) => task === 'readSales' && level === 'error' && event === 'task',
    );
    expect(failed).toEqual([
      expect.objectContaining({
        event: 'task',
        dag: 'ventas',
        fecha: BROKEN,
        run: `${queue}/ventas/${BROKEN}`,
        runId: expect.any(String),
        attempt: 1,
        outcome: 'failed',
        durationMs: expect.any(Number),
        blockedMs: expect.any(Number),
        error: { type: 'BadInput', message: expect.stringContaining('Expected the columns') },
      }),
    ]);
    expect(logged().filter(({ msg }) => msg === 'Activity failed')).toEqual([]);
  });

  it('says how each run ended, and which deadlines were missed', () => {
    const runs = logged().filter(({ event }) => event === 'run');
    expect(runs.map(({ fecha, outcome, kind }) => [fecha, outcome, kind])).toEqual([
      [LATE, 'success', 'manual'],
      [LATE, 'success', 'manual'],
      [BROKEN, 'failed', 'manual'],
      [WITHOUT_FILE, 'cancelled', 'manual'],
      [EARLY, 'success', 'manual'],
    ]);
    const deadlines = logged().filter(({ event }) => event === 'deadline');
    expect(deadlines.map(({ fecha, deadline }) => [fecha, deadline])).toEqual([
      [LATE, '2020-01-07T06:00:00.000Z'],
      [LATE, '2020-01-07T06:00:00.000Z'],
    ]);
  });
});

describe('another worker', () => {
  it('ends with status 1 where the metrics are to be served at an address that is taken, and says what to do', async () => {
    const second = spawnWorker(WORKER, join(folder, 'segmenta.yaml'), environment);
    expect(await second.ended).toBe(1);
    expect(second.said()).toMatch(/Expected to serve metrics at 127\.0\.0\.1:\d+, got: .*SEGMENTA_METRICS/);
    expect(second.said()).not.toContain('worker ready');
  });

  it('says at level `error` that it is ready, and nothing else that is no error', async () => {
    const listen = `127.0.0.1:${await freePort()}`;
    const variables = { ...environment, SEGMENTA_METRICS: listen, SEGMENTA_LOG_LEVEL: 'error' };
    const quiet = spawnWorker(WORKER, join(folder, 'segmenta.yaml'), variables);
    await quiet.ready;
    quiet.kill('SIGTERM');
    expect(await quiet.ended).toBe(0);
    expect(quiet.said().trim().split('\n')).toEqual([expect.stringContaining(`metrics at http://${listen}/metrics`)]);
  });
});
