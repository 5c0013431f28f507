import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import { stringify } from 'yaml';
import { runLocal } from '../../cli/run-local.js';
import { loadConfig } from '../../config/load-config.js';
import type { Config } from '../../config/load-config.js';
import { runParams } from '../../config/run-params.js';
import type { Dag } from '../../dag/dag.js';
import { addDays } from '../../dag/calendar-date.js';
import { planRun } from '../../dag/run-plan.js';
import type { ObjectStore } from '../../lake/object-store.js';
import { openStore } from '../../lake/open-store.js';
import { segmentationDag } from '../../workflows/segmentation-dag.js';
import { ventasDag } from '../../workflows/ventas-dag.js';
import { expectRecordsWhole, expectTablesWhole, gcLoop } from '../support/gc-loop.js';
import { purchaseSource, sixCustomers, writePurchases } from '../support/purchases.js';

vi.setConfig({ testTimeout: 280_000 });

const scratch = await mkdtemp(join(tmpdir(), 'segmenta-gc-runs-'));
afterAll(() => rm(scratch, { recursive: true, force: true }));

const DATES = Array.from({ length: 6 }, (_, i) => addDays('2026-07-06', 7 * i));

const configOf = async (lake: string, endpoint?: string): Promise<Config> => {
  const folder = await mkdtemp(join(scratch, 'run-'));
  const compras = await writePurchases(folder, 'compras.csv', sixCustomers);
  const file = join(folder, 'segmenta.yaml');
  const dags = { segmentation: { source: 'compras', k: 2, restarts: 1 } };
  const s3 = endpoint === undefined ? {} : { s3: { endpoint } };
  await writeFile(file, stringify({ lake, sources: purchaseSource(compras), dags, pools: { ventas: 8 }, ...s3 }));
  return loadConfig({ file, cwd: folder, env: { SEGMENTA_THREADS: '1' } });
};

/** A day's sales: four stores, of which two sell the same every day, so that dates share artifacts. */
const salesOf = (day: number): string =>
  [
    'tienda,producto,unidades,importe',
    'norte,a,1,10',
    'sur,b,2,20',
    `este,c,${day + 1},30`,
    `oeste,d,4,${day + 40}`,
    '',
  ].join('\n');

interface Ended {
  readonly cached: number;
  readonly record: string;
}

/** One run to its end; everything its records name is there, with its bytes. */
async function run(config: Config, store: ObjectStore, dag: Dag, fecha: string, refresh: boolean): Promise<Ended> {
  const before = new Set(await recordsOf(store, dag, fecha));
  const plan = planRun(dag, refresh ? { refresh: new Set(dag.tasks.map(({ id }) => id)) } : {});
  const asked = { dag, run: `${dag.id}/${fecha}`, params: runParams(config, dag, fecha, []), plan };
  const signal = new AbortController().signal;
  const { state, outcome } = await runLocal(config, { ...asked, signal, onChange: () => {} });
  const errors = Object.entries(state.tasks).map(([task, { error }]) => `${task}: ${error?.message}`);
  expect(outcome, errors.join('\n')).toBe('success');
  const record = (await recordsOf(store, dag, fecha)).find((folder) => !before.has(folder));
  if (record === undefined) throw new Error(`Expected a record of ${dag.id} for ${fecha}`);
  expect(await expectRecordsWhole(store, `${record}/`)).toBeGreaterThan(0);
  return { record, cached: Object.values(state.tasks).filter(({ cached }) => cached).length };
}

async function recordsOf(store: ObjectStore, dag: Dag, fecha: string): Promise<readonly string[]> {
  const folders = new Set<string>();
  for await (const { key } of store.list(`runs/${dag.id}/${fecha}/`)) {
    folders.add(key.split('/').slice(0, 4).join('/'));
  }
  return [...folders];
}

/** As if the run were beyond the retention: nothing names its artifacts any more, and its remembered results are there. */
async function forget(store: ObjectStore, record: string): Promise<void> {
  for await (const { key } of store.list(`${record}/`)) await store.remove(key);
}

async function runBesideGc(
  config: Config,
  open: () => ObjectStore,
  dags: readonly Dag[],
  rounds: number,
): Promise<void> {
  const store = open();
  for (const [day, fecha] of DATES.entries()) await store.write(`raw/ventas-${fecha}.csv`, salesOf(day));
  const loop = gcLoop(open());
  let cached = 0;
  const lane = async (dag: Dag, dates: readonly string[]): Promise<void> => {
    for (let round = 0; round < rounds; round += 1) {
      for (const fecha of dates) {
        const ended = await run(config, store, dag, fecha, round === rounds - 2);
        cached += ended.cached;
        if (round < rounds - 1) await forget(store, ended.record);
      }
      // However quick the runs are, the rounds after this one find artifacts that are gone. All lanes come here, with
      // nothing that names the artifacts of the first round.
      if (round === 0) await vi.waitUntil(() => loop.totals.artifacts > 0, { timeout: 60_000, interval: 50 });
    }
  };
  const everySecond = (half: number): readonly string[] => DATES.filter((_, i) => i % 2 === half);
  const lanes = dags.flatMap((dag) => [0, 1].map(async (half) => lane(dag, everySecond(half))));
  const ends = await Promise.allSettled(lanes);
  const totals = await loop.stop();
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
  expect(await expectRecordsWhole(store)).toBeGreaterThan(0);
  expect(await expectTablesWhole(store)).toBeGreaterThanOrEqual(DATES.length);
  // Else they never met, and nothing was shown.
  expect(totals.artifacts).toBeGreaterThan(0);
  expect(cached).toBeGreaterThan(0);
  console.log(`gc beside runs on ${store.url}: ${JSON.stringify({ ...totals, cached })}`);
}

describe('gc in a loop, with a grace period of a second, beside runs', () => {
  it('of two DAGs over many dates, cached and refreshed, loses nothing in a local folder', async () => {
    const lake = join(scratch, randomUUID());
    await runBesideGc(await configOf(lake), () => openStore(lake), [ventasDag, segmentationDag], 4);
  });
});

const s3 = inject('s3');
describe.skipIf(s3 === null)(s3 === null ? `S3 (skipped: ${inject('s3Absence')})` : 'S3', () => {
  const { endpoint, region, ...credentials } = s3 ?? { endpoint: '', region: '', accessKeyId: '', secretAccessKey: '' };
  const bucket = `segmenta-${randomUUID()}`;

  beforeAll(async () => {
    const client = new S3Client({ endpoint, region, credentials, forcePathStyle: true });
    await client.send(new CreateBucketCommand({ Bucket: bucket }));
    client.destroy();
    vi.stubEnv('AWS_REGION', region);
    vi.stubEnv('AWS_ACCESS_KEY_ID', credentials.accessKeyId);
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', credentials.secretAccessKey);
  });
  afterAll(() => vi.unstubAllEnvs());

  it('loses nothing there either', async () => {
    const lake = `s3://${bucket}/lake`;
    const config = await configOf(lake, endpoint);
    await runBesideGc(config, () => openStore(lake, { endpoint }), [ventasDag], 3);
  });
});
