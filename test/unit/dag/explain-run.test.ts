import { describe, expect, it } from 'vitest';
import type { Artifact } from '../../../dag/artifact.js';
import type { KeyFacts } from '../../../dag/cache-key.js';
import { explainRun } from '../../../dag/explain-run.js';
import type { WholeRun } from '../../../dag/explain-run.js';
import { recordedRun } from '../../../dag/recorded-run.js';
import type { RecordedRun } from '../../../dag/recorded-run.js';
import type { TaskEnding, TaskRecord } from '../../../dag/run-record.js';
import { wholePlan } from '../../../dag/run-plan.js';
import { ventasDag as dag } from '../../../workflows/ventas-dag.js';

const key = (inputs: KeyFacts['inputs'], more: Partial<KeyFacts> = {}): KeyFacts => ({
  version: 1,
  engine: 'e',
  inputs,
  ...more,
});

const artifact = (sha256: string, rows: number): Artifact => ({
  kind: 'sales',
  uri: `artifacts/sales/${sha256}.parquet`,
  sha256,
  bytes: 10,
  rows,
  schema: [],
});

interface Left {
  readonly ending?: TaskEnding;
  readonly output?: unknown;
  readonly key?: KeyFacts;
  readonly cached?: boolean;
}

/** A run of these tasks; those without an ending succeeded. */
function whole(
  fecha: string,
  runId: string,
  left: { [task: string]: Left },
  more: Partial<RecordedRun> = {},
): WholeRun {
  const records = Object.entries(left).flatMap(([task, { ending, output = null, key, cached = false }]) => {
    if (ending !== undefined) return [];
    const times = { startedAt: '2026-11-16T00:00:00Z', endedAt: '2026-11-16T00:00:01Z' };
    const record: TaskRecord = { task, output, cached, attempts: 1, ...times, ...(key === undefined ? {} : { key }) };
    return [record];
  });
  const run = recordedRun({ dag: 'ventas', fecha, runId }, undefined, records);
  const ended = Object.entries(left).flatMap(([task, { ending }]) => (ending === undefined ? [] : [[task, ending]]));
  const tasks = { ...run.tasks, ...Object.fromEntries(ended) } as RecordedRun['tasks'];
  return {
    run: { ...run, outcome: 'success', plan: wholePlan(dag), tasks, ...more },
    records: new Map(records.map((record) => [record.task, record])),
  };
}

const why = (run: WholeRun, against?: WholeRun, earlier: readonly WholeRun[] = []): { [task: string]: string } =>
  Object.fromEntries(explainRun(dag, run, against, earlier).tasks.map((task) => [task.task, task.why]));

describe('why a task was computed', () => {
  const before = whole('2026-11-09', 'a', { checkStores: { key: key({ minStores: '2', stores: '#1' }) } });
  const now = key({ minStores: '3', stores: '#2' });

  it('is what changed since the run it is compared with', () => {
    const run = whole('2026-11-16', 'b', { checkStores: { key: now } });
    expect(why(run, before)).toEqual({ checkStores: 'since 2026-11-09: minStores: 2 -> 3; stores changed' });
  });

  it('is what changed since the last run of its date, where there was one', () => {
    const earlier = whole('2026-11-16', 'b', { checkStores: { key: key({ minStores: '1', stores: '#2' }) } });
    const run = whole('2026-11-16', 'c', { checkStores: { key: now } });
    expect(why(run, before, [earlier])).toEqual({ checkStores: 'since the last run of this date: minStores: 1 -> 3' });
  });

  it('is a memory that was lost, where nothing changed', () => {
    const run = whole('2026-11-16', 'b', { checkStores: { key: before.records.get('checkStores')?.key ?? now } });
    expect(why(run, before)['checkStores']).toMatch(
      /^nothing changed since 2026-11-09, but its result was not remembered/,
    );
  });

  it('tells dates without quotes', () => {
    const was = whole('2026-11-09', 'a', { askApproval: { key: key({ day: '"2026-11-09"' }) } });
    const run = whole('2026-11-16', 'b', { askApproval: { key: key({ day: '"2026-11-16"' }) } });
    expect(why(run, was)['askApproval']).toBe('since 2026-11-09: day: 2026-11-09 -> 2026-11-16');
  });

  it('is its nature, for what looks, publishes or has an effect, and what its map counted', () => {
    const items = { success: 1, cached: 2 };
    const run = whole('2026-11-16', 'b', {
      arrival: {},
      publishSales: { cached: true },
      alertOwner: {},
      summarizeStore: {},
    });
    const tasks = { ...run.run.tasks, summarizeStore: { state: 'success' as const, items } };
    expect(why({ ...run, run: { ...run.run, tasks } }, before)).toEqual({
      arrival: 'looks in every run',
      summarizeStore: '1 computed, 2 cached',
      publishSales: 'made sure of in every run',
      alertOwner: 'runs in every run',
    });
  });

  it('is what the run was asked, where it was asked for a part', () => {
    const tasks = { readSales: 'pinned', layOutSales: 'refresh' } as const;
    const plan = { tasks, hold: false, reuse: 'runs/ventas/2026-11-16/a' };
    const run = whole('2026-11-16', 'b', { readSales: { cached: true }, layOutSales: {} }, { plan });
    expect(why(run)).toEqual({ readSales: 'pinned to run a', layOutSales: 'asked to be computed anew' });
  });
});

describe('why a task was cached', () => {
  const same = key({ stores: '#1' });
  const run = whole('2026-11-16', 'c', { checkStores: { key: same, cached: true } });

  it.each([
    ['an earlier run of the date', undefined, [whole('2026-11-16', 'b', { checkStores: { key: same } })]],
    ['2026-11-09', whole('2026-11-09', 'a', { checkStores: { key: same } }), []],
    ['were computed before', whole('2026-11-09', 'a', { checkStores: { key: key({}) } }), []],
  ])('names where the same inputs were: %s', (expected, against, earlier) => {
    expect(why(run, against, earlier)['checkStores']).toContain(expected.replace('the date', 'this date'));
  });
});

describe('an explanation', () => {
  it('has the tasks in the order of the DAG, and those that it does not have any more', () => {
    const run = whole('2026-11-16', 'b', { gone: {}, checkStores: {}, arrival: {} });
    expect(explainRun(dag, run, undefined, []).tasks.map(({ task }) => task)).toEqual([
      'arrival',
      'checkStores',
      'gone',
    ]);
  });

  it('says why a task did not run, and what it failed with', () => {
    const error = { type: 'BadInput', message: 'line 3' };
    const ending = { state: 'upstream_failed', note: 'all_success: readSales failed' } as const;
    const left = { readSales: { ending: { state: 'failed' } as const }, layOutSales: { ending } };
    const run = whole('2026-11-16', 'b', left, { outcome: 'failed', errors: { readSales: error } });
    expect(explainRun(dag, run, undefined, []).tasks).toMatchObject([
      { task: 'readSales', error, why: '' },
      { task: 'layOutSales', why: 'all_success: readSales failed' },
    ]);
  });

  it('tells figures that changed, artifacts that came out the same, and files by what became of them', () => {
    const reads = (etag: string) => ({ files: [{ name: 'a.csv', bytes: 3, etag }] });
    const read = (sha: string, rows: number, etag: string): Left => ({
      output: { day: artifact(sha, rows), same: artifact('s', 1) },
      key: key({}, { fingerprint: etag, reads: reads(etag) }),
    });
    const before = whole('2026-11-09', 'a', { readSales: read('x', 3, '1') });
    const { tasks } = explainRun(dag, whole('2026-11-16', 'b', { readSales: read('y', 4, '2') }), before, []);
    expect(tasks).toMatchObject([
      {
        task: 'readSales',
        isInput: true,
        figures: [{ figure: 'day.rows', before: 3, after: 4 }],
        artifacts: [{ same: false }, { same: true }],
        files: [{ name: 'a.csv', change: 'changed' }],
      },
    ]);
  });

  it('tells changed parameters and versions, where both runs recorded them', () => {
    const versions = { segmenta: '0.1.0', engine: 'e' };
    const before = whole('2026-11-09', 'a', {}, { params: { minStores: 2 }, versions });
    const now = { params: { minStores: 3 }, versions: { ...versions, build: 'b' } };
    const explained = explainRun(dag, whole('2026-11-16', 'b', {}, now), before, []);
    expect(explained).toMatchObject({ paramChanges: ['minStores: 2 -> 3'], versionChanges: ['build: none -> b'] });
    const old = whole('2026-11-09', 'a', {}, { params: null, versions: null });
    expect(explainRun(dag, whole('2026-11-16', 'b', {}, now), old, []).versionChanges).toEqual([]);
    expect(explainRun(dag, old, before, []).paramChanges).toEqual([]);
  });
});
