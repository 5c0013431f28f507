import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Artifact } from '../../dag/artifact.js';
import { MANUAL } from '../../dag/run-origin.js';
import type { RunRecord } from '../../dag/run-record.js';
import { isPermanent } from '../../dag/permanent-error.js';
import { putArtifact } from '../../lake/artifact-store.js';
import { commitKey } from '../../lake/delta-commit.js';
import { collectGarbage } from '../../lake/gc/collect-garbage.js';
import type { GcOptions } from '../../lake/gc/collect-garbage.js';
import type { GcReport } from '../../lake/gc/gc-report.js';
import { keepReferenced, lastSighting } from '../../lake/keep-objects.js';
import { ContentGone } from '../../lake/kept-content.js';
import { storeList } from '../../lake/list-store.js';
import type { ObjectStore } from '../../lake/object-store.js';
import { planRevert } from '../../lake/plan-revert.js';
import { publishPartition } from '../../lake/publish-partition.js';
import { recallResult, rememberResult } from '../../lake/result-cache.js';
import { revertPartition } from '../../lake/revert-partition.js';
import { writeClaim, writeRunRecord, writeTaskRecord } from '../../lake/run-records.js';
import { DATE, keysUnder, listing, TABLE } from '../support/table-objects.js';

const DAY = 86_400_000;

/** Stores tell times in whole seconds: what was made before this is older than what gc calls now. */
const aMomentLater = async (): Promise<void> => sleep(1_100);

/** What gc keeps and removes on every object store. `open` gives a store that holds nothing, another one each time. */
export function gcContract(name: string, open: () => Promise<ObjectStore>): void {
  describe(`gc on ${name}`, { timeout: 60_000 }, () => {
    let scratch: string;
    let store: ObjectStore;

    beforeAll(async () => {
      scratch = await mkdtemp(join(tmpdir(), 'segmenta-gc-'));
    });
    afterAll(() => rm(scratch, { recursive: true, force: true }));
    beforeEach(async () => {
      store = await open();
    });

    const gc = async (options: Partial<GcOptions> = {}): Promise<GcReport> => {
      await aMomentLater();
      return collectGarbage(store, { tables: [TABLE.name], runsMs: DAY, graceMs: 0, ...options });
    };
    /** One gc condemns, the next one removes. */
    const twice = async (options: Partial<GcOptions> = {}): Promise<readonly string[]> => {
      await gc(options);
      return (await gc(options)).removed.map(({ key }) => key);
    };
    const make = async (content: string, kind = 'thing'): Promise<Artifact> => {
      const file = join(scratch, `${Buffer.from(content).toString('hex')}.parquet`);
      await writeFile(file, content);
      return putArtifact(store, kind, file, { rows: 1, schema: [] });
    };
    const times = { startedAt: '2026-01-01T00:00:00Z', endedAt: '2026-01-01T00:00:00Z' };
    const task = async (run: string, output: unknown, id = 'task'): Promise<void> =>
      writeTaskRecord(store, `runs/dag/2026-01-01/${run}`, { task: id, output, cached: false, attempts: 1, ...times });
    const end = async (runId: string, outcome: RunRecord['outcome'] = 'success'): Promise<void> => {
      const plan = { tasks: {}, hold: false };
      const said = { params: {}, plan, origin: MANUAL, tasks: {}, errors: {}, checks: {}, audit: [], ...times };
      const facts = { dag: 'dag', fecha: '2026-01-01', run: 'dag/2026-01-01', runId, outcome };
      await writeRunRecord(store, `runs/dag/2026-01-01/${runId}`, { ...facts, ...said });
    };
    const publish = async (content: string, tags = {}): Promise<Artifact> => {
      const artifact = await make(content, TABLE.name);
      const file = join(scratch, `${Buffer.from(content).toString('hex')}.parquet`);
      await publishPartition(store, { table: TABLE, fecha: DATE, file, rows: 1, tags, run: `run of ${content}` });
      return artifact;
    };
    const artifacts = async (): Promise<readonly string[]> => keysUnder(store, 'artifacts/');
    const urisOf = (...made: readonly Artifact[]): readonly string[] => made.map(({ uri }) => uri).toSorted();

    it('removes what no record names, by the second gc, and keeps what one does, however it says it', async () => {
      const [unused, byTask, nested, byRun, claimed, item, within] = await Promise.all(
        ['unused', 'by task', 'nested', 'by run', 'claimed', 'item', 'within'].map(async (content) => make(content)),
      );
      if (!unused || !byTask || !nested || !byRun || !claimed || !item || !within) throw new Error('seven were made');
      const inner = await storeList(store, [{ within }]);
      const list = await storeList(store, [{ item }, { inner }]);
      await task('ended', { byTask, deep: [{ nested }] });
      await end('ended');
      await store.write('runs/dag/2026-01-01/ended/other.json', JSON.stringify({ anything: { byRun } }));
      await writeClaim(store, 'runs/dag/2026-01-01/at-work', 'map/3', { claimed });
      await task('at-work', list);
      const first = await gc();
      expect(first.removed).toEqual([]);
      expect(first.condemned).toMatchObject([{ key: unused.uri, kind: 'artifacts/thing', bytes: 6 }]);
      const second = await gc();
      expect(second.removed).toMatchObject([{ key: unused.uri, why: 'no run or table needs it' }]);
      const parts = [...inner.parts, ...list.parts];
      expect(await artifacts()).toEqual(urisOf(byTask, nested, byRun, claimed, item, within, ...parts));
      expect(second.kept['artifacts/thing']).toEqual({ 'named by a run': { objects: 6, bytes: 36 } });
    });

    it('lets artifacts of runs beyond the retention go, but not those of one that may be at work', async () => {
      const [old, open] = [await make('old'), await make('open')];
      await task('old', old);
      await end('old');
      await aMomentLater();
      await task('open', open);
      await twice({ runsMs: 0 });
      expect(await artifacts()).toEqual(urisOf(open));
    });

    it('removes records beyond the retention, but of every date the newest one and the newest success', async () => {
      for (const [run, outcome] of [
        ['1', 'success'],
        ['2', 'failed'],
        ['3', 'success'],
        ['4', 'failed'],
        ['5', 'failed'],
      ] as const) {
        await task(run, {});
        await end(run, outcome);
        await aMomentLater();
      }
      const { removed, kept } = await gc({ runsMs: 0 });
      const folder = 'runs/dag/2026-01-01';
      expect(await keysUnder(store, folder)).toEqual(
        ['3', '5'].flatMap((run) => [`${folder}/${run}/run.json`, `${folder}/${run}/tasks/task.json`]),
      );
      expect(removed).toHaveLength(6);
      expect(kept['run records']?.['newest of its date']?.objects).toBe(4);
    });

    it('keeps what a table needs: its file, its content for a revert, and what belongs to it', async () => {
      const index = await make('index', 'knn-index');
      const first = await publish('first');
      const graph = await make('graph', 'lookalike_graph');
      const lookalikeIndex = JSON.stringify({ index, graph, pairs: null });
      const second = await publish('second', { knnIndex: JSON.stringify(index), lookalikeIndex });
      await twice();
      expect(await artifacts()).toEqual(urisOf(graph, index, first, second));
      await twice({ runsMs: 0 });
      expect(await artifacts()).toEqual(urisOf(graph, index, second));
      expect(await keysUnder(store, `${TABLE.name}/fecha_modelo`)).toHaveLength(1);
      await expect(planRevert(store, { tables: [TABLE], fecha: DATE })).rejects.toThrow(ContentGone);
    });

    it('leaves a revert what it puts back within the retention', async () => {
      const first = await publish('first');
      await publish('second');
      await twice();
      const [plan] = await planRevert(store, { tables: [TABLE], fecha: DATE });
      if (plan === undefined) throw new RangeError('Expected a plan');
      await revertPartition(store, plan, { by: 'ana', run: 'revert/ana/1', cacheFolder: join(scratch, 'cache') });
      await twice({ runsMs: 0 });
      expect(await artifacts()).toEqual(urisOf(first));
    });

    it('removes files that a killed publisher left in a table, and no one else’s', async () => {
      await publish('content');
      const left = `${TABLE.name}/fecha_modelo=${DATE}/part-${'0'.repeat(32)}.parquet`;
      const others = `${TABLE.name}/fecha_modelo=${DATE}/another-program.parquet`;
      await store.write(left, 'left');
      await store.write(others, 'still to be committed');
      expect(await twice()).toEqual([left]);
      expect(await keysUnder(store, `${TABLE.name}/fecha_modelo`)).toContain(others);
    });

    it('keeps a left file that is published after all', async () => {
      const file = join(scratch, 'again.parquet');
      await writeFile(file, 'again');
      const partition = { table: TABLE, fecha: DATE, file, rows: 1, tags: {}, run: 'again' };
      const { path } = await publishPartition(store, partition);
      await store.remove(commitKey(TABLE.name, 0));
      await gc();
      // It was condemned as a dead writer's, and its writer comes back.
      expect((await publishPartition(store, partition)).path).toBe(path);
      await gc();
      await gc();
      expect(await keysUnder(store, `${TABLE.name}/fecha_modelo`)).toEqual([path]);
    });

    it('removes copies of dates that the table has not, and remembered results whose artifacts are gone', async () => {
      const [used, unused] = [await make('used'), await make('unused')];
      await task('at-work', used);
      await publish('content');
      const copies = [DATE, '2017-08-07'].map(
        (fecha) => `exports/${TABLE.name}/fecha_modelo=${fecha}/${TABLE.name}.csv`,
      );
      for (const copy of copies) await store.write(copy, 'copy');
      for (const [key, output] of Object.entries({ used, unused, nothing: 7 }))
        await rememberResult(store, 't', key, { output });
      await rememberResult(store, 't', 'lost', { output: { ...used, uri: 'artifacts/thing/lost.parquet' } });
      await store.write('cache/t/torn.json', '{"output');
      await twice();
      expect(await keysUnder(store, 'exports/')).toEqual([copies[0]]);
      expect(await keysUnder(store, 'cache/')).toEqual(['cache/t/nothing.json', 'cache/t/used.json']);
    });

    it('touches nothing that is not its own', async () => {
      const others = ['raw/ventas.csv', 'otra_tabla/_delta_log/00000000000000000000.json', 'artifacts.txt', 'x'];
      for (const key of others) await store.write(key, 'not for gc to read');
      await twice({ runsMs: 0 });
      expect((await keysUnder(store, '')).filter((key) => !key.startsWith('gc/'))).toEqual(others.toSorted());
    });

    it('leaves alone what is younger than the grace period', async () => {
      await make('unused');
      const { condemned, kept } = await gc({ graceMs: DAY });
      expect(condemned).toEqual([]);
      expect(kept['artifacts/thing']).toEqual({ young: { objects: 1, bytes: 6 } });
    });

    it('waits for the grace period after it has condemned', async () => {
      await make('unused');
      expect((await gc()).condemned).toHaveLength(1);
      const { removed, waiting, due } = await gc({ graceMs: 1_000_000 });
      expect([removed, waiting]).toMatchObject([[], []]);
      expect(due).not.toBeNull();
      expect(await artifacts()).toHaveLength(1);
    });

    it('tells in a dry run what would be done, and writes nothing', async () => {
      const unused = await make('unused');
      await rememberResult(store, 't', 'unused', { output: unused });
      const before = await listing(store);
      const first = await gc({ dryRun: true });
      expect(await listing(store)).toEqual(before);
      expect(first.condemned).toEqual((await gc()).condemned);
      const condemned = await listing(store);
      const foretold = await gc({ dryRun: true });
      expect(await listing(store)).toEqual(condemned);
      const { removed } = await gc();
      expect(foretold.removed).toEqual(removed);
      expect(removed.map(({ key }) => key)).toEqual([unused.uri, 'cache/t/unused.json']);
    });

    it.each([
      ['a record', 'runs/dag/2026-01-01/torn/tasks/task.json'],
      ['a run’s record', 'runs/dag/2026-01-01/torn/run.json'],
      ['a commit of a table', commitKey(TABLE.name, 1)],
      ['what it had condemned itself', 'gc/condemned.json'],
    ])('stops before it removes anything where %s cannot be read, and names it', async (_, key) => {
      await make('unused');
      await publish('content');
      await gc();
      await store.write(key, '{"torn');
      const before = (await listing(store)).filter((info) => !info.key.startsWith('gc/'));
      const error = await gc().catch((thrown: unknown) => thrown);
      expect(isPermanent(error), String(error)).toBe(true);
      expect(String(error)).toContain(key);
      expect((await listing(store)).filter((info) => !info.key.startsWith('gc/'))).toEqual(before);
    });

    it('keeps what a run takes up after it was condemned, and condemns it anew when nobody names it any more', async () => {
      const taken = await make('taken');
      await rememberResult(store, 't', 'taken', { output: taken });
      await gc();
      const sighting = await lastSighting(store);
      const known = await recallResult(store, 't', 'taken');
      await task('at-work', known?.output);
      await keepReferenced(store, known?.output, sighting);
      await gc();
      await gc();
      expect(await artifacts()).toEqual(urisOf(taken));
      await store.remove('runs/dag/2026-01-01/at-work/tasks/task.json');
      await twice();
      expect(await artifacts()).toEqual([]);
    });

    it('is one at a time: another one is refused, and nothing is done twice', async () => {
      await make('unused');
      await gc();
      const ends = await Promise.allSettled([gc(), gc(), gc()]);
      const refused = ends.filter((end) => end.status === 'rejected');
      expect(refused.every(({ reason }) => String(reason).startsWith('GcBusy'))).toBe(true);
      const removed = ends.flatMap((end) => (end.status === 'fulfilled' ? end.value.removed : []));
      expect(removed.filter(({ kind }) => kind === 'artifacts/thing')).toHaveLength(1);
      expect(await artifacts()).toEqual([]);
    });
  });
}
