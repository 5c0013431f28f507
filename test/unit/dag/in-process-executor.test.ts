import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { executeDag } from '../../../dag/execute.js';
import type { TaskResult } from '../../../dag/executor.js';
import { inProcessExecutor } from '../../../dag/in-process-executor.js';
import { PermanentError } from '../../../dag/permanent-error.js';
import { pipeline } from '../../../dag/pipeline.js';
import { backoffMs } from '../../../dag/retry-policy.js';
import { failureHeadline, runOutcome } from '../../../dag/run-state.js';
import { contractParams, numbersDag } from '../../contract/contract-dags.js';
import { executorContract, numbers } from '../../contract/executor-contract.js';
import type { AttemptContext, Behaviour } from '../../contract/executor-contract.js';

const made = (output: unknown): TaskResult => ({ output, cached: false });

executorContract('in this process', async (dag, params, behaviour) => {
  const stop = new AbortController();
  const attempts = new Map<string, number>();
  const works = behaviour as { readonly [task: string]: (input: unknown, context: AttemptContext) => Promise<unknown> };
  const executor = inProcessExecutor({
    signal: stop.signal,
    wait: async () => {},
    attempt: async ({ task: { id }, input }, signal) => {
      const attempt = (attempts.get(id) ?? 0) + 1;
      attempts.set(id, attempt);
      return made(await works[id]?.(input, { attempt, signal, beat: () => {} }));
    },
  });
  const ended = executeDag(dag, dag.params.parse(params), executor).then(({ state, outputs }) => {
    const outcome = runOutcome(dag, state);
    return { state, outputs, outcome, headline: outcome === 'failed' ? failureHeadline(state) : undefined };
  });
  return { ended, cancel: async () => stop.abort(new Error('stopped')) };
});

const { task, dag } = pipeline<{ readonly work: (input: object) => Promise<number> }, { start: number }>();
const oneTask = (options: Parameters<typeof task>[2]) =>
  dag('one', { work: task('work', {}, options) }, contractParams);
const params = { start: 1 };

describe('inProcessExecutor', () => {
  it('waits twice as long after each failed attempt, and not after the last', async () => {
    const waits: number[] = [];
    const executor = inProcessExecutor({
      attempt: async () => Promise.reject(new Error('away')),
      wait: async (ms) => void waits.push(ms),
    });
    await executeDag(oneTask({ retries: 8 }), params, executor);
    expect(waits).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000]);
    expect(waits).toEqual(waits.map((_, i) => backoffMs(i + 1)));
  });

  it('does not wait after a permanent error', async () => {
    const executor = inProcessExecutor({
      attempt: async () => Promise.reject(new PermanentError('no')),
      wait: async () => expect.unreachable('nothing to wait for'),
    });
    const { state } = await executeDag(oneTask({ retries: 8 }), params, executor);
    expect(state.tasks['work']?.error).toEqual({ type: 'PermanentError', message: 'no' });
  });

  it('ends at once where it is cancelled while it waits for the next attempt', async () => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    const stop = new AbortController();
    let attempts = 0;
    const executor = inProcessExecutor({
      signal: stop.signal,
      attempt: async () => {
        attempts += 1;
        throw new Error('away');
      },
    });
    const running = executeDag(oneTask({ retries: 30 }), params, executor);
    await vi.advanceTimersByTimeAsync(1_500);
    expect(attempts).toBe(2);
    // The clock stands still from here: the wait of two seconds will not end by itself.
    stop.abort();
    expect((await running).state.tasks['work']?.state).toBe('cancelled');
    expect(attempts).toBe(2);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('starts nothing where it was cancelled before', async () => {
    const executor = inProcessExecutor({
      signal: AbortSignal.abort(),
      attempt: async () => expect.unreachable('nothing may start'),
    });
    const { state } = await executeDag(numbersDag, params, executor);
    expect(runOutcome(numbersDag, state)).toBe('cancelled');
  });

  it('keeps what a task made in spite of being cancelled, as Temporal does', async () => {
    const stop = new AbortController();
    const works: Behaviour = numbers;
    const executor = inProcessExecutor({
      signal: stop.signal,
      attempt: async ({ task: { id } }) => {
        if (id === 'read') stop.abort();
        return made(id in works ? { value: 1 } : 0);
      },
    });
    const { state } = await executeDag(numbersDag, params, executor);
    expect(state.tasks['read']?.state).toBe('success');
    expect(state.tasks['sum']?.state).toBe('cancelled');
  });

  it('gives a task with a timeout of more than a month its time: timers of Node hold 24 days', async () => {
    const executor = inProcessExecutor({
      attempt: async () => {
        await new Promise((resolve) => setTimeout(resolve, 20));
        return made(1);
      },
    });
    const { state } = await executeDag(oneTask({ timeout: '1000 hours', retries: 0 }), params, executor);
    expect(state.tasks['work']?.state).toBe('success');
  });

  it.each([
    ['a text', 'a text'],
    [undefined, 'undefined'],
  ])('reports %o, which is no Error, as it is', async (thrown, message) => {
    const executor = inProcessExecutor({ attempt: async () => Promise.reject(thrown), wait: async () => {} });
    const { state } = await executeDag(oneTask({ retries: 1 }), params, executor);
    expect(state.tasks['work']?.error).toEqual({ type: 'Error', message });
  });
});
