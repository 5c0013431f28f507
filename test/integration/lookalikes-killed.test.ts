import { randomUUID } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Client, Connection } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import { stringify } from 'yaml';
import { AUDIENCE_TABLES } from '../../lake/audience-tables.js';
import { CLIENTES_ATRIBUTOS, CLIENTES_LIMPIOS, CLIENTES_PCA } from '../../lake/lookalike-tables.js';
import { lookalikesDag } from '../../workflows/lookalikes-dag.js';
import type { Crash, CrashPoint } from '../support/crash.js';
import { crashName } from '../support/crash.js';
import { demoSource, FRECUENTES, PARECIDOS, writeSmallTable } from '../support/lookalikes-ground.js';
import { CRASHING_WORKER, killWorkers } from '../support/spawn-worker.js';
import { finish } from '../support/finish-trial.js';
import { lakeDigests, openTrial, publishedState } from '../support/trial.js';
import type { TrialGround } from '../support/trial.js';

// What is killed is missed by its heartbeats only after 20 s: the waiting is what goes on side by side.
vi.setConfig({ maxConcurrency: 4, testTimeout: 480_000, hookTimeout: 240_000 });

const FECHA = '2026-11-16';
const TABLES = [CLIENTES_LIMPIOS, CLIENTES_ATRIBUTOS, CLIENTES_PCA, ...AUDIENCE_TABLES];

const folder = await mkdtemp(join(tmpdir(), 'segmenta-lookalikes-killed-'));
let connection: Connection;
let ground: TrialGround;
/** The same run, undisturbed. */
let undisturbed: { readonly digests: { readonly [key: string]: string }; readonly published: unknown };

beforeAll(async () => {
  const address = inject('temporalAddress');
  connection = await Connection.connect({ address });
  const { xlsxFile } = await writeSmallTable(folder, 200);
  const sources = { clientes: await demoSource(xlsxFile) };
  const dags = { lookalikes: { audiences: [PARECIDOS, FRECUENTES] } };
  ground = {
    client: new Client({ connection }),
    address,
    folder,
    lakes: pathToFileURL(join(folder, 'lakes')).href,
    env: {},
    transactions: '',
    configuration: stringify({ sources, dags }),
  };
  const trial = await openTrial(ground);
  await finish(trial, await trial.runOf(lookalikesDag, FECHA));
  undisturbed = { digests: await lakeDigests(trial.lake), published: await publishedState(trial.lake, TABLES) };
});

afterAll(async () => {
  killWorkers();
  await connection.close();
  await rm(folder, { recursive: true, force: true });
});

const task = (when: 'before' | 'after', id: string): CrashPoint => ({ kind: 'task', when, task: id });
const store = (when: 'before' | 'after', operation: 'create' | 'write', key: string): CrashPoint => ({
  kind: 'store',
  when,
  operation,
  key,
});

/** Where the workers of one run die, one after the other. */
const chains: readonly (readonly CrashPoint[])[] = [
  [
    task('before', 'ingestCustomers'),
    task('after', 'cleanCustomers'),
    { kind: 'task', when: 'during', task: 'publishCustomers', phase: 'committed' },
    { kind: 'task', when: 'during', task: 'publishAudiences', phase: 'committed' },
  ],
  [
    task('after', 'encodeCustomers'),
    store('before', 'create', 'clientes_limpios/_delta_log/'),
    store('after', 'create', 'clientes_limpios/_delta_log/'),
    task('after', 'publishCustomers'),
  ],
  [
    task('before', 'plotCustomers'),
    store('after', 'create', 'audiencias/_delta_log/'),
    store('before', 'create', 'exports/lookalikes/'),
  ],
  [
    task('after', 'buildAudience#0'),
    task('after', 'plotAudiences'),
    store('before', 'create', 'audiencias_resumen/_delta_log/'),
    task('after', 'publishAudiences'),
  ],
];

describe('a run of lookalikes that nothing disturbs', () => {
  it('adds one version to every table and leaves one file in each partition', () => {
    expect(undisturbed.published).toMatchObject(
      TABLES.map(({ name }) => ({ name, version: 0, files: [{ fecha: FECHA }] })),
    );
    const keys = Object.keys(undisturbed.digests);
    for (const { name } of TABLES) expect(keys.filter((key) => key.startsWith(`${name}/`))).toHaveLength(1);
    const beside = keys.filter((key) => key.startsWith('exports/lookalikes/')).map((key) => key.split('/').at(-1));
    expect(beside).toEqual(
      expect.arrayContaining(['cleaning_report.json', 'income.svg', 'pca.svg', 'pca-parecidos.svg']),
    );
  });
});

describe('a run of lookalikes whose workers are killed ends as if nothing had happened', () => {
  for (const chain of chains) {
    it.concurrent(chain.map(crashName).join(' · '), async () => {
      const trial = await openTrial(ground);
      const run = await trial.runOf(lookalikesDag, FECHA);
      const result = run.result();
      for (const at of chain) {
        const crash: Crash = { at, marker: join(trial.config.home, randomUUID()) };
        const doomed = trial.spawn(CRASHING_WORKER, { SEGMENTA_TEST_CRASH: JSON.stringify(crash) });
        await doomed.ready;
        const ended = result.then(() => `the run ended and the worker was not killed ${crashName(at)}`);
        expect(await Promise.race([doomed.ended, ended])).toBe('SIGKILL');
      }
      await finish(trial, run);
      expect(await publishedState(trial.lake, TABLES)).toEqual(undisturbed.published);
      // One file a partition, the same artifacts and remembered results, and nothing else.
      expect(await lakeDigests(trial.lake)).toEqual(undisturbed.digests);
      expect(await readdir(join(trial.config.home, 'cache', 'scratch'))).toEqual([]);
    });
  }
});
