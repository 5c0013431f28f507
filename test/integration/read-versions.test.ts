import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import { z } from 'zod';
import { addDays } from '../../dag/calendar-date.js';
import { commitKey } from '../../lake/delta-commit.js';
import { readTable } from '../../lake/delta-log.js';
import type { TableFile } from '../../lake/delta-log.js';
import type { ObjectStore } from '../../lake/object-store.js';
import { openStore } from '../../lake/open-store.js';
import { addAction, commitBody } from '../../lake/partition-commit.js';
import { writeCheckpoint } from '../../lake/write-checkpoint.js';
import { FailingStore } from '../support/failing-store.js';
import { readerPython } from '../support/reader-python.js';
import { TABLE } from '../support/table-objects.js';

vi.setConfig({ testTimeout: 280_000, hookTimeout: 280_000 });

const scratch = await mkdtemp(join(tmpdir(), 'segmenta-versions-'));
afterAll(() => rm(scratch, { recursive: true, force: true }));

const DATES = Array.from({ length: 50 }, (_, week) => addDays('2017-01-02', 7 * week));
const NEWEST = 1_000;

/** The commits of a table whose dates are published again and again, as `publishPartition` writes them. */
async function writeCommits(store: ObjectStore): Promise<void> {
  const current = new Map<string, TableFile>();
  const bodies: [number, string][] = [];
  for (let version = 0; version <= NEWEST; version += 1) {
    const fecha = DATES[version % DATES.length] ?? '';
    const run = `segmentation/${fecha}/${randomUUID()}`;
    const operation = { operation: 'WRITE', operationParameters: {}, run } as const;
    const tags = { knnIndex: JSON.stringify({ kind: 'knn-index', uri: `artifacts/knn-index/${version}`, bytes: 1 }) };
    const facts = { table: TABLE, fecha, rows: 3, tags, run, operation };
    const replaced = current.get(fecha);
    const add = addAction(facts, { sha256: `hash ${version}`, bytes: 4_000 }, replaced ? [replaced] : []);
    bodies.push([version, commitBody(facts, add, replaced ? [replaced] : [], version)]);
    current.set(fecha, { path: add.path, fecha, bytes: 4_000, rows: 3, version, tags: {} });
  }
  while (bodies.length > 0) {
    await Promise.all(
      bodies.splice(0, 32).map(async ([version, body]) => store.write(commitKey('tabla', version), body)),
    );
  }
}

/** The table as it was at a version, without checkpoints. */
async function asOf(all: ObjectStore, store: ObjectStore, version: number): Promise<ObjectStore> {
  for (let first = 0; first <= version; first += 32) {
    const some = Array.from({ length: Math.min(32, version - first + 1) }, (_, i) => commitKey('tabla', first + i));
    await Promise.all(some.map(async (key) => store.write(key, await all.read(key))));
  }
  return store;
}

interface Cost {
  readonly requests: number;
  /** Of the quickest of several reads. */
  readonly ms: number;
}

/** In turns, so that whatever else the machine does falls on all of them. */
async function costsOf(stores: readonly ObjectStore[], turns: number): Promise<readonly Cost[]> {
  const costs = stores.map(() => ({ requests: 0, ms: Number.POSITIVE_INFINITY }));
  for (let turn = 0; turn < turns; turn += 1) {
    for (const [i, store] of stores.entries()) {
      const counted = new FailingStore(store);
      const began = performance.now();
      await readTable(counted, 'tabla');
      const ms = Math.min(costs[i]?.ms ?? 0, performance.now() - began);
      costs[i] = { requests: counted.operations.length, ms };
    }
  }
  return costs;
}

const { python, absence } = await readerPython();

const DELTALAKE = `
import json, sys, time
from deltalake import DeltaTable
options = json.loads(sys.argv[2])
best = 1e9
for _ in range(5):
    began = time.perf_counter()
    table = DeltaTable(sys.argv[1], storage_options=options)
    best = min(best, (time.perf_counter() - began) * 1000)
print(json.dumps({"version": table.version(), "files": len(table.file_uris()), "ms": best}))
`;

async function deltalake(url: string, options: object): Promise<{ version: number; files: number; ms: number }> {
  const script = join(scratch, 'read.py');
  await writeFile(script, DELTALAKE);
  const { stdout } = await promisify(execFile)(python, [script, url, JSON.stringify(options)]);
  return z.object({ version: z.number(), files: z.number(), ms: z.number() }).parse(JSON.parse(stdout));
}

function readingCosts(name: string, open: () => ObjectStore, storage: object): void {
  describe(`reading a table on ${name}`, () => {
    it('asks for as much of the thousandth version as of the tenth', async () => {
      const all = openStore(join(scratch, randomUUID()));
      await writeCommits(all);
      const [tenth, thousandth] = [await asOf(all, open(), 10), await asOf(all, open(), NEWEST)];
      const theirs: { [at: string]: number } = {};
      const look = async (at: string, store: ObjectStore): Promise<void> => {
        if (absence !== null) return;
        const inPlace = store.localPath('tabla/x') !== undefined;
        const url = inPlace ? new URL(`${store.url}/tabla`).pathname : `${store.url}/tabla`;
        const { version, files, ms } = await deltalake(url, storage);
        expect([version, files]).toEqual(at === 'tenth' ? [10, 11] : [NEWEST, 50]);
        theirs[at] = ms;
      };
      await look('bare', thousandth);
      const [bare] = await costsOf([thousandth], 3);
      const byCommits = await readTable(thousandth, 'tabla');
      expect(await writeCheckpoint(tenth, 'tabla', 10)).toBe(true);
      expect(await writeCheckpoint(thousandth, 'tabla', NEWEST)).toBe(true);
      await look('tenth', tenth);
      await look('thousandth', thousandth);
      const [early, late] = await costsOf([tenth, thousandth], 20);
      if (!bare || !early || !late) throw new RangeError('Expected the costs of three');
      expect(await readTable(thousandth, 'tabla')).toEqual(byCommits);
      expect(byCommits).toMatchObject({ version: NEWEST, files: { length: 50 } });
      expect(late.requests).toBe(early.requests);
      expect(bare.requests).toBeGreaterThan(NEWEST);
      expect(late.ms).toBeLessThan(bare.ms);
      const costs = { tenth: early, thousandth: late, bare };
      const round = (value: number): number => Math.round(value * 10) / 10;
      const ratio = round(costs.thousandth.ms / costs.tenth.ms);
      const deltalakeMs = Object.fromEntries(Object.entries(theirs).map(([at, ms]) => [at, round(ms)]));
      const ours = Object.fromEntries(Object.entries(costs).map(([at, cost]) => [at, { ...cost, ms: round(cost.ms) }]));
      console.log(`reading on ${name}: ${JSON.stringify({ ...ours, ratio, deltalakeMs })}`);
    });
  });
}

readingCosts('a local folder', () => openStore(join(scratch, randomUUID())), {});

const s3 = inject('s3');
describe.skipIf(s3 === null)(s3 === null ? `S3 (skipped: ${inject('s3Absence')})` : 'S3', () => {
  const { endpoint, region, ...credentials } = s3 ?? { endpoint: '', region: '', accessKeyId: '', secretAccessKey: '' };
  const bucket = `segmenta-${randomUUID()}`;

  beforeAll(async () => {
    const client = new S3Client({ endpoint, region, credentials, forcePathStyle: true });
    await client.send(new CreateBucketCommand({ Bucket: bucket }));
    client.destroy();
  });

  readingCosts('S3', () => openStore(`s3://${bucket}/${randomUUID()}`, { endpoint, region, credentials }), {
    AWS_ENDPOINT_URL: endpoint,
    AWS_REGION: region,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_ALLOW_HTTP: 'true',
  });
});
