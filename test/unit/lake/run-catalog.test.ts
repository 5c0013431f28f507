import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { MANUAL } from '../../../dag/run-origin.js';
import { wholePlan } from '../../../dag/run-plan.js';
import { recordFolder, runRecord } from '../../../dag/run-record.js';
import { initialState, withTask } from '../../../dag/run-state.js';
import { FileStore } from '../../../lake/file-store.js';
import { findRuns, listRuns, readRun, readWholeRun } from '../../../lake/run-catalog.js';
import type { ListedRun } from '../../../lake/run-catalog.js';
import { writeRunRecord, writeTaskRecord } from '../../../lake/run-records.js';
import { ventasDag } from '../../../workflows/ventas-dag.js';

const scratch = await mkdtemp(join(tmpdir(), 'segmenta-catalog-'));
afterAll(() => rm(scratch, { recursive: true, force: true }));

let store: FileStore;
let clock = 0;
beforeEach(() => {
  store = new FileStore(join(scratch, randomUUID()));
});

const at = '2026-11-16T00:00:00.000Z';

/** Leaves the records of a run, each run later than the one before; one that was `killed` leaves those of its tasks. */
async function leave(
  dag: string,
  fecha: string | null,
  runId: string,
  { killed = false, tasks = ['readSales'] }: { readonly killed?: boolean; readonly tasks?: readonly string[] } = {},
): Promise<void> {
  const folder = recordFolder(dag, fecha, runId);
  for (const task of tasks) {
    await writeTaskRecord(store, folder, {
      task,
      output: { task },
      cached: false,
      attempts: 1,
      startedAt: at,
      endedAt: at,
    });
  }
  if (!killed) {
    const state = tasks.reduce((run, id) => withTask(run, id, { state: 'success' }), initialState(ventasDag));
    const facts = { dag: { ...ventasDag, id: dag }, fecha, run: `${dag}/${fecha}`, runId, params: {}, origin: MANUAL };
    const times = { startedAt: new Date(at), endedAt: new Date(at) };
    await writeRunRecord(store, folder, runRecord({ ...facts, ...times, plan: wholePlan(ventasDag) }, state));
  }
  clock += 10;
  for await (const { key } of store.list(folder)) await utimes(store.localPath(key), clock, clock);
}

const names = (runs: readonly ListedRun[]): string[] => runs.map(({ dag, fecha, runId }) => `${dag} ${fecha} ${runId}`);

describe('listRuns', () => {
  beforeEach(async () => {
    await leave('ventas', '2026-11-16', 'a');
    await leave('ventas-dos', '2026-11-16', 'b');
    await leave('ventas', '2026-11-09', 'c');
    await leave('ventas', '2026-12-07', 'd', { killed: true });
    await leave('numbers', null, 'e');
  });

  it('are all runs that left a record, the one that wrote last first', async () => {
    expect(names(await listRuns(store, {}))).toEqual([
      'numbers null e',
      'ventas 2026-12-07 d',
      'ventas 2026-11-09 c',
      'ventas-dos 2026-11-16 b',
      'ventas 2026-11-16 a',
    ]);
  });

  it.each([
    ['a DAG, not of one whose name begins alike', { dag: 'ventas' }, ['d', 'c', 'a']],
    ['a date', { dag: 'ventas', from: '2026-11-16', to: '2026-11-16' }, ['a']],
    ['a range of dates', { dag: 'ventas', from: '2026-11-10', to: '2026-12-31' }, ['d', 'a']],
    ['dates up to one, whichever DAG', { to: '2026-11-16' }, ['c', 'b', 'a']],
    ['dates that have none', { dag: 'ventas', from: '2027-01-01', to: '2027-01-31' }, []],
  ])('of %s', async (_, wanted, expected) => {
    expect((await listRuns(store, wanted)).map(({ runId }) => runId)).toEqual(expected);
  });

  it('tell which runs left their end, and which tasks left a record', async () => {
    const [killed] = await listRuns(store, { dag: 'ventas' });
    expect(killed).toMatchObject({ runId: 'd', ended: false, tasks: ['readSales'] });
    expect((await listRuns(store, { dag: 'ventas' })).at(-1)?.ended).toBe(true);
  });

  it('pass over what is no record', async () => {
    await store.write('runs/readme.txt', 'x');
    await store.write('runs/ventas/2026-11-16/a/tasks/deep/er.txt', 'x');
    expect(await listRuns(store, { dag: 'ventas' })).toHaveLength(3);
  });
});

describe('reading a run', () => {
  it('that was killed gives its tasks', async () => {
    await leave('ventas', '2026-12-07', 'd', { killed: true, tasks: ['arrival', 'readSales'] });
    const [listed] = await listRuns(store, {});
    if (listed === undefined) throw new Error('Expected a run');
    const run = await readRun(store, listed);
    expect([run.outcome, Object.keys(run.tasks)]).toEqual(['unfinished', ['arrival', 'readSales']]);
  });

  it('reads one object where its record is complete, and the outputs of its tasks only where they are wanted', async () => {
    await leave('ventas', '2026-12-07', 'd', { tasks: ['arrival', 'readSales'] });
    const [listed] = await listRuns(store, {});
    if (listed === undefined) throw new Error('Expected a run');
    const keys: string[] = [];
    const read = store.read.bind(store);
    store.read = async (key) => {
      keys.push(key);
      return read(key);
    };
    await readRun(store, listed);
    expect(keys).toEqual(['runs/ventas/2026-12-07/d/run.json']);
    const { records } = await readWholeRun(store, listed);
    expect(records.get('arrival')?.output).toEqual({ task: 'arrival' });
  });
});

describe('findRuns', () => {
  it('reads a few more than it needs, not all there are', async () => {
    const listed = Array.from({ length: 500 }, (_, i) => ({ runId: `${i}` })) as unknown as ListedRun[];
    let reads = 0;
    const found = await findRuns(store, listed, 20, async (run) => {
      reads += 1;
      // What matches is all that is asked of it.
      return Number(run.runId) % 3 === 0 ? (run as never) : undefined;
    });
    expect(found.map(({ runId }) => Number(runId))).toEqual(Array.from({ length: 20 }, (_, i) => 3 * i));
    expect(reads).toBe(64);
  });
});
