import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { array, assert, asyncProperty, boolean, integer, record } from 'fast-check';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { commitKey } from '../../../lake/delta-commit.js';
import { checkpointKey, pointerKey } from '../../../lake/delta-checkpoint.js';
import { readTable } from '../../../lake/delta-log.js';
import type { TableSnapshot } from '../../../lake/delta-log.js';
import type { ObjectStore } from '../../../lake/object-store.js';
import { openStore } from '../../../lake/open-store.js';
import { readHistory } from '../../../lake/partition-history.js';
import { writeCheckpoint, writeDueCheckpoint } from '../../../lake/write-checkpoint.js';
import { FailingStore } from '../../support/failing-store.js';

const scratch = await mkdtemp(join(tmpdir(), 'segmenta-checkpoint-test-'));
afterAll(() => rm(scratch, { recursive: true, force: true }));

let store: ObjectStore;
beforeEach(() => {
  store = openStore(join(scratch, randomUUID()));
});

const fechaOf = (version: number): string => `2017-07-0${1 + (version % 7)}`;
const pathOf = (version: number): string => `fecha_modelo=${fechaOf(version)}/part-${version}.parquet`;

/** A log in which version n replaces the file of version n - 7: seven dates, again and again. */
async function writeLog(from: number, to: number, removed = Date.now()): Promise<void> {
  for (let version = from; version <= to; version += 1) {
    const partitionValues = { fecha_modelo: fechaOf(version) };
    const file = { size: 10 + version, modificationTime: 1, dataChange: true, stats: '{"numRecords":3}' };
    const lines: object[] = [{ commitInfo: { operation: 'WRITE', run: `run ${version}`, timestamp: removed } }];
    if (version === 0) {
      lines.push({ protocol: { minReaderVersion: 1, minWriterVersion: 2 } });
      lines.push({
        metaData: { id: 'x', format: { provider: 'parquet', options: {} }, configuration: {}, ...columns },
      });
    }
    if (version === 3) lines.push({ txn: { appId: 'other', version: 9 } });
    if (version >= 7) {
      lines.push({ remove: { path: pathOf(version - 7), deletionTimestamp: removed, dataChange: true } });
    }
    lines.push({
      add: { path: pathOf(version), partitionValues, ...file, tags: { sha256: `hash ${version}`, none: null } },
    });
    await store.write(commitKey('t', version), lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  }
}
const columns = { schemaString: '{"fields":[]}', partitionColumns: ['fecha_modelo'], createdTime: 1 };

/** The snapshot by the commits alone. */
async function byCommits(): Promise<TableSnapshot> {
  const bare = openStore(join(scratch, randomUUID()));
  for await (const { key } of store.list('t/_delta_log/')) {
    if (key.endsWith('.json')) await bare.write(key, await store.read(key));
  }
  return readTable(bare, 't');
}

const readsOf = (counted: FailingStore): string[] =>
  counted.operations.filter((operation) => operation.startsWith('read'));

describe('a checkpoint', () => {
  it('says what the commits say: files with their versions and tags, what was removed, schema and protocol', async () => {
    await writeLog(0, 20);
    expect(await writeCheckpoint(store, 't', 10)).toBe(true);
    expect(await writeCheckpoint(store, 't', 20)).toBe(true);
    const counted = new FailingStore(store);
    expect(await readTable(counted, 't')).toEqual(await byCommits());
    expect(readsOf(counted)).toEqual([`read ${pointerKey('t')}`, `read ${checkpointKey('t', 20)}`]);
  });

  it('is where a reader starts: it reads the commits after it, as many for version 25 as for version 1,005', async () => {
    await writeLog(0, 25);
    await writeCheckpoint(store, 't', 20);
    const counted = new FailingStore(store);
    expect(await readTable(counted, 't')).toEqual(await byCommits());
    expect(readsOf(counted)).toHaveLength(2 + 5);
  });

  it('forgets files that were removed more than a week ago', async () => {
    await writeLog(0, 10, Date.now() - 8 * 86_400_000);
    await writeLog(11, 12);
    await writeCheckpoint(store, 't', 12);
    const { files, replaced } = await readTable(store, 't');
    expect(files).toHaveLength(7);
    expect([...replaced].toSorted()).toEqual([pathOf(4), pathOf(5)].toSorted());
  });

  it('is written beside every tenth commit, and a store that fails on it fails no publish', async () => {
    await writeLog(0, 20);
    await writeDueCheckpoint(store, 't', 19);
    expect(await store.head(pointerKey('t'))).toBeUndefined();
    for (const at of [1, 5, 22, 23, 24, 25, 26]) {
      await writeDueCheckpoint(new FailingStore(store, at, 'after'), 't', 20);
      expect(await readTable(store, 't'), `died at operation ${at}`).toEqual(await byCommits());
    }
    await writeDueCheckpoint(store, 't', 20);
    expect(await store.head(pointerKey('t'))).toBeDefined();
  });

  it('leaves history alone: it reads every commit', async () => {
    await writeLog(0, 20);
    await writeCheckpoint(store, 't', 20);
    expect((await readHistory(store, 't')).partitions.get(fechaOf(0))?.map(({ version }) => version)).toEqual([
      0, 7, 14,
    ]);
  });

  it('is not written of a table that needs what is not written here', async () => {
    await writeLog(0, 1);
    await store.write(commitKey('t', 2), '{"protocol":{"minReaderVersion":1,"minWriterVersion":7}}\n');
    expect(await writeCheckpoint(store, 't', 2)).toBe(false);
    expect(await store.head(pointerKey('t'))).toBeUndefined();
  });

  it('of another program, which says less of the files, is passed over while the commits are there', async () => {
    await writeLog(0, 4);
    await writeCheckpoint(store, 't', 4);
    const ours = await readTable(store, 't');
    // As another program would write it: without the tags.
    const other = openStore(join(scratch, randomUUID()));
    for await (const { key } of store.list('t/')) {
      if (!key.endsWith('.json')) continue;
      const text = Buffer.from(await store.read(key)).toString();
      await other.write(key, text.replaceAll(/"tags":\{[^}]*\}/g, '"tags":null'));
    }
    await writeCheckpoint(other, 't', 4);
    await store.write(checkpointKey('t', 4), (await withoutVersions(other)) ?? '');
    expect(await readTable(store, 't')).toEqual(ours);
  });
});

/** The checkpoint of version 4 without what our own say beyond others. */
async function withoutVersions(from: ObjectStore): Promise<Uint8Array | undefined> {
  const { DuckDb } = await import('../../../lake/duckdb.js');
  const db = await DuckDb.open({ threads: 1, memoryLimit: '1GB', spillFolder: scratch, timeZone: 'UTC' });
  const [given, made] = [from.localPath(checkpointKey('t', 4)) ?? '', join(scratch, `${randomUUID()}.parquet`)];
  await db.run(
    `COPY (SELECT * REPLACE (CASE WHEN add IS NOT NULL THEN struct_update(add, tags := NULL::MAP(VARCHAR, VARCHAR)) END AS add)
      FROM read_parquet('${given}')) TO '${made}' (FORMAT parquet)`,
  );
  await db.close();
  await from.write('made', { path: made });
  return from.read('made');
}

describe('a log with checkpoints in any state', () => {
  it('reads as its commits say', async () => {
    const damage = record({ at: integer({ min: 1, max: 45 }), torn: boolean(), pointed: boolean() });
    await assert(
      asyncProperty(integer({ min: 0, max: 45 }), array(damage, { maxLength: 4 }), async (newest, checkpoints) => {
        store = openStore(join(scratch, randomUUID()));
        await writeLog(0, newest);
        for (const { at, torn, pointed } of checkpoints.filter(({ at }) => at <= newest)) {
          await writeCheckpoint(store, 't', at);
          if (torn)
            await store.write(checkpointKey('t', at), (await store.read(checkpointKey('t', at))).subarray(0, 99));
          if (pointed) await store.write(pointerKey('t'), JSON.stringify({ version: at }));
          else await store.write(pointerKey('t'), '{"vers');
        }
        expect(await readTable(store, 't')).toEqual(await byCommits());
      }),
      { numRuns: 10 },
    );
  });
});
