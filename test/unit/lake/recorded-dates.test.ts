import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { MANUAL } from '../../../dag/run-origin.js';
import { recordFolder } from '../../../dag/run-record.js';
import type { RunRecord } from '../../../dag/run-record.js';
import type { ObjectStore } from '../../../lake/object-store.js';
import { openStore } from '../../../lake/open-store.js';
import { recordedDate } from '../../../lake/recorded-dates.js';
import { writeRunRecord, writeTaskRecord } from '../../../lake/run-records.js';

const scratch = await mkdtemp(join(tmpdir(), 'segmenta-recorded-'));
afterAll(() => rm(scratch, { recursive: true, force: true }));

const FECHA = '2017-07-03';
let store: ObjectStore;
let clock = 0;
beforeEach(() => {
  store = openStore(join(scratch, randomUUID()));
});

/** Each one's records are a minute newer than those of the one before. */
async function touch(key: string): Promise<void> {
  clock += 60;
  await utimes(store.localPath(key) ?? '', clock, clock);
}

async function ran(outcome: RunRecord['outcome'], excluded: readonly string[] = []): Promise<void> {
  const runId = randomUUID();
  const folder = recordFolder('shop', FECHA, runId);
  const at = new Date(0).toISOString();
  await writeRunRecord(store, folder, {
    dag: 'shop',
    fecha: FECHA,
    run: `shop/${FECHA}`,
    runId,
    outcome,
    startedAt: at,
    endedAt: at,
    params: {},
    plan: { tasks: {}, hold: false },
    origin: MANUAL,
    tasks: { excluded },
    errors: {},
    checks: {},
    audit: [],
  });
  await touch(`${folder}/run.json`);
}

async function wasKilled(): Promise<void> {
  const folder = recordFolder('shop', FECHA, randomUUID());
  const task = { task: 'read', output: 1, cached: false, attempts: 1, startedAt: '', endedAt: '' };
  await writeTaskRecord(store, folder, task);
  await touch(`${folder}/tasks/read.json`);
}

const recorded = async () => recordedDate(store, 'shop', FECHA, ['read', 'sum']);

describe('what is on record of a date', () => {
  it('is nothing before its first run', async () => {
    expect(await recorded()).toEqual({ succeeded: false, failed: false });
  });

  it('is a success for good, and a failure until a newer run succeeds', async () => {
    await ran('failed');
    expect(await recorded()).toEqual({ succeeded: false, failed: true });
    await ran('success');
    expect(await recorded()).toEqual({ succeeded: true, failed: false });
    await ran('cancelled');
    expect(await recorded()).toEqual({ succeeded: true, failed: true });
  });

  it('is a failure where the newest run left no record of its end', async () => {
    await ran('success');
    await wasKilled();
    expect(await recorded()).toEqual({ succeeded: true, failed: true });
  });

  it('is no success of a run that left out a task that is to run', async () => {
    await ran('success', ['other']);
    await ran('success', ['sum']);
    expect(await recorded()).toEqual({ succeeded: true, failed: false });
    expect(await recordedDate(store, 'shop', FECHA, ['other', 'sum'])).toEqual({ succeeded: false, failed: false });
  });
});
