import { describe, expect, it } from 'vitest';
import { failureHeadline, initialState, runOutcome, tasksIn, withTask } from '../../../dag/run-state.js';
import type { RunState, TaskState, TaskStateName } from '../../../dag/run-state.js';
import { shopDag } from './sample-dag.js';

const run = (tasks: { readonly [id: string]: TaskState }): RunState => ({
  dag: 'shop',
  tasks,
  paused: false,
  audit: [],
});
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

  /** ingest -> clean, count -> publish-shop. */
  const shop = (...states: readonly TaskStateName[]): RunState =>
    run(Object.fromEntries(shopDag().tasks.map(({ id }, i) => [id, { state: states[i] ?? 'waiting' }])));

  it('ends as its leaves do: failed where one failed or could not run', () => {
    expect(runOutcome(shopDag(), shop('success', 'success', 'success', 'failed'))).toBe('failed');
    expect(runOutcome(shopDag(), shop('success', 'failed', 'success', 'upstream_failed'))).toBe('failed');
    expect(runOutcome(shopDag(), shop('failed', 'cancelled', 'cancelled', 'upstream_failed'))).toBe('failed');
  });

  it('succeeds where its leaves succeeded or were skipped, whatever failed before them', () => {
    expect(runOutcome(shopDag(), shop('success', 'failed', 'success', 'success'))).toBe('success');
    expect(runOutcome(shopDag(), shop('success', 'success', 'skipped', 'skipped'))).toBe('success');
  });

  it('is cancelled where a task was, and no leaf failed', () => {
    expect(runOutcome(shopDag(), shop('success', 'cancelled', 'success', 'cancelled'))).toBe('cancelled');
  });

  it('has other leaves where a part of the DAG is left out', () => {
    expect(runOutcome(shopDag(), shop('success', 'failed', 'excluded', 'excluded'))).toBe('failed');
    expect(runOutcome(shopDag(), shop('success', 'success', 'excluded', 'excluded'))).toBe('success');
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
