import { describe, expect, it } from 'vitest';
import type { Duration } from '../../../dag/duration.js';
import type { RunRecord } from '../../../dag/run-record.js';
import { eventLine, runLine, runObservations, zeros } from '../../../worker/run-report.js';
import { FAILURE } from '../../support/run-event.js';

const record = (changes: Partial<RunRecord> = {}): RunRecord => ({
  dag: 'ventas',
  fecha: '2026-11-16',
  run: 'ventas/2026-11-16',
  runId: 'r-1',
  outcome: 'success',
  startedAt: '2026-11-17T05:00:00.000Z',
  endedAt: '2026-11-17T05:10:00.000Z',
  params: { fecha: '2026-11-16', timeZone: 'UTC' },
  plan: { tasks: {}, hold: false },
  origin: { kind: 'scheduled', schedule: 'diario' },
  tasks: { success: ['read', 'publish'], skipped: ['alert'], excluded: ['export'] },
  errors: {},
  checks: {},
  audit: [],
  ...changes,
});

const observed = (run: RunRecord, deadline?: Duration): string[] =>
  runObservations(run, deadline).map(
    ({ metric, value, labels }) => `${metric.replace('segmenta_', '')} ${Object.values(labels).join(' ')} ${value}`,
  );

const lateness = (run: RunRecord, deadline?: Duration): string[] =>
  observed(run, deadline).filter((line) => line.startsWith('partition_'));

describe('the end of a run adds to the metrics', () => {
  it('the run, its length, its tasks but for those left out, and the success', () => {
    expect(observed(record())).toEqual([
      'runs_ended_total ventas success scheduled 1',
      'run_duration_seconds ventas success scheduled 600',
      'tasks_ended_total ventas read success 1',
      'tasks_ended_total ventas publish success 1',
      'tasks_ended_total ventas alert skipped 1',
      'run_last_success_timestamp_seconds ventas scheduled 1794892200',
    ]);
  });

  it('how early it was: below zero, and late by nothing', () => {
    expect(lateness(record(), '30 hours')).toEqual([
      'partition_lateness_seconds ventas scheduled -3000',
      'partition_late_by_seconds ventas scheduled 0',
    ]);
  });

  it('how late it was, by the zone of the run', () => {
    expect(lateness(record(), '29 hours')).toEqual([
      'partition_lateness_seconds ventas scheduled 600',
      'partition_late_by_seconds ventas scheduled 600',
    ]);
    const east = record({ params: { timeZone: 'America/Bogota' } });
    expect(lateness(east, '24 hours')).toEqual([
      'partition_lateness_seconds ventas scheduled 600',
      'partition_late_by_seconds ventas scheduled 600',
    ]);
  });

  it('no lateness without a partition, a date or a deadline', () => {
    expect(lateness(record({ outcome: 'failed' }), '1 hour')).toEqual([]);
    expect(lateness(record({ outcome: 'cancelled' }), '1 hour')).toEqual([]);
    expect(lateness(record({ fecha: null }), '1 hour')).toEqual([]);
    expect(lateness(record())).toEqual([]);
  });

  it('no length below zero where clocks disagree', () => {
    expect(observed(record({ startedAt: '2026-11-17T05:10:01.000Z' }))[1]).toBe(
      'run_duration_seconds ventas success scheduled 0',
    );
  });
});

describe('a worker starts with', () => {
  it('a zero for every way in which a run can end, and for deadlines where there are any', () => {
    const dags = [{ id: 'a' }, { id: 'b', deadline: '1 hour' as const }];
    const series = zeros(dags);
    const dagsOf = (name: string): unknown[] =>
      series.flatMap(({ metric, labels }) => (metric === name && 'dag' in labels ? [labels.dag] : []));
    expect(dagsOf('segmenta_runs_ended_total')).toHaveLength(18);
    expect(dagsOf('segmenta_deadlines_missed_total')).toEqual(['b', 'b', 'b']);
    expect(series.every(({ value }) => value === 0)).toBe(true);
  });
});

describe('the log says', () => {
  it('how a run ended, and the first task that failed it', () => {
    const error = { type: 'BadInput', message: 'no dni' };
    const failed = record({ outcome: 'failed', errors: { read: error }, tasks: { failed: ['read'] } });
    expect(runLine(failed)).toEqual({
      level: 'error',
      fields: {
        event: 'run',
        dag: 'ventas',
        fecha: '2026-11-16',
        run: 'ventas/2026-11-16',
        runId: 'r-1',
        kind: 'scheduled',
        outcome: 'failed',
        durationMs: 600_000,
        task: 'read',
        error,
      },
      message: 'ventas/2026-11-16: ended in 600.0 s: failed',
    });
    // A failure that a later task caught.
    expect(runLine(record({ errors: { read: error } }))).toMatchObject({
      level: 'info',
      fields: { outcome: 'success' },
    });
  });

  it('an event, and how many callbacks take it', () => {
    const { level, fields, message } = eventLine(FAILURE, 2);
    expect([level, message]).toEqual(['warn', `failure ${FAILURE.workflowId}: ${FAILURE.headline}`]);
    expect(fields).toMatchObject({ event: 'failure', fecha: FAILURE.fecha, runId: FAILURE.runId, callbacks: 2 });
    expect(eventLine({ ...FAILURE, event: 'deadline', deadline: '2026-11-17T06:00:00.000Z' }, 0).fields).toMatchObject({
      deadline: '2026-11-17T06:00:00.000Z',
    });
  });
});
