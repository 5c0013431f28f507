import { describe, expect, it } from 'vitest';
import { firstFailure, recordedRun, tookMs, workOf } from '../../../dag/recorded-run.js';
import type { RunRecord, TaskRecord } from '../../../dag/run-record.js';

const name = { dag: 'shop', fecha: '2017-07-03', runId: 'one' };

const left = (task: string, more: Partial<TaskRecord> = {}): TaskRecord => ({
  task,
  output: null,
  cached: false,
  attempts: 1,
  startedAt: '2017-07-04T10:00:00.000Z',
  endedAt: '2017-07-04T10:00:01.000Z',
  ...more,
});

const record: RunRecord = {
  ...name,
  run: 'shop/2017-07-03',
  outcome: 'failed',
  startedAt: '2017-07-04T09:59:59.000Z',
  endedAt: '2017-07-04T10:00:09.000Z',
  params: { k: 3 },
  plan: { tasks: { ingest: 'run', clean: 'run', count: 'run' }, hold: false },
  origin: { kind: 'scheduled', schedule: 'weekly' },
  tasks: { success: ['ingest'], failed: ['clean'], upstream_failed: ['count'] },
  states: {
    ingest: { state: 'success', cached: true },
    clean: { state: 'failed' },
    count: { state: 'upstream_failed' },
  },
  errors: { clean: { type: 'BadInput', message: 'line 3' } },
  checks: {},
  audit: [],
  versions: { segmenta: '0.1.0', engine: '1' },
};

describe('a recorded run', () => {
  it('that ended is what its record says', () => {
    const { states, run: _run, tasks: _tasks, ...said } = record;
    expect(recordedRun(name, record, [])).toEqual({ ...said, tasks: states });
  });

  it('of the version before takes from its tasks what its own record did not keep', () => {
    const { states: _states, versions: _versions, origin: _origin, ...before } = record;
    const run = recordedRun(name, before, [left('ingest', { cached: true, note: '3 rows' })]);
    expect(run).toMatchObject({ outcome: 'failed', origin: null, versions: null });
    expect(run.tasks).toEqual({
      ingest: expect.objectContaining({ state: 'success', cached: true, attempts: 1, note: '3 rows' }),
      clean: { state: 'failed' },
      count: { state: 'upstream_failed' },
    });
    expect(firstFailure(run)).toEqual({ task: 'clean', type: 'BadInput', message: 'line 3' });
  });

  it('does not take for a success what left a record and was ruled otherwise', () => {
    const { states: _states, ...before } = { ...record, tasks: { skipped: ['ingest'] } };
    expect(recordedRun(name, before, [left('ingest')]).tasks).toEqual({
      ingest: expect.objectContaining({ state: 'skipped' }),
    });
  });

  it('that left no end is unfinished, with the tasks that succeeded, since the first of them', () => {
    const run = recordedRun(name, undefined, [
      left('clean'),
      left('ingest', { startedAt: '2017-07-04T09:00:00.000Z' }),
    ]);
    expect(run).toMatchObject({ outcome: 'unfinished', startedAt: '2017-07-04T09:00:00.000Z', endedAt: null });
    expect([workOf(run), tookMs(run), firstFailure(run)]).toEqual([{ computed: 2, cached: 0 }, null, undefined]);
  });

  it('counts what was computed and what was there', () => {
    const run = recordedRun(name, record, []);
    expect([workOf(run), tookMs(run)]).toEqual([{ computed: 0, cached: 1 }, 10_000]);
  });
});
