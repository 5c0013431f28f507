import { randomUUID } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { Client, Connection } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import { writeDemoData } from '../../demo/write-demo-data.js';
import { PUBLISHED_TABLES } from '../../lake/published-tables.js';
import { segmentationDag } from '../../workflows/segmentation-dag.js';
import type { Crash, CrashPoint } from '../support/crash.js';
import { crashName } from '../support/crash.js';
import { CRASHING_WORKER, killWorkers } from '../support/spawn-worker.js';
import { finish } from '../support/finish-trial.js';
import { copyLake, lakeDigests, openTrial, publishedState } from '../support/trial.js';
import type { Trial, TrialGround } from '../support/trial.js';

// What is killed is missed by its heartbeats only after 20 s: the waiting is what goes on side by side.
vi.setConfig({ maxConcurrency: 12, testTimeout: 480_000 });

const FECHA = '2026-11-30';
/** What was published for the date before, of another source: every table changes, and no task has been done. */
const BEFORE = ['exports/', ...PUBLISHED_TABLES.map(({ name }) => `${name}/`)];

const folder = await mkdtemp(join(tmpdir(), 'segmenta-killed-'));
const bucket = `segmenta-${randomUUID()}`;
const s3 = inject('s3');

let connection: Connection;
let files: TrialGround;
let before: Trial;
/** The same run, undisturbed, in a local folder. */
let undisturbed: { readonly digests: unknown; readonly published: unknown };

beforeAll(async () => {
  const address = inject('temporalAddress');
  connection = await Connection.connect({ address });
  await makeBucket();
  const options = { customers: 60, from: '2026-03-01', to: FECHA };
  await writeDemoData(join(folder, 'before'), { ...options, seed: 8 });
  await writeDemoData(join(folder, 'now'), { ...options, seed: 7 });
  files = {
    client: new Client({ connection }),
    address,
    folder,
    lakes: pathToFileURL(join(folder, 'lakes')).href,
    env: {},
    transactions: join(folder, 'now', 'transacciones-*.csv'),
  };
  before = await openTrial({ ...files, transactions: join(folder, 'before', 'transacciones-*.csv') });
  await finish(before, await before.run(FECHA));
  const trial = await openTrial(files);
  await copyLake(before.lake, trial.lake, BEFORE);
  await finish(trial, await trial.run(FECHA));
  undisturbed = { digests: await lakeDigests(trial.lake), published: await publishedState(trial.lake) };
});

afterAll(async () => {
  killWorkers();
  await connection.close();
  await rm(folder, { recursive: true, force: true });
});

function onS3(): TrialGround {
  if (s3 === null) throw new Error('Expected an S3 server');
  return {
    ...files,
    lakes: `s3://${bucket}`,
    env: {
      AWS_ENDPOINT_URL: s3.endpoint,
      AWS_REGION: s3.region,
      AWS_ACCESS_KEY_ID: s3.accessKeyId,
      AWS_SECRET_ACCESS_KEY: s3.secretAccessKey,
    },
  };
}

async function makeBucket(): Promise<void> {
  if (s3 === null) return;
  const { endpoint, region, ...credentials } = s3;
  const client = new S3Client({ endpoint, region, credentials, forcePathStyle: true });
  await client.send(new CreateBucketCommand({ Bucket: bucket }));
  client.destroy();
}

const clientes = 'clientes_segmentados';
const partition = `${clientes}/fecha_modelo=${FECHA}/`;
const commit = `${clientes}/_delta_log/`;
const csv = `exports/${clientes}/fecha_modelo=${FECHA}/${clientes}.csv`;

const task = (when: 'before' | 'after', id: string): CrashPoint => ({ kind: 'task', when, task: id });
const during = (id: string, phase: string): CrashPoint => ({ kind: 'task', when: 'during', task: id, phase });
const store = (when: 'before' | 'after', operation: 'create' | 'write' | 'remove', key: string): CrashPoint => ({
  kind: 'store',
  when,
  operation,
  key,
});

/** Where the workers of one run die, one after the other. fitClusters and buildKnnIndex come in no certain order. */
const chains: readonly (readonly CrashPoint[])[] = [
  [
    task('before', 'ingestTransactions'),
    task('after', 'buildFeatures'),
    task('before', 'fitClusters'),
    task('after', 'nameClusters'),
  ],
  [
    task('after', 'ingestTransactions'),
    task('before', 'scaleFeatures'),
    during('fitClusters', 'lloyd'),
    task('before', 'publishSegments'),
    task('after', 'publishSegments'),
  ],
  [
    task('before', 'buildFeatures'),
    task('after', 'scaleFeatures'),
    task('before', 'buildKnnIndex'),
    during('publishSegments', 'committed'),
  ],
  [
    during('ingestTransactions', 'writing transactions'),
    task('before', 'nameClusters'),
    store('before', 'remove', partition),
    store('after', 'write', csv),
  ],
  [
    task('after', 'fitClusters'),
    store('before', 'create', partition),
    store('after', 'create', partition),
    store('before', 'create', commit),
  ],
  [
    task('after', 'buildKnnIndex'),
    store('after', 'create', commit),
    store('after', 'remove', partition),
    store('before', 'write', csv),
  ],
];

/** Starts a worker that dies at the point, and waits for that. */
async function dieAt(trial: Trial, at: CrashPoint, result: Promise<unknown>): Promise<void> {
  const crash: Crash = { at, marker: join(trial.config.home, randomUUID()) };
  const doomed = trial.spawn(CRASHING_WORKER, { SEGMENTA_TEST_CRASH: JSON.stringify(crash) });
  await doomed.ready;
  const ended = result.then(() => `the run ended and the worker was not killed ${crashName(at)}`);
  expect(await Promise.race([doomed.ended, ended])).toBe('SIGKILL');
}

describe('the points where workers die', () => {
  it('are before and after every task, and in the middle of three', () => {
    const points = chains.flat().filter((at) => at.kind === 'task');
    const at = (when: string): string[] => points.filter((point) => point.when === when).map((point) => point.task);
    const tasks = segmentationDag.tasks.map(({ id }) => id).toSorted();
    expect(at('before').toSorted()).toEqual(tasks);
    expect(at('after').toSorted()).toEqual(tasks);
    expect(at('during')).toHaveLength(3);
  });
});

describe('a run that nothing disturbs', () => {
  it('adds one version to every table and leaves one file in each partition', () => {
    expect(undisturbed.published).toMatchObject(
      PUBLISHED_TABLES.map(({ name }) => ({ name, version: 1, files: [{ fecha: FECHA }] })),
    );
    const keys = Object.keys(undisturbed.digests as object);
    for (const { name } of PUBLISHED_TABLES) {
      expect(keys.filter((key) => key.startsWith(`${name}/`))).toHaveLength(1);
    }
  });
});

describe('a run whose workers are killed ends as if nothing had happened', () => {
  const lakes = [
    { where: 'in a local folder', absence: null, ground: () => files },
    { where: 'in S3', absence: inject('s3Absence'), ground: onS3 },
  ];
  for (const { where, absence, ground } of lakes) {
    for (const chain of chains) {
      it.concurrent(`${where}: ${chain.map(crashName).join(' · ')}`, async ({ skip }) => {
        skip(absence !== null, absence ?? '');
        const trial = await openTrial(ground());
        await copyLake(before.lake, trial.lake, BEFORE);
        const run = await trial.run(FECHA);
        const result = run.result();
        for (const at of chain) await dieAt(trial, at, result);

        const { made } = await finish(trial, run);

        expect(await publishedState(trial.lake)).toEqual(undisturbed.published);
        // One file a partition, the same artifacts and remembered results, and nothing else.
        expect(await lakeDigests(trial.lake)).toEqual(undisturbed.digests);
        expect(await readdir(join(trial.config.home, 'cache', 'scratch'))).toEqual([]);
        // What was finished when the worker died is not computed again.
        for (const at of chain) {
          if (at.kind === 'task' && at.when === 'after') expect(made[at.task]).toMatch(/ \(cached\)$/);
        }
      });
    }
  }
});
