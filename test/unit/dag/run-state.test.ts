import { describe, expect, it } from 'vitest';
import { failureHeadline, initialState, runOutcome, tasksIn, withTask } from '../../../dag/run-state.js';
import type { RunState, TaskState } from '../../../dag/run-state.js';
import { shopDag } from './sample-dag.js';

const run = (tasks: { readonly [id: string]: TaskState }): RunState => ({ dag: 'shop', tasks });
const failed = (message: string): TaskState => ({ state: 'failed', error: { type: 'BadInput', message } });

describe('the state of a run', () => {
  it('begins with every task waiting, in the order of the DAG', () => {
    const state = initialState(shopDag());
    expect(Object.keys(state.tasks)).toEqual(shopDag().tasks.map(({ id }) => id));
    expect(tasksIn(state, 'waiting')).toHaveLength(4);
  });

  it('keeps that order through changes, and leaves earlier states as they were', () => {
    const before = initialState(shopDag());
    const after = withTask(before, 'count', { state: 'running' });
    expect(Object.keys(after.tasks)).toEqual(Object.keys(before.tasks));
    expect(before.tasks['count']).toEqual({ state: 'waiting' });
    expect(tasksIn(after, 'running', 'waiting')).toHaveLength(4);
  });

  it('is failed where a task failed, also beside a cancelled one', () => {
    expect(runOutcome(run({ a: failed('x'), b: { state: 'cancelled' }, c: { state: 'success' } }))).toBe('failed');
  });

  it('is cancelled where a task was and none failed, else a success', () => {
    expect(runOutcome(run({ a: { state: 'success' }, b: { state: 'cancelled' } }))).toBe('cancelled');
    expect(runOutcome(run({ a: { state: 'success' } }))).toBe('success');
  });

  it('has a headline with the first failed task, its error, and the other failed tasks', () => {
    const state = run({
      a: { state: 'success' },
      b: failed('no dni'),
      c: { state: 'upstream_failed' },
      d: failed('y'),
    });
    expect(failureHeadline(state)).toBe('b failed: BadInput: no dni (failed too: d)');
    expect(failureHeadline(run({ b: failed('no dni') }))).toBe('b failed: BadInput: no dni');
  });
});
