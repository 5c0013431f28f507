import { describe, expect, it } from 'vitest';
import { NotYet } from '../../../activities/run-activity.js';
import type { Artifact } from '../../../dag/artifact.js';
import { PermanentError } from '../../../dag/permanent-error.js';
import { attemptLine, attemptObservations } from '../../../worker/attempt-report.js';
import type { EndedAttempt } from '../../../worker/attempt-report.js';

const artifact = (kind: string, content: string, rows: number): Artifact => ({
  kind,
  uri: `artifacts/${kind}/${content}.parquet`,
  sha256: content,
  bytes: rows * 10,
  rows,
  schema: [],
});

const made = artifact('features', 'abc', 40);

const attempt = (changes: Partial<EndedAttempt> = {}, call: Partial<EndedAttempt['call']> = {}): EndedAttempt => ({
  call: {
    run: { id: 'segmentation/2026-11-16/r-1', record: 'runs/segmentation/2026-11-16/r-1' },
    task: 'buildFeatures',
    input: { events: artifact('events', 'def', 1_000) },
    mode: 'by-content',
    ...call,
  },
  remembers: true,
  attempt: 1,
  retried: false,
  stopped: false,
  durationMs: 1_250,
  blockedMs: 40,
  end: { result: { output: made, cached: false, note: '40 customers' } },
  ...changes,
});

const observed = (ended: EndedAttempt): string[] =>
  attemptObservations(ended).map(
    ({ metric, value, labels }) => `${metric.replace('segmenta_', '')} ${Object.values(labels).join(' ')} ${value}`,
  );

describe('an attempt adds to the metrics', () => {
  it('its length, the miss, and what it wrote', () => {
    expect(observed(attempt())).toEqual([
      'task_duration_seconds segmentation buildFeatures success false 1.25',
      'event_loop_block_seconds segmentation buildFeatures 0.04',
      'cache_lookups_total segmentation buildFeatures miss 1',
      'artifact_rows_total segmentation buildFeatures features 40',
      'artifact_bytes_total segmentation buildFeatures features 400',
    ]);
  });

  it('a hit, and nothing written, where the result was remembered', () => {
    expect(observed(attempt({ end: { result: { output: made, cached: true } } }))).toEqual([
      'task_duration_seconds segmentation buildFeatures success true 1.25',
      'event_loop_block_seconds segmentation buildFeatures 0.04',
      'cache_lookups_total segmentation buildFeatures hit 1',
    ]);
  });

  it('neither a hit nor a miss where it did not ask', () => {
    const result = { output: { version: 3 }, cached: true };
    for (const ended of [
      attempt({ remembers: false, end: { result } }),
      attempt({ end: { result } }, { mode: 'pinned' }),
      attempt({ end: { result } }, { mode: 'refresh' }),
    ]) {
      expect(observed(ended)).toEqual([
        'task_duration_seconds segmentation buildFeatures success true 1.25',
        'event_loop_block_seconds segmentation buildFeatures 0.04',
      ]);
    }
  });

  it('every artifact of its output, but for those that it was given', () => {
    const input = { all: made };
    const output = { same: made, parts: [artifact('part', 'p1', 1), artifact('part', 'p2', 2)] };
    expect(observed(attempt({ end: { result: { output, cached: false } } }, { input })).slice(3)).toEqual([
      'artifact_rows_total segmentation buildFeatures part 1',
      'artifact_bytes_total segmentation buildFeatures part 10',
      'artifact_rows_total segmentation buildFeatures part 2',
      'artifact_bytes_total segmentation buildFeatures part 20',
    ]);
  });

  it.each([
    ['skipped', { end: { result: { output: null, cached: false, skipped: 'nothing to do' } } }],
    ['not_yet', { end: { error: new NotYet('no object') } }],
    ['cancelled', { stopped: true, end: { error: new Error('aborted') } }],
    ['failed', { end: { error: new Error('broken') } }],
  ])('its outcome: %s', (outcome, changes) => {
    expect(observed(attempt(changes))[0]).toBe(
      `task_duration_seconds segmentation buildFeatures ${outcome} false 1.25`,
    );
  });
});

describe('the log says of an attempt', () => {
  it('which run, date, task and item it was, how long it took and what came of it', () => {
    expect(attemptLine(attempt({ attempt: 2 }, { item: 7 }))).toEqual({
      level: 'info',
      fields: {
        event: 'task',
        dag: 'segmentation',
        fecha: '2026-11-16',
        run: 'segmentation/2026-11-16',
        runId: 'r-1',
        task: 'buildFeatures',
        item: 7,
        attempt: 2,
        outcome: 'success',
        durationMs: 1_250,
        blockedMs: 40,
        cached: false,
        note: '40 customers',
      },
      message: 'segmentation/2026-11-16 buildFeatures#7: success in 1.3 s: 40 customers',
    });
  });

  it('no date where the DAG has none', () => {
    const run = { id: 'tidy/r-2', record: 'runs/tidy/undated/r-2' };
    expect(attemptLine(attempt({}, { run })).fields).toMatchObject({
      dag: 'tidy',
      fecha: null,
      run: 'tidy',
      runId: 'r-2',
    });
  });

  it('the error by type and message; a warning while it is retried', () => {
    const end = { error: new PermanentError('no column dni') };
    const { level, fields, message } = attemptLine(attempt({ end }));
    expect([level, fields['error']]).toEqual(['error', { type: 'PermanentError', message: 'no column dni' }]);
    expect(message).toBe(
      'segmentation/2026-11-16 buildFeatures: failed in 1.3 s, attempt 1: PermanentError: no column dni',
    );
    expect(attemptLine(attempt({ end: { error: new Error('refused') }, retried: true })).level).toBe('warn');
    expect(attemptLine(attempt({ end, stopped: true, retried: true })).level).toBe('info');
    expect(attemptLine(attempt({ end: { error: new NotYet('no object') }, retried: true })).level).toBe('debug');
  });
});
