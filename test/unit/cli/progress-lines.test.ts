import { describe, expect, it } from 'vitest';
import { outcomeLine, progressLines, taskLine } from '../../../cli/progress-lines.js';
import type { RunState, TaskState } from '../../../dag/run-state.js';

const run = (tasks: { readonly [id: string]: TaskState }, audit: RunState['audit'] = []): RunState => ({
  dag: 'shop',
  tasks,
  paused: false,
  audit,
});

const check = { severity: 'warn', figures: {}, message: 'Expected 3, got 2' } as const;

describe('taskLine', () => {
  it.each<[string, TaskState]>([
    [
      '  + count  success     1.5 s  7 rows',
      { state: 'success', startedAt: 0, endedAt: 1_500, note: '7 rows', cached: false },
    ],
    [
      '  + count  cached      0.0 s  7 rows',
      { state: 'success', startedAt: 0, endedAt: 1, note: '7 rows', cached: true },
    ],
    ['  > count  running', { state: 'running', startedAt: 0 }],
    ['  ~ count  deferred', { state: 'deferred', startedAt: 0 }],
    ['  . count  queued    0 of 2 items', { state: 'queued', items: [{ state: 'waiting' }, { state: 'running' }] }],
    [
      '  > count  running   1 of 2 items, 1 failed',
      { state: 'running', items: [{ state: 'failed' }, { state: 'running' }] },
    ],
    [
      '  x count  failed      2.0 s  BadInput: line 3',
      { state: 'failed', startedAt: 0, endedAt: 2_000, error: { type: 'BadInput', message: 'line 3' } },
    ],
    [
      '  ! count  held        2.0 s  BadInput: line 3',
      { state: 'held', startedAt: 0, endedAt: 2_000, error: { type: 'BadInput', message: 'line 3' } },
    ],
    ['  - count  skipped   none to count', { state: 'skipped', note: 'none to count' }],
    [
      '  + count  success     0.0 s  WARNING: Expected 3, got 2',
      { state: 'success', startedAt: 0, endedAt: 0, note: '2', check: { ...check, passed: false } },
    ],
    [
      '  + count  success     0.0 s  3',
      { state: 'success', startedAt: 0, endedAt: 0, note: '3', check: { ...check, passed: true } },
    ],
    ['    count  waiting', { state: 'waiting' }],
  ])('is `%s`', (line, task) => {
    expect(taskLine('count', task, 5)).toBe(line);
  });
});

describe('progressLines', () => {
  const before = run({ read: { state: 'running' }, count: { state: 'waiting' }, rest: { state: 'excluded' } });

  it('says nothing where nothing changed, and nothing of what is no part of the run', () => {
    expect(progressLines(before, before)).toEqual([]);
    expect(progressLines(undefined, run({ read: { state: 'waiting' }, rest: { state: 'excluded' } }))).toEqual([]);
  });

  it('tells a state that came and went between two looks by where it ended', () => {
    const after = run({
      read: { state: 'success', note: 'all' },
      count: { state: 'success', note: '7' },
      rest: { state: 'excluded' },
    });
    expect(progressLines(before, after).map((line) => line.slice(0, 11))).toEqual(['  + read   ', '  + count  ']);
  });

  it('says what operators did once, before what came of it', () => {
    const pause = { at: 0, who: 'ana', why: 'the till', action: 'pause' };
    const resume = { at: 1, who: 'eva', why: 'fixed', action: 'resume' };
    const paused = { ...before, audit: [pause] };
    expect(progressLines(before, paused)).toEqual(['  * pause by ana: the till']);
    expect(progressLines(paused, run({ ...before.tasks, count: { state: 'running' } }, [pause, resume]))).toEqual([
      '  * resume by eva: fixed',
      '  > count  running',
    ]);
  });
});

describe('outcomeLine', () => {
  const success = { state: 'success', cached: false } as const;
  const cached = { state: 'success', cached: true } as const;

  it('counts what was computed and what was cached, of the tasks of the run', () => {
    const state = run({ a: success, b: cached, c: { state: 'excluded' } });
    expect(outcomeLine('shop/1', state, 'success')).toBe('shop/1: success, 1 of 2 tasks computed, 1 cached');
  });

  it('says that there was nothing to compute', () => {
    expect(outcomeLine('shop/1', run({ a: cached, b: cached }), 'success')).toBe(
      'shop/1: success, 0 of 2 tasks computed, 2 cached: nothing to compute',
    );
  });

  it('counts what came to no success by how it ended; a check that failed by a remembered figure is no success', () => {
    const state = run({
      a: success,
      b: { state: 'failed', cached: true },
      c: { state: 'upstream_failed' },
      d: { state: 'skipped' },
    });
    expect(outcomeLine('shop/1', state, 'failed')).toBe(
      'shop/1: failed, 1 of 4 tasks computed, 0 cached, 1 failed, 1 upstream_failed, 1 skipped',
    );
  });
});
