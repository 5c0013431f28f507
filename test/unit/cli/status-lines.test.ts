import { describe, expect, it } from 'vitest';
import { standing, statusLines } from '../../../cli/status-lines.js';
import { initialState, withTask } from '../../../dag/run-state.js';
import type { RunState, TaskState } from '../../../dag/run-state.js';
import { ventasDag } from '../../../workflows/ventas-dag.js';

const run = (tasks: { readonly [id: string]: TaskState }, more: Partial<RunState> = {}): RunState =>
  Object.entries(tasks).reduce((state, [id, task]) => withTask(state, id, task), {
    ...initialState(ventasDag),
    ...more,
  });

const error = { type: 'BadInput', message: 'line 3' };

describe('standing', () => {
  it.each([
    ['COMPLETED', {}, 'success'],
    ['FAILED', {}, 'failed'],
    ['CANCELLED', {}, 'cancelled'],
    ['TIMED_OUT', {}, 'timed_out'],
    ['RUNNING', {}, 'running'],
    ['RUNNING', { paused: true }, 'paused'],
  ])('of a workflow that is %s, with %o, is %s', (status, more, expected) => {
    expect(standing(status, ventasDag, run({}, more))).toBe(expected);
  });

  it('is cancelled, not failed, where operators cancelled it', () => {
    const ids = ventasDag.tasks.map(({ id }) => id);
    const called = run(Object.fromEntries(ids.map((id) => [id, { state: 'cancelled' as const }])));
    expect(standing('FAILED', ventasDag, called)).toBe('cancelled');
    expect(standing('FAILED', ventasDag, withTask(called, 'publishSales', { state: 'failed', error }))).toBe('failed');
    expect(standing('FAILED', ventasDag, withTask(called, 'publishSales', { state: 'waiting' }))).toBe('failed');
  });

  it('names the tasks that hold it, also while it is paused', () => {
    const held = run({ readSales: { state: 'held', error }, checkStores: { state: 'held', error } }, { paused: true });
    expect(standing('RUNNING', ventasDag, held)).toBe('held at readSales, checkStores');
    expect(standing('FAILED', ventasDag, held)).toBe('failed');
  });
});

describe('statusLines', () => {
  it('has a line a task, in the order of the DAG, then what operators did', () => {
    const audit = [{ at: Date.UTC(2026, 10, 16, 7, 5), who: 'ana', why: 'the till', action: 'retry readSales' }];
    const lines = statusLines('a title', ventasDag, run({}, { audit }));
    expect(lines[0]).toBe('a title');
    expect(lines.slice(1, -1).map((line) => line.trim().split(' ')[0])).toEqual(ventasDag.tasks.map(({ id }) => id));
    expect(lines.at(-1)).toBe('  * 2026-11-16T07:05:00.000Z retry readSales by ana: the till');
  });

  it.each<[string, RunState, string[]]>([
    [
      'a held task',
      run({ readSales: { state: 'held', error } }),
      ['retry, skip or succeed readSales, or release the run'],
    ],
    [
      'a held task that publishes',
      run({ publishSales: { state: 'held', error } }),
      ['retry or skip publishSales, or release the run'],
    ],
    ['a pause', run({}, { paused: true }), ['resume']],
    ['a signal', run({ approval: { state: 'deferred' } }), ['signal approval']],
    ['a sensor, which waits for nobody', run({ arrival: { state: 'deferred' } }), []],
  ])('ends with what is to be done about %s', (_, state, expected) => {
    const next = statusLines('', ventasDag, state).filter((line) => line.startsWith('  next: '));
    expect(next).toEqual(expected.map((step) => `  next: ${step}`));
  });
});
