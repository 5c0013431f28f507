import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { executeDag, startDag } from '../../../dag/execute.js';
import type { TaskResult } from '../../../dag/executor.js';
import { inProcessExecutor } from '../../../dag/in-process-executor.js';
import { PermanentError } from '../../../dag/permanent-error.js';
import { pipeline } from '../../../dag/pipeline.js';

type Activities = {
  readonly look: (input: object) => Promise<string>;
  readonly work: (input: { readonly at: number }) => Promise<number>;
};
const { constant, each, task, map, sensor, signal, dag } = pipeline<Activities, object>();
const params = z.object({});
const made = (output: unknown): TaskResult => ({ output, cached: false });
const standstill = async (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('a sensor in this process', () => {
  const arrival = (options: Parameters<typeof sensor>[2]) =>
    dag('waits', { arrival: sensor('look', {}, { id: 'arrival', ...options }) }, params);

  it('looks every so often until it is there', async () => {
    const waits: number[] = [];
    const executor = inProcessExecutor({
      attempt: async ({ attempt }) => {
        if (attempt < 3) throw new Error('no object yet');
        return made('there');
      },
      wait: async (ms) => void waits.push(ms),
    });
    const { state, outputs } = await executeDag(arrival({ every: '2 seconds' }), {}, executor);
    expect(outputs).toEqual({ arrival: 'there' });
    expect(state.tasks['arrival']).toMatchObject({ state: 'success', attempts: 3 });
    expect(waits).toEqual([2_000, 2_000]);
  });

  it.each([
    ['fail', 'failed', { error: { type: 'Late', message: expect.stringContaining('within 1 second: no object yet') } }],
    ['skip', 'skipped', { note: expect.stringContaining('within 1 second: no object yet') }],
  ] as const)('that comes too late: %s', async (late, ended, said) => {
    const executor = inProcessExecutor({ attempt: async () => Promise.reject(new Error('no object yet')) });
    const waits = arrival({ every: '2 seconds', within: '1 second', late });
    const { state } = await executeDag(waits, {}, executor);
    expect(state.tasks['arrival']).toMatchObject({ state: ended, ...said });
  });

  it('does not look again after what no look cures', async () => {
    const executor = inProcessExecutor({
      attempt: async () => Promise.reject(new PermanentError('no such bucket')),
      wait: async () => expect.unreachable('nothing to wait for'),
    });
    const { state } = await executeDag(arrival({ late: 'skip' }), {}, executor);
    expect(state.tasks['arrival']).toMatchObject({ state: 'failed', error: { type: 'PermanentError' } });
  });
});

describe('a signal in this process', () => {
  it.each([
    ['fail', 'failed', { error: { type: 'Late', message: 'Expected a signal for go within 0.001 seconds, got none' } }],
    ['skip', 'skipped', { note: 'Expected a signal for go within 0.001 seconds, got none' }],
  ] as const)('that comes too late: %s', async (late, ended, said) => {
    const waits = dag('waits', { go: signal('go', z.string(), { within: '0.001 seconds', late }) }, params);
    const executor = inProcessExecutor({ attempt: async () => expect.unreachable('it calls nothing') });
    const { state } = await executeDag(waits, {}, executor);
    expect(state.tasks['go']).toMatchObject({ state: ended, ...said });
  });

  it('is waited for in vain where the run is cancelled', async () => {
    const stop = new AbortController();
    const waits = dag('waits', { go: signal('go', z.string()) }, params);
    const executor = inProcessExecutor({ signal: stop.signal, attempt: async () => made(0) });
    const run = startDag(waits, {}, executor);
    stop.abort();
    expect((await run.ended).state.tasks['go']?.state).toBe('cancelled');
  });
});

describe('a pool in this process', () => {
  /** How many were at work at once, at most, and the states seen of the tasks that had to wait. */
  async function crowded(pools: { readonly [pool: string]: number }) {
    let [atWork, most] = [0, 0];
    const seen = new Set<string>();
    const tasks = Object.fromEntries(
      ['a', 'b', 'c', 'd'].map((id) => [id, task('work', { at: constant(0) }, { id, pool: 'db' })]),
    );
    const items = map('work', { at: each(constant([1, 2, 3])) }, { id: 'items', pool: 'db' });
    const executor = inProcessExecutor({
      pools,
      onChange: (run) => seen.add(run.tasks['d']?.state ?? ''),
      attempt: async () => {
        atWork += 1;
        most = Math.max(most, atWork);
        await standstill();
        atWork -= 1;
        return made(1);
      },
    });
    const { state } = await executeDag(dag('pooled', { ...tasks, items }, params), {}, executor);
    expect(Object.values(state.tasks).every((ended) => ended.state === 'success')).toBe(true);
    return { most, seen: [...seen] };
  }

  it('lets so many tasks and items of maps work at once; the others are queued', async () => {
    expect(await crowded({ db: 2 })).toEqual({ most: 2, seen: ['waiting', 'queued', 'running', 'success'] });
  });

  it('that is not named has one slot', async () => {
    expect((await crowded({})).most).toBe(1);
  });

  it('gives the slot of a failed task to the next', async () => {
    const [first, next] = ['first', 'next'].map((id) => task('work', { at: constant(0) }, { id, pool: 'db' }));
    if (first === undefined || next === undefined) throw new Error('Expected two tasks');
    const executor = inProcessExecutor({
      attempt: async ({ task: { id } }) => {
        if (id === 'first') throw new PermanentError('no');
        return made(1);
      },
    });
    const { state } = await executeDag(dag('pooled', { first, next }, params), {}, executor);
    expect([state.tasks['first']?.state, state.tasks['next']?.state]).toEqual(['failed', 'success']);
  });
});
