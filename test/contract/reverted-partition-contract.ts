import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { isPermanent } from '../../dag/permanent-error.js';
import { putArtifact } from '../../lake/artifact-store.js';
import { commitKey } from '../../lake/delta-commit.js';
import { readTable } from '../../lake/delta-log.js';
import { ContentGone } from '../../lake/kept-content.js';
import type { ObjectStore } from '../../lake/object-store.js';
import { readHistory } from '../../lake/partition-history.js';
import { NothingToRevert, planRevert } from '../../lake/plan-revert.js';
import type { RevertPlan } from '../../lake/plan-revert.js';
import { publishPartition } from '../../lake/publish-partition.js';
import type { Partition } from '../../lake/publish-partition.js';
import { PublishConflict } from '../../lake/replace-partition.js';
import { revertPartition } from '../../lake/revert-partition.js';
import type { Revert, Reverted } from '../../lake/revert-partition.js';
import { FailingStore, StoreDied } from '../support/failing-store.js';
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

const OTHER_DATE = '2017-07-10';

/** What putting a partition back keeps on every object store. `open` gives a store that holds nothing, another each time. */
export function revertedPartitionContract(name: string, open: () => Promise<ObjectStore>): void {
  describe(`a reverted partition on ${name}`, () => {
    let scratch: string;
    let store: ObjectStore;
    let by: Revert;

    beforeAll(async () => {
      scratch = await mkdtemp(join(tmpdir(), 'segmenta-reverted-'));
      by = { by: 'ana', why: 'wrong k', run: 'revert/ana/1', cacheFolder: join(scratch, 'cache') };
    });
    afterAll(() => rm(scratch, { recursive: true, force: true }));
    beforeEach(async () => {
      store = await open();
    });

    /** As a run does: the content is an artifact of the table's name before it is published. */
    const publish = async (content: string, other: Partial<Partition> = {}, into = store) => {
      const file = join(scratch, `${Buffer.from(content).toString('hex')}.parquet`);
      await writeFile(file, content);
      const { table } = { table: TABLE, ...other };
      const { uri } = await putArtifact(into, table.name, file, { rows: content.length, schema: [] });
      const facts = { table, fecha: DATE, file, rows: content.length, tags: {}, run: `run of ${content}` };
      return { ...(await publishPartition(into, { ...facts, ...other })), uri };
    };
    const plan = async (toVersion?: number, into = store): Promise<RevertPlan> => {
      const request = { tables: [TABLE], fecha: DATE, ...(toVersion === undefined ? {} : { toVersion }) };
      const [only] = await planRevert(into, request);
      if (only === undefined) throw new RangeError('Expected a plan');
      return only;
    };
    const revert = async (toVersion?: number, into = store): Promise<Reverted> =>
      revertPartition(into, await plan(toVersion, into), by);
    const refused = async (attempt: () => Promise<unknown>): Promise<unknown> => {
      const before = await listing(store);
      const error = await attempt().then(
        () => 'nothing was thrown',
        (thrown: unknown) => thrown,
      );
      expect(await listing(store)).toEqual(before);
      expect(isPermanent(error), String(error)).toBe(true);
      return error;
    };

    it('has its previous content again, as a new version with a file of its own', async () => {
      const first = await publish('A', { tags: { knnIndex: 'index of A' } });
      await publish('BB', { tags: { knnIndex: 'index of BB' } });
      const reverted = await revert();
      expect(reverted).toEqual({
        table: 'tabla',
        fecha: DATE,
        from: 1,
        to: 0,
        version: 2,
        rows: 1,
        unchanged: false,
      });
      expect(await contentOf(store)).toEqual(['A']);
      const { version, files } = await readTable(store, 'tabla');
      expect(version).toBe(2);
      expect(files).toMatchObject([{ rows: 1, bytes: 1, version: 2, tags: { knnIndex: 'index of A' } }]);
      expect(`tabla/${files[0]?.path}`).not.toBe(first.path);
      await expectNoLitter(store);
    });

    it('says in its commit who put back what, and why, in the words of Delta', async () => {
      await publish('A');
      const { path } = await publish('B');
      await revert();
      const lines = await commit(store, 2);
      expect(lines.map((line) => Object.keys(line))).toEqual([['commitInfo'], ['remove'], ['add']]);
      expect(actions(lines, 'commitInfo')).toEqual([
        {
          timestamp: expect.any(Number),
          operation: 'RESTORE',
          operationParameters: { version: '0', fecha_modelo: DATE },
          engineInfo: 'segmenta',
          txnId: expect.any(String),
          run: 'revert/ana/1',
          userName: 'ana',
          userMetadata: 'wrong k',
        },
      ]);
      expect(actions(lines, 'remove')).toMatchObject([{ path: path.slice('tabla/'.length), dataChange: true }]);
      const { partitions } = await readHistory(store, 'tabla');
      const [published, , restored] = partitions.get(DATE) ?? [];
      expect(published).toMatchObject({ version: 0, operation: 'WRITE', run: 'run of A', by: undefined });
      expect(restored).toMatchObject({ version: 2, operation: 'RESTORE', by: 'ana', why: 'wrong k', restored: 0 });
    });

    it('goes back and forth between its last two contents, and further back by version', async () => {
      for (const content of ['A', 'B', 'C']) await publish(content);
      expect(await revert()).toMatchObject({ from: 2, to: 1, version: 3 });
      expect(await revert()).toMatchObject({ from: 3, to: 2, version: 4 });
      expect(await contentOf(store)).toEqual(['C']);
      expect(await revert(0)).toMatchObject({ from: 4, to: 0, version: 5 });
      expect(await contentOf(store)).toEqual(['A']);
      expect(await revert()).toMatchObject({ to: 4, version: 6 });
      expect(await contentOf(store)).toEqual(['C']);
      await expectNoLitter(store);
    });

    it('takes a version of another date’s for what the date was then, and touches no other date', async () => {
      await publish('A');
      await publish('other', { fecha: OTHER_DATE });
      await publish('B');
      expect(await revert(1)).toMatchObject({ from: 2, to: 0, version: 3 });
      expect([await contentOf(store), await contentOf(store, OTHER_DATE)]).toEqual([['A'], ['other']]);
    });

    it('changes no object where it has that content already', async () => {
      await publish('A');
      await publish('B');
      await revert();
      const before = await listing(store);
      expect(await revert(0)).toMatchObject({ from: 2, version: 2, unchanged: true });
      expect(await revert(2)).toMatchObject({ from: 2, version: 2, unchanged: true });
      expect(await listing(store)).toEqual(before);
    });

    it('takes the new content again when its run is repeated, as a version of its own', async () => {
      await publish('A');
      const wrong = await publish('B');
      await revert();
      expect(await publish('A')).toMatchObject({ version: 2, unchanged: true });
      const again = await publish('B');
      expect(again).toMatchObject({ version: 3, unchanged: false });
      expect(again.path).not.toBe(wrong.path);
      expect(await contentOf(store)).toEqual(['B']);
      expect(await publish('B')).toMatchObject({ version: 3, unchanged: true });
      expect(await revert()).toMatchObject({ from: 3, to: 2, version: 4 });
      await expectNoLitter(store);
    });

    it('has back what belonged to the content, where only that had changed', async () => {
      await publish('A', { tags: { knnIndex: 'one' } });
      await publish('A', { tags: { knnIndex: 'two' } });
      expect(await revert()).toMatchObject({ to: 0, version: 2 });
      expect((await readTable(store, 'tabla')).files).toMatchObject([{ tags: { knnIndex: 'one' } }]);
      await expectNoLitter(store);
    });

    it('changes nothing by being planned', async () => {
      await publish('A');
      await publish('B');
      const before = await listing(store);
      expect(await plan()).toMatchObject({ from: { version: 1 }, to: { version: 0 }, changes: true });
      expect(await listing(store)).toEqual(before);
    });

    it('goes back in those of several tables that the newest run changed, and in no other', async () => {
      const tables = ['a', 'b', 'c'].map((letter) => ({ ...TABLE, name: `tabla_${letter}` }));
      const run = async (id: string, contents: readonly string[]): Promise<void> => {
        for (const [i, table] of tables.entries()) await publish(contents[i] ?? '', { table, run: id });
      };
      const held = async (): Promise<string[]> =>
        Promise.all(
          tables.map(async ({ name }) => {
            const { files } = await readTable(store, name);
            return Buffer.from(await store.read(`${name}/${files[0]?.path}`)).toString();
          }),
        );
      const all = async (id: string): Promise<boolean[]> => {
        const plans = await planRevert(store, { tables, fecha: DATE });
        for (const each of plans) await revertPartition(store, each, { ...by, run: id });
        return plans.map(({ changes }) => changes);
      };
      await run('1', ['a1', 'b1', 'c1']);
      await run('2', ['a2', 'b2', 'c2']);
      await run('3', ['a3', 'b2', 'c3']);
      expect(await all('revert/1')).toEqual([true, false, true]);
      expect(await held()).toEqual(['a2', 'b2', 'c2']);
      expect(await all('revert/2')).toEqual([true, false, true]);
      expect(await held()).toEqual(['a3', 'b2', 'c3']);
    });

    describe('where there is nothing to go back to', () => {
      it.each([
        [
          'the date is of its first content',
          undefined,
          DATE,
          /the first one, of version 0.*does not remove a partition/,
        ],
        ['the date was never published', undefined, '2017-09-04', /\(2017-07-03, 2017-07-10\), got 2017-09-04/],
        ['the version is yet to come', 3, DATE, /from 0 to 2, got 3/],
        ['the version is older than the date', 0, OTHER_DATE, /first published with version 1/],
      ] as const)('is refused: %s', async (_, toVersion, fecha, message) => {
        await publish('A');
        await publish('old', { fecha: OTHER_DATE });
        await publish('new', { fecha: OTHER_DATE });
        const request = { tables: [TABLE], fecha, ...(toVersion === undefined ? {} : { toVersion }) };
        const error = await refused(async () => planRevert(store, request));
        expect(error).toBeInstanceOf(NothingToRevert);
        expect(String(error)).toMatch(message);
      });

      it('is refused: there is no table', async () => {
        expect(String(await refused(async () => plan()))).toContain(
          `tabla in lake ${store.url} (it has none yet), got ${DATE}`,
        );
      });
    });

    describe('where the bytes are gone', () => {
      it.each(['removed', 'cut'])('is refused before anything changes, naming the object that was %s', async (how) => {
        const { uri } = await publish('AAA');
        await publish('B');
        await (how === 'cut' ? store.write(uri, 'A') : store.remove(uri));
        const error = await refused(async () => plan());
        expect(error).toBeInstanceOf(ContentGone);
        expect(String(error)).toContain(`'${uri}' in lake ${store.url}`);
        expect(String(error)).toContain(how === 'cut' ? 'got 1 bytes' : 'got none');
      });

      it('is refused where the index that belongs to the content was removed', async () => {
        const file = join(scratch, 'index.arrow');
        await writeFile(file, 'points');
        const index = await putArtifact(store, 'knn-index', file, { rows: 1, schema: [] });
        await publish('A', { tags: { knnIndex: JSON.stringify(index) } });
        await publish('B', {
          tags: { knnIndex: JSON.stringify({ ...index, uri: 'artifacts/knn-index/other.arrow' }) },
        });
        expect(await plan()).toMatchObject({ changes: true });
        await store.remove(index.uri);
        expect(String(await refused(async () => plan()))).toContain(`'${index.uri}'`);
      });

      it('is refused where they are other bytes of the same size', async () => {
        const { uri } = await publish('damaged in the lake');
        await publish('B');
        await store.write(uri, 'DAMAGED IN THE LAKE');
        const before = await listing(store);
        await expect(revert()).rejects.toThrow(uri);
        expect(await listing(store)).toEqual(before);
      });

      it('is refused where another program wrote them, and goes back from what that wrote to what was kept', async () => {
        await publish('A');
        const add = { path: `fecha_modelo=${DATE}/foreign.parquet`, partitionValues: { fecha_modelo: DATE }, size: 1 };
        await store.write(`tabla/${add.path}`, 'F');
        await store.create(commitKey('tabla', 1), `${JSON.stringify({ add })}\n`);
        expect(await contentOf(store)).toHaveLength(2);
        expect(await revert()).toMatchObject({ from: 1, to: 0, version: 2 });
        expect(await contentOf(store)).toEqual(['A']);
        await expectNoLitter(store);
        const error = await refused(async () => plan());
        expect(error).toBeInstanceOf(ContentGone);
        expect(String(error)).toContain(`version 1 of tabla for ${DATE}`);
      });

      it('comes back where another program removed the partition', async () => {
        const { path } = await publish('A');
        const remove = { path: path.slice('tabla/'.length), dataChange: true };
        await store.create(commitKey('tabla', 1), `${JSON.stringify({ remove })}\n`);
        expect(String(await refused(async () => plan(1)))).toContain('version 1 had removed it');
        expect(await revert()).toMatchObject({ from: 1, to: 0, version: 2 });
        expect(await contentOf(store)).toEqual(['A']);
      });
    });

    describe('where others write at the same time', () => {
      it('is refused when the date was published after it was planned, and names the run', async () => {
        await publish('A');
        await publish('B');
        const planned = await plan();
        await publish('C');
        const error = await refused(async () => revertPartition(store, planned, by));
        expect(error).toBeInstanceOf(PublishConflict);
        expect(String(error)).toContain('; run of C was first, with version 2. Nothing was reverted');
        expect(await contentOf(store)).toEqual(['C']);
      });

      it('wins or loses whole against a publish of the date, and the loser is told who won', async () => {
        await publish('A');
        await publish('B');
        const planned = await plan();
        const gate = gateAfterReading(2, 1);
        // The artifact of the new content is there before the race, as in a run.
        const content = await publish('C', { fecha: OTHER_DATE });
        const file = join(scratch, `${Buffer.from('C').toString('hex')}.parquet`);
        expect(content.version).toBe(2);
        const settled = await Promise.allSettled([
          revertPartition(gate(store), planned, by),
          publishPartition(gate(store), { table: TABLE, fecha: DATE, file, rows: 1, tags: {}, run: 'run of C' }),
        ]);
        expect(settled.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
        const reverted = settled[0].status === 'fulfilled';
        const lost = settled.find((outcome) => outcome.status === 'rejected');
        expect(lost?.reason).toBeInstanceOf(PublishConflict);
        expect(String(lost?.reason)).toContain(
          `; ${reverted ? 'revert/ana/1' : 'run of C'} was first, with version 3.`,
        );
        expect(await contentOf(store)).toEqual([reverted ? 'A' : 'C']);
        expect(await versionsOf(store)).toEqual([0, 1, 2, 3]);
        await expectNoLitter(store);
      });

      it('adds one version where a publish brings the same content at once', async () => {
        await publish('A');
        await publish('B');
        const planned = await plan();
        const gate = gateAfterReading(2, 1);
        const file = join(scratch, `${Buffer.from('A').toString('hex')}.parquet`);
        const both = await Promise.all([
          revertPartition(gate(store), planned, by),
          publishPartition(gate(store), { table: TABLE, fecha: DATE, file, rows: 1, tags: {}, run: 'run of A' }),
        ]);
        expect(both.map(({ version }) => version)).toEqual([2, 2]);
        expect(both.filter(({ unchanged }) => !unchanged)).toHaveLength(1);
        expect(await contentOf(store)).toEqual(['A']);
        await expectNoLitter(store);
      });

      it('lands beside publishes of other dates', async () => {
        await publish('A');
        await publish('B');
        const planned = await plan();
        const dates = Array.from({ length: 5 }, (_, i) => `2017-08-0${i + 1}`);
        await Promise.all([
          revertPartition(store, planned, by),
          ...dates.map(async (fecha) => publish(`content of ${fecha}`, { fecha })),
        ]);
        expect(await versionsOf(store)).toEqual(Array.from({ length: 8 }, (_, i) => i));
        expect(await contentOf(store)).toEqual(['A']);
        for (const fecha of dates) expect(await contentOf(store, fecha)).toEqual([`content of ${fecha}`]);
        await expectNoLitter(store);
      });
    });

    describe('where the one who reverts dies', () => {
      const replaced = async (): Promise<ObjectStore> => {
        const fresh = await open();
        await publish('A', {}, fresh);
        await publish('B', {}, fresh);
        return fresh;
      };
      const operations = async (): Promise<readonly string[]> => {
        const fresh = await replaced();
        const watched = new FailingStore(fresh);
        await revertPartition(watched, await plan(undefined, fresh), by);
        return watched.operations;
      };

      it('at any operation, the same plan again ends with one version, the right content and nothing else', async () => {
        const done = await operations();
        expect(done.map((operation) => operation.split(' ')[0])).toEqual(
          expect.arrayContaining(['list', 'read', 'create', 'remove']),
        );
        for (const moment of ['before', 'after'] as const) {
          for (let at = 1; at <= done.length; at++) {
            const fresh = await replaced();
            const planned = await plan(undefined, fresh);
            const dying = revertPartition(new FailingStore(fresh, at, moment), planned, by);
            await expect(dying).rejects.toBeInstanceOf(StoreDied);
            const where = `died ${moment} ${done[at - 1]}`;
            expect(await revertPartition(fresh, planned, by), where).toMatchObject({ from: 1, to: 0, version: 2 });
            expect(await versionsOf(fresh), where).toEqual([0, 1, 2]);
            expect(await contentOf(fresh), where).toEqual(['A']);
            const { files } = await readTable(fresh, 'tabla');
            expect(await keysUnder(fresh, FOLDER), where).toEqual([`tabla/${files[0]?.path}`]);
          }
        }
      });

      it('between upload and commit, readers of the log see the old content, and a publish clears up', async () => {
        const upload = (await operations()).findIndex((operation) => operation.startsWith(`create ${FOLDER}`)) + 1;
        store = await replaced();
        const dying = revertPartition(new FailingStore(store, upload, 'after'), await plan(), by);
        await expect(dying).rejects.toBeInstanceOf(StoreDied);
        expect(await keysUnder(store, FOLDER)).toHaveLength(2);
        expect(await contentOf(store)).toEqual(['B']);
        expect(await publish('C')).toMatchObject({ version: 2 });
        await expectNoLitter(store);
      });

      it('by version, trying again from the start ends the same way', async () => {
        const count = (await operations()).length;
        for (let at = 1; at <= count; at++) {
          const fresh = await replaced();
          const dying = revertPartition(new FailingStore(fresh, at, 'after'), await plan(0, fresh), by);
          await expect(dying).rejects.toBeInstanceOf(StoreDied);
          expect(await revert(0, fresh)).toMatchObject({ version: 2 });
          expect([await versionsOf(fresh), await contentOf(fresh)]).toEqual([[0, 1, 2], ['A']]);
        }
      });
    });
  });
}
