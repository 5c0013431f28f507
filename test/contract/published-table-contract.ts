import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { isPermanent } from '../../dag/permanent-error.js';
import { TableSchemaMismatch } from '../../lake/check-table.js';
import { commitKey, UnsupportedTable } from '../../lake/delta-commit.js';
import { readTable } from '../../lake/delta-log.js';
import { schemaString } from '../../lake/delta-schema.js';
import type { ObjectStore } from '../../lake/object-store.js';
import { publishPartition } from '../../lake/publish-partition.js';
import type { Partition } from '../../lake/publish-partition.js';
import { PublishConflict } from '../../lake/replace-partition.js';
import { FailingStore, StoreDied } from '../support/failing-store.js';
import type { Moment } from '../support/failing-store.js';
import { gateAfterReading } from '../support/gate-store.js';
import {
  actions,
  commit,
  contentOf,
  DATE,
  expectNoLitter,
  FOLDER,
  keysUnder,
  listing,
  TABLE,
  versionsOf,
} from '../support/table-objects.js';

/** What publishing keeps on every object store. `open` gives a store that holds nothing, another one at each call. */
export function publishedTableContract(name: string, open: () => Promise<ObjectStore>): void {
  describe(`a published table on ${name}`, () => {
    let scratch: string;
    let store: ObjectStore;

    beforeAll(async () => {
      scratch = await mkdtemp(join(tmpdir(), 'segmenta-published-'));
    });
    afterAll(() => rm(scratch, { recursive: true, force: true }));
    beforeEach(async () => {
      store = await open();
    });

    // Publishing looks at a file's bytes only, never into them.
    const partition = async (content: string, other: Partial<Partition> = {}): Promise<Partition> => {
      const file = join(scratch, `${Buffer.from(content).toString('hex')}.parquet`);
      await writeFile(file, content);
      return { table: TABLE, fecha: DATE, file, rows: content.length, tags: {}, run: `run of ${content}`, ...other };
    };
    const publish = async (content: string, other: Partial<Partition> = {}, into = store) =>
      publishPartition(into, await partition(content, other));

    it('does not exist before the first publish', async () => {
      expect(await readTable(store, 'tabla')).toMatchObject({ version: -1, files: [] });
    });

    it('has one file after the first publish, with what the commit says of it', async () => {
      const published = await publish('A', { tags: { knnIndex: 'index of A' } });
      expect(published).toEqual({
        table: 'tabla',
        fecha: DATE,
        version: 0,
        path: expect.stringMatching(/^tabla\/fecha_modelo=2017-07-03\/part-[0-9a-f]{32}\.parquet$/),
        rows: 1,
        unchanged: false,
      });
      const { version, files } = await readTable(store, 'tabla');
      expect(version).toBe(0);
      expect(files).toEqual([
        {
          path: published.path.slice('tabla/'.length),
          fecha: DATE,
          bytes: 1,
          rows: 1,
          version: 0,
          tags: { knnIndex: 'index of A', run: 'run of A', sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
        },
      ]);
      await expectNoLitter(store);
    });

    it('changes no object when the same content is published again, by whatever run', async () => {
      const first = await publish('A', { tags: { a: '1', b: '2' } });
      const before = await listing(store);
      const again = await publish('A', { tags: { b: '2', a: '1' }, run: 'another run' });
      expect(again).toEqual({ ...first, unchanged: true });
      expect(await listing(store)).toEqual(before);
    });

    it('replaces a partition in one commit and removes the old file right after it', async () => {
      const old = await publish('A');
      const other = await publish('other date', { fecha: '2017-07-10' });
      const fresh = await publish('BB');
      expect(fresh).toMatchObject({ version: 2, unchanged: false, rows: 2 });
      const lines = await commit(store, 2);
      expect(actions(lines, 'add')).toHaveLength(1);
      expect(actions(lines, 'remove')).toMatchObject([{ path: old.path.slice('tabla/'.length) }]);
      expect(await contentOf(store)).toEqual(['BB']);
      expect(await keysUnder(store, 'tabla/fecha_modelo=')).toEqual([fresh.path, other.path]);
    });

    it('brings an earlier content back under a name of its own', async () => {
      const first = await publish('A');
      await publish('B');
      const back = await publish('A');
      expect(back).toMatchObject({ version: 2, unchanged: false });
      expect(back.path).not.toBe(first.path);
      expect(await contentOf(store)).toEqual(['A']);
      expect(await publish('A')).toMatchObject({ version: 2, unchanged: true });
      await expectNoLitter(store);
    });

    it('takes another value of a tag for another version', async () => {
      await publish('A', { tags: { knnIndex: 'one' } });
      expect(await publish('A', { tags: { knnIndex: 'two' } })).toMatchObject({ version: 1, unchanged: false });
      expect((await readTable(store, 'tabla')).files).toMatchObject([{ tags: { knnIndex: 'two' } }]);
      await expectNoLitter(store);
    });

    it('writes commits of the Delta protocol', async () => {
      const first = await publish('A', { tags: { knnIndex: 'index' } });
      await publish('BB');
      const [creation, replacement] = [await commit(store, 0), await commit(store, 1)];
      const date = { fecha_modelo: DATE };
      expect(creation.map((line) => Object.keys(line))).toEqual([['commitInfo'], ['protocol'], ['metaData'], ['add']]);
      expect(actions(creation, 'protocol')).toEqual([{ minReaderVersion: 1, minWriterVersion: 2 }]);
      expect(actions(creation, 'metaData')).toEqual([
        {
          id: expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/),
          name: 'tabla',
          description: TABLE.description,
          format: { provider: 'parquet', options: {} },
          schemaString: schemaString(TABLE),
          partitionColumns: ['fecha_modelo'],
          configuration: {},
          createdTime: expect.any(Number),
        },
      ]);
      expect(actions(creation, 'add')).toEqual([
        {
          path: first.path.slice('tabla/'.length),
          partitionValues: date,
          size: 1,
          modificationTime: expect.any(Number),
          dataChange: true,
          stats: '{"numRecords":1}',
          tags: { knnIndex: 'index', sha256: expect.any(String), run: 'run of A' },
        },
      ]);
      expect(replacement.map((line) => Object.keys(line))).toEqual([['commitInfo'], ['remove'], ['add']]);
      expect(actions(replacement, 'remove')).toEqual([
        {
          path: first.path.slice('tabla/'.length),
          deletionTimestamp: expect.any(Number),
          dataChange: true,
          extendedFileMetadata: true,
          partitionValues: date,
          size: 1,
        },
      ]);
      expect(actions(replacement, 'commitInfo')).toMatchObject([{ operation: 'WRITE', timestamp: expect.any(Number) }]);
    });

    it('lands 20 dates at once, each with its content, in a log without gaps', async () => {
      const dates = Array.from({ length: 20 }, (_, i) => `2017-08-${String(i + 1).padStart(2, '0')}`);
      const published = await Promise.all(dates.map((fecha) => publish(`content of ${fecha}`, { fecha })));
      expect(published.map(({ version }) => version).toSorted((a, b) => a - b)).toEqual(dates.map((_, i) => i));
      expect(await versionsOf(store)).toEqual(dates.map((_, i) => i));
      const creations = await Promise.all(
        dates.map(async (_, i) => actions(await commit(store, i), 'metaData').length),
      );
      expect(creations).toEqual(dates.map((_, i) => (i === 0 ? 1 : 0)));
      for (const fecha of dates) expect(await contentOf(store, fecha)).toEqual([`content of ${fecha}`]);
      await expectNoLitter(store);
    });

    it.each(['a date that is new', 'a date that was published before'])(
      'lets exactly one of several contents at once win %s, and tells the others who',
      async (which) => {
        if (which.endsWith('before')) await publish('old');
        const { version } = await readTable(store, 'tabla');
        const runs = ['one', 'two', 'three', 'four'];
        const parts = await Promise.all(runs.map((run) => partition(`content of ${run}`, { run })));
        // All see the same table: each reads the log before any goes on to commit.
        const gate = gateAfterReading(runs.length, version);
        const settled = await Promise.allSettled(parts.map((part) => publishPartition(gate(store), part)));
        const winners = runs.filter((_, i) => settled[i]?.status === 'fulfilled');
        expect(winners).toHaveLength(1);
        for (const outcome of settled) {
          if (outcome.status === 'fulfilled') continue;
          expect(outcome.reason).toBeInstanceOf(PublishConflict);
          expect(isPermanent(outcome.reason)).toBe(true);
          expect(String(outcome.reason)).toContain(`; ${winners[0]} was first, with version ${version + 1}.`);
        }
        expect((await readTable(store, 'tabla')).version).toBe(version + 1);
        expect(await contentOf(store)).toEqual([`content of ${winners[0]}`]);
        await expectNoLitter(store);
      },
    );

    it('adds one version where several publish the same content of a date at once', async () => {
      await publish('old');
      const same = await partition('same');
      const runs = ['one', 'two', 'three', 'four'];
      const gate = gateAfterReading(runs.length, 0);
      const published = await Promise.all(runs.map((run) => publishPartition(gate(store), { ...same, run })));
      expect(published.map(({ version }) => version)).toEqual([1, 1, 1, 1]);
      expect(published.filter(({ unchanged }) => !unchanged)).toHaveLength(1);
      expect(await contentOf(store)).toEqual(['same']);
      await expectNoLitter(store);
    });

    it('never shows a reader of the log a date without its file, while it is replaced again and again', async () => {
      await publish('content 0');
      const state = { publishing: true };
      const publishing = (async () => {
        for (let i = 1; i <= 10; i++) await publish(`content ${i}`);
      })().finally(() => {
        state.publishing = false;
      });
      const counts: number[] = [];
      while (state.publishing) counts.push((await readTable(store, 'tabla')).files.length);
      await publishing;
      expect(counts.length).toBeGreaterThan(0);
      expect(new Set(counts)).toEqual(new Set([1]));
    });

    describe('where the publisher dies', () => {
      const operations = async (): Promise<string[]> => {
        const watched = new FailingStore(await replaceable());
        await publish('new', {}, watched);
        return watched.operations;
      };
      /** A table with two dates, so that a publish reads, creates, commits and removes. */
      const replaceable = async (): Promise<ObjectStore> => {
        const fresh = await open();
        await publish('old', {}, fresh);
        await publish('other', { fecha: '2017-07-10' }, fresh);
        return fresh;
      };
      const die = async (into: ObjectStore, at: number, moment: Moment, content = 'new'): Promise<void> => {
        const dying = publish(content, {}, new FailingStore(into, at, moment));
        await expect(dying).rejects.toBeInstanceOf(StoreDied);
      };

      it('at any operation, a retry ends with one version, the right content and nothing else in the folder', async () => {
        const done = await operations();
        expect(done.map((operation) => operation.split(' ')[0])).toEqual(
          expect.arrayContaining(['list', 'read', 'create', 'remove']),
        );
        for (const moment of ['before', 'after'] as const) {
          for (let at = 1; at <= done.length; at++) {
            const fresh = await replaceable();
            await die(fresh, at, moment);
            const retried = await publish('new', {}, fresh);
            const where = `died ${moment} ${done[at - 1]}`;
            expect([retried.version, await versionsOf(fresh)], where).toEqual([2, [0, 1, 2]]);
            expect(await contentOf(fresh), where).toEqual(['new']);
            expect(await keysUnder(fresh, FOLDER), where).toEqual([retried.path]);
          }
        }
      });

      it('at the first publish of all, a retry ends the same way', async () => {
        const watched = new FailingStore(await open());
        await publish('new', {}, watched);
        for (const moment of ['before', 'after'] as const) {
          for (let at = 1; at <= watched.operations.length; at++) {
            const fresh = await open();
            await die(fresh, at, moment);
            const retried = await publish('new', {}, fresh);
            const where = `died ${moment} ${watched.operations[at - 1]}`;
            expect(retried.version, where).toBe(0);
            expect(await keysUnder(fresh, ''), where).toEqual([commitKey('tabla', 0), retried.path]);
          }
        }
      });

      it('for good, another content published later removes what it left', async () => {
        const count = (await operations()).length;
        for (let at = 1; at <= count; at++) {
          const fresh = await replaceable();
          await die(fresh, at, 'after');
          const later = await publish('later', {}, fresh);
          expect(await contentOf(fresh)).toEqual(['later']);
          expect(await keysUnder(fresh, FOLDER)).toEqual([later.path]);
        }
      });

      it('for good before its commit, readers of the log never see its file, which goes with the next commit', async () => {
        store = await replaceable();
        const upload = (await operations()).findIndex((operation) => operation.startsWith(`create ${FOLDER}`)) + 1;
        await die(store, upload, 'after');
        expect(await contentOf(store)).toEqual(['old']);
        // Nothing tells it from the file of a publisher that is still at work.
        expect(await publish('old')).toMatchObject({ version: 0, unchanged: true });
        expect(await keysUnder(store, FOLDER)).toHaveLength(2);
        await publish('later');
        await expectNoLitter(store);
      });
    });

    it('replaces a damaged leftover under the name of the file', async () => {
      const watched = new FailingStore(await open());
      const { path } = await publish('A', {}, watched);
      await store.write(path, 'half of');
      expect(await publish('A')).toMatchObject({ version: 0, path });
      expect(await contentOf(store)).toEqual(['A']);
    });

    it('puts a published file back that somebody removed or cut', async () => {
      const { path } = await publish('content');
      await store.remove(path);
      expect(await publish('content')).toMatchObject({ version: 0, unchanged: true });
      expect(await contentOf(store)).toEqual(['content']);
      await store.write(path, 'cont');
      await publish('content');
      expect(await contentOf(store)).toEqual(['content']);
      expect(await versionsOf(store)).toEqual([0]);
    });

    it('leaves files of other programs in the folder alone, unless its log says they are replaced', async () => {
      await publish('A');
      await store.write(`${FOLDER}part-00000-other.snappy.parquet`, 'of another program, about to commit it');
      const { path } = await publish('B');
      expect(await keysUnder(store, FOLDER)).toEqual([`${FOLDER}part-00000-other.snappy.parquet`, path]);
    });

    it('refuses another schema, and leaves the table as it is', async () => {
      await publish('A');
      const before = await listing(store);
      const columns = [...TABLE.columns, { name: 'motivo', type: 'string' } as const];
      const failing = publish('B', { table: { ...TABLE, columns } });
      await expect(failing).rejects.toBeInstanceOf(TableSchemaMismatch);
      await expect(failing).rejects.toThrow('motivo string');
      expect(isPermanent(await failing.catch((error: unknown) => error))).toBe(true);
      expect(await listing(store)).toEqual(before);
    });

    it('takes a schema that another program wrote down in another way for the same', async () => {
      await publish('A');
      const metaData = {
        id: 'x',
        format: { provider: 'parquet', options: {} },
        schemaString: JSON.stringify({
          fields: TABLE.columns.map(({ name, type }) => ({ type, nullable: true, name, metadata: {} })),
          type: 'struct',
        }),
        partitionColumns: ['fecha_modelo'],
        configuration: { 'delta.logRetentionDuration': 'interval 30 days' },
      };
      await store.create(commitKey('tabla', 1), `${JSON.stringify({ metaData })}\n`);
      expect(await publish('B')).toMatchObject({ version: 2 });
    });

    it('refuses to commit to a table that asks for more than it writes, or is partitioned otherwise', async () => {
      await publish('A');
      const protocol = { minReaderVersion: 1, minWriterVersion: 4 };
      await store.create(commitKey('tabla', 1), `${JSON.stringify({ protocol })}\n`);
      const failure = publish('B');
      await expect(failure).rejects.toBeInstanceOf(UnsupportedTable);
      await expect(failure).rejects.toThrow('got 4');
      expect(await contentOf(store)).toEqual(['A']);
      const metaData = { schemaString: schemaString(TABLE), partitionColumns: [] };
      const back = { minReaderVersion: 1, minWriterVersion: 2 };
      const lines = [{ protocol: back }, { metaData }].map((action) => `${JSON.stringify(action)}\n`).join('');
      await store.create(commitKey('tabla', 2), lines);
      await expect(publish('B')).rejects.toBeInstanceOf(TableSchemaMismatch);
    });

    it('reads a log of more than 1000 commits, and from any earlier snapshot on', async () => {
      await publish('A');
      const early = await readTable(store, 'tabla');
      const last = 1050;
      const dates = Array.from({ length: last }, (_, i) => `date ${i % 7}`);
      const body = (i: number): string => {
        const add = { path: `${dates[i]}/${i}`, size: 1, partitionValues: { fecha_modelo: dates[i] } };
        const remove = i < 7 ? [] : [{ remove: { path: `${dates[i]}/${i - 7}` } }];
        return [...remove, { add }].map((action) => `${JSON.stringify(action)}\n`).join('');
      };
      for (let i = 0; i < last; i += 50) {
        await Promise.all(
          dates.slice(i, i + 50).map((_, j) => store.create(commitKey('tabla', i + j + 1), body(i + j))),
        );
      }
      const late = await readTable(store, 'tabla');
      expect(late.version).toBe(last);
      expect(late.files.map(({ path }) => path)).toEqual([
        expect.stringContaining('part-'),
        ...Array.from({ length: 7 }, (_, date) => `date ${date}/${last - 7 + date}`),
      ]);
      expect(late.replaced.size).toBe(last - 7);
      expect(await readTable(store, 'tabla', early)).toEqual(late);
      expect(await publish('B')).toMatchObject({ version: last + 1 });
    });
  });
}
