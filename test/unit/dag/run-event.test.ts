import { describe, expect, it } from 'vitest';
import { callbacksFor } from '../../../dag/callback.js';
import type { Callback } from '../../../dag/callback.js';
import { failedTasks } from '../../../dag/run-event.js';

describe('an event of a run', () => {
  it('names the failed tasks in the order of the DAG, and no others', () => {
    const run = {
      dag: 'shop',
      tasks: {
        a: { state: 'success' },
        b: { state: 'failed', error: { type: 'BadInput', message: 'no dni' } },
        c: { state: 'upstream_failed' },
        d: { state: 'failed' },
      },
      paused: false,
      audit: [],
    } as const;
    expect(failedTasks(run)).toEqual([
      { task: 'b', type: 'BadInput', message: 'no dni' },
      { task: 'd', type: 'Error', message: 'no message' },
    ]);
  });

  it('goes to the callbacks that want it of its DAG', () => {
    const callbacks: Callback[] = [
      { url: 'http://a', on: ['failure', 'deadline'] },
      { url: 'http://b', on: ['success'] },
      { url: 'http://c', on: ['failure'], dags: ['lookalikes', 'segmentation'] },
      { url: 'http://d', on: ['failure'], dags: ['lookalikes'] },
    ];
    const taken = (event: 'success' | 'failure' | 'deadline', dag: string): string[] =>
      callbacksFor(callbacks, { event, dag }).map(({ url }) => url);
    expect(taken('failure', 'segmentation')).toEqual(['http://a', 'http://c']);
    expect(taken('failure', 'lookalikes')).toEqual(['http://a', 'http://c', 'http://d']);
    expect(taken('success', 'segmentation')).toEqual(['http://b']);
    expect(taken('deadline', 'other')).toEqual(['http://a']);
  });
});
