import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { requestedPlan } from '../../../cli/run-request.js';
import type { PlanOptions } from '../../../cli/run-request.js';
import type { TaskPlan } from '../../../dag/run-plan.js';
import { MANUAL } from '../../../dag/run-origin.js';
import { wholePlan } from '../../../dag/run-plan.js';
import { recordFolder, runRecord } from '../../../dag/run-record.js';
import { initialState, withTask } from '../../../dag/run-state.js';
import type { TaskStateName } from '../../../dag/run-state.js';
import { FileStore } from '../../../lake/file-store.js';
import { writeRunRecord, writeTaskRecord } from '../../../lake/run-records.js';
import { ventasDag as dag } from '../../../workflows/ventas-dag.js';

const FECHA = '2026-11-16';

const scratch = await mkdtemp(join(tmpdir(), 'segmenta-request-'));
afterAll(() => rm(scratch, { recursive: true, force: true }));

let store: FileStore;
beforeEach(() => {
  store = new FileStore(join(scratch, randomUUID()));
});

const plan = async (options: PlanOptions) => requestedPlan(store, dag, FECHA, options);

const ids = (tasks: { readonly [task: string]: TaskPlan }, wanted: TaskPlan): string[] =>
  Object.entries(tasks).flatMap(([id, what]) => (what === wanted ? [id] : []));

/** Leaves the records of an earlier run; one that was `killed` left those of its tasks alone. */
async function leaveRun(
  runId: string,
  states: { readonly [task: string]: TaskStateName },
  { killed = false }: { readonly killed?: boolean } = {},
): Promise<void> {
  const folder = recordFolder(dag.id, FECHA, runId);
  const at = new Date(0);
  for (const [task, state] of Object.entries(states)) {
    const isCheck = task.startsWith('check');
    // A check that did not pass was worked on to an end all the same.
    if (state !== 'success' && !(isCheck && state === 'failed')) continue;
    const output = isCheck ? { passed: state === 'success', figures: {}, message: '' } : null;
    const times = { startedAt: at.toISOString(), endedAt: at.toISOString() };
    await writeTaskRecord(store, folder, { task, output, cached: false, attempts: 1, ...times });
  }
  if (killed) return;
  const ended = Object.entries(states).reduce((run, [id, state]) => withTask(run, id, { state }), initialState(dag));
  const facts = { dag, fecha: FECHA, run: `ventas/${FECHA}`, runId, params: {}, plan: wholePlan(dag), origin: MANUAL };
  await writeRunRecord(store, folder, runRecord({ ...facts, startedAt: at, endedAt: at }, ended));
}

/** A run whose check blocked, on a day that needed no approval. */
const BLOCKED = {
  arrival: 'success',
  readSales: 'success',
  summarizeStore: 'success',
  layOutSales: 'success',
  checkTotals: 'failed',
  checkStores: 'success',
  askApproval: 'skipped',
  approval: 'skipped',
  publishSales: 'upstream_failed',
  alertOwner: 'success',
} as const;

describe('requestedPlan', () => {
  it('is the whole DAG where nothing is asked', async () => {
    expect(await plan({})).toEqual(wholePlan(dag));
  });

  it('takes on holding and priority as they are said', async () => {
    expect(await plan({ holdOnFailure: true, priority: 1 })).toEqual({ ...wholePlan(dag), hold: true, priority: 1 });
  });

  it('refreshes what selectors name', async () => {
    const { tasks } = await plan({ refresh: ['summarizeStore', 'check*'] });
    expect(ids(tasks, 'refresh')).toEqual(['summarizeStore', 'checkTotals', 'checkStores']);
  });

  describe('--failed', () => {
    it('runs what did not succeed and all after it, pins the rest, and keeps what was skipped', async () => {
      await leaveRun('blocked', BLOCKED);
      const { tasks, reuse } = await plan({ failed: true });
      expect(ids(tasks, 'run')).toEqual(['checkTotals', 'publishSales', 'alertOwner']);
      expect(ids(tasks, 'pinned')).toEqual(['arrival', 'readSales', 'summarizeStore', 'layOutSales', 'checkStores']);
      expect(ids(tasks, 'skipped')).toEqual(['askApproval', 'approval']);
      expect(reuse).toBe(recordFolder(dag.id, FECHA, 'blocked'));
    });

    it('runs all that left no record of a run that was killed', async () => {
      await leaveRun('killed', { arrival: 'success', readSales: 'success' }, { killed: true });
      const { tasks } = await plan({ failed: true });
      expect(ids(tasks, 'pinned')).toEqual(['arrival', 'readSales']);
      expect(ids(tasks, 'run')).toHaveLength(8);
    });

    it('does not take a check that did not pass for done, of a run that was killed', async () => {
      await leaveRun(
        'killed',
        { checkTotals: 'failed', checkStores: 'success', readSales: 'success', arrival: 'success' },
        { killed: true },
      );
      const { tasks } = await plan({ failed: true });
      expect(tasks.checkTotals).toBe('run');
      expect(tasks.checkStores).toBe('pinned');
    });

    it('does not take for done what an operator skipped while it was worked on', async () => {
      await leaveRun('blocked', BLOCKED);
      const record = recordFolder(dag.id, FECHA, 'blocked');
      const times = { startedAt: '', endedAt: '' };
      await writeTaskRecord(store, record, { task: 'askApproval', output: null, cached: false, attempts: 1, ...times });
      expect((await plan({ failed: true })).tasks.askApproval).toBe('skipped');
    });

    it('is refused where the run succeeded, and where there is none', async () => {
      await expect(plan({ failed: true })).rejects.toThrow(/No run of ventas for 2026-11-16 left a record/);
      await leaveRun('fine', { ...BLOCKED, checkTotals: 'success', publishSales: 'success', alertOwner: 'skipped' });
      await expect(plan({ failed: true })).rejects.toThrow(/one that succeeded: nothing to run/);
    });
  });

  describe('--from', () => {
    it('runs the task and all after it, and what the reused run did not bring to success', async () => {
      await leaveRun('blocked', BLOCKED);
      const { tasks } = await plan({ from: 'layOutSales' });
      expect(ids(tasks, 'run')).toEqual(['layOutSales', 'checkTotals', 'publishSales', 'alertOwner']);
    });

    it('reuses the run that is named, by its id', async () => {
      await leaveRun('one', BLOCKED);
      await leaveRun('other', BLOCKED);
      for (const reuse of ['one', 'other']) {
        expect((await plan({ from: 'layOutSales', reuse })).reuse).toBe(recordFolder(dag.id, FECHA, reuse));
      }
      await expect(plan({ from: 'layOutSales', reuse: 'none' })).rejects.toThrow(
        /--reuse: Expected a run of ventas for 2026-11-16 \((one, other|other, one)\), got 'none'/,
      );
    });
  });

  describe('--select and --exclude', () => {
    it('run a part, the rest is left out', async () => {
      expect(Object.keys((await plan({ select: ['+checkStores'] })).tasks)).toEqual([
        'arrival',
        'readSales',
        'checkStores',
      ]);
      const { tasks } = await plan({ exclude: ['publishSales', 'alertOwner'] });
      expect(Object.keys(tasks)).not.toContain('publishSales');
      expect(ids(tasks, 'run')).toHaveLength(8);
    });

    it('pin what the part takes where a run to reuse is named', async () => {
      await expect(plan({ select: ['layOutSales'] })).rejects.toThrow(
        /^layOutSales takes the output of summarizeStore/,
      );
      await leaveRun('blocked', BLOCKED);
      const { tasks } = await plan({ select: ['layOutSales'], reuse: 'latest' });
      expect(ids(tasks, 'run')).toEqual(['layOutSales']);
      expect(tasks.summarizeStore).toBe('pinned');
      // It comes after what runs: its old result would belong to another input.
      expect(tasks.publishSales).toBeUndefined();
    });
  });

  it.each<[string, PlanOptions]>([
    ['--from and --failed', { from: 'readSales', failed: true }],
    ['--from and --select', { from: 'readSales', select: ['readSales'] }],
    ['--failed and --exclude', { failed: true, exclude: ['readSales'] }],
  ])('refuses %s together', async (_, options) => {
    await expect(plan(options)).rejects.toThrow('Expected one of --from, --failed and --select, got several');
  });
});
