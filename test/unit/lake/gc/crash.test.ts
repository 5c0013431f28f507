import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { Artifact } from '../../../../dag/artifact.js';
import { putArtifact } from '../../../../lake/artifact-store.js';
import { collectGarbage } from '../../../../lake/gc/collect-garbage.js';
import { GcBusy, takeLease } from '../../../../lake/gc/gc-lease.js';
import { BeingRemoved, keepReferenced, lastSighting } from '../../../../lake/keep-objects.js';
import { verdictKey } from '../../../../lake/condemned.js';
import { writeTaskRecord } from '../../../../lake/run-records.js';
import { FailingStore, StoreDied } from '../../../support/failing-store.js';
import type { Moment } from '../../../support/failing-store.js';
import { MemoryLake, MemoryStore } from '../../../support/memory-store.js';

const scratch = await mkdtemp(join(tmpdir(), 'segmenta-gc-crash-'));
afterAll(() => rm(scratch, { recursive: true, force: true }));

const GC = { tables: [], runsMs: 1_000_000_000, graceMs: 0 };
const HOUR = 3_600_000;

const make = async (store: MemoryStore, content: string): Promise<Artifact> => {
  const file = join(scratch, `${content}.txt`);
  await writeFile(file, content);
  return putArtifact(store, 'thing', file, { rows: 1, schema: [] });
};
const record = async (store: MemoryStore, output: unknown): Promise<void> => {
  const [startedAt, endedAt] = ['2026-01-01T00:00:00Z', '2026-01-01T00:00:00Z'];
  await writeTaskRecord(store, 'runs/dag/2026-01-01/1', {
    task: 't',
    output,
    cached: true,
    attempts: 1,
    startedAt,
    endedAt,
  });
};
const things = ({ objects }: MemoryLake): readonly string[] =>
  [...objects.keys()].filter((key) => key.startsWith('artifacts/'));

describe('a gc that dies', () => {
  it.each(['before', 'after'] as const)(
    '%s any of its operations took effect is ended by the next one',
    async (moment: Moment) => {
      for (let at = 1; ; at += 1) {
        const lake = new MemoryLake();
        const store = new MemoryStore(lake);
        const used = await make(store, 'used');
        for (const content of ['a', 'b', 'c']) await make(store, content);
        await record(store, used);
        await collectGarbage(store, GC);
        const dying = new FailingStore(store, at, moment);
        const died = await collectGarbage(dying, GC).then(
          () => false,
          (error: unknown) => error instanceof StoreDied,
        );
        if (!died && dying.operations.length < at) return;
        lake.now += HOUR;
        await collectGarbage(store, GC);
        await collectGarbage(store, GC);
        expect(things(lake), `died at ${dying.operations[at - 1]}`).toEqual([used.uri]);
      }
    },
  );

  it('is waited for as long as it may be alive, and a run is told so', async () => {
    const lake = new MemoryLake();
    const store = new MemoryStore(lake);
    const made = await make(store, 'made');
    const { condemned } = await collectGarbage(store, GC);
    expect(condemned).toHaveLength(1);
    await takeLease(store);
    const { id } = JSON.parse(lake.text('gc/condemned.json') ?? '') as { readonly id: string };
    await store.create(verdictKey(id, 0), JSON.stringify({ verdict: 'remove', by: 'gc that died' }));
    const sighting = await lastSighting(store);
    await record(store, { made });
    const error = await keepReferenced(store, { made }, sighting).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(BeingRemoved);
    expect(String(error)).toContain('gc that died');
    await expect(collectGarbage(store, GC)).rejects.toThrow(GcBusy);
    lake.now += HOUR;
    await collectGarbage(store, GC);
    await keepReferenced(store, { made }, sighting);
    expect(things(lake)).toEqual([made.uri]);
  });
});

describe('the lease', () => {
  it('is for one at a time, and free again when it is released or has run out by the store’s clock', async () => {
    const lake = new MemoryLake();
    const store = new MemoryStore(lake);
    const first = await takeLease(store);
    await expect(takeLease(store)).rejects.toThrow(first.holder);
    first.check();
    await first.release();
    const second = await takeLease(store);
    lake.now += 599_000;
    await expect(takeLease(store)).rejects.toThrow(GcBusy);
    lake.now += 2_000;
    const third = await takeLease(store);
    third.check();
    await second.release();
    await expect(takeLease(store)).rejects.toThrow(GcBusy);
    await third.release();
  });

  it('is lost by who was held up: nothing more is removed', async () => {
    const store = new MemoryStore(new MemoryLake());
    const lease = await takeLease(store, 1);
    const began = performance.now();
    while (performance.now() - began < 5);
    expect(() => lease.check()).toThrow('was not renewed in time');
    await lease.release();
  });
});
