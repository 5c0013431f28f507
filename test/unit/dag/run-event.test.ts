import { describe, expect, it } from 'vitest';
import { callbacksFor } from '../../../dag/callback.js';
import type { Callback } from '../../../dag/callback.js';
import { eventLine, failedTasks } from '../../../dag/run-event.js';
import { FAILURE } from '../../support/run-event.js';

describe('an event of a run', () => {
  it('is one line of a log, whatever its headline holds', () => {
    expect(eventLine(FAILURE)).toBe(
      '2026-11-16T05:12:00.000Z failure segmentation/2026-11-16: ' +
        'ingestTransactions failed: BadInput: Expected "año" to be a number, got \'ñ\' ' +
        '(run 6f2b8d7e-0000-4000-8000-000000000001, ' +
        'http://localhost:8233/namespaces/default/workflows/segmentation%2F2026-11-16)',
    );
    expect(eventLine({ ...FAILURE, headline: 'a\r\n\u001B[31mb\u2028c', url: null })).toBe(
      '2026-11-16T05:12:00.000Z failure segmentation/2026-11-16: a [31mb c (run 6f2b8d7e-0000-4000-8000-000000000001)',
    );
  });

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
