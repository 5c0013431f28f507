import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { executeDag, startDag } from '../../../dag/execute.js';
import type { TaskResult } from '../../../dag/executor.js';
import { inProcessExecutor } from '../../../dag/in-process-executor.js';
import { PermanentError } from '../../../dag/permanent-error.js';
import { pipeline } from '../../../dag/pipeline.js';
import { backoffMs } from '../../../dag/retry-policy.js';
import { wholePlan } from '../../../dag/run-plan.js';
import { failureHeadline, runOutcome } from '../../../dag/run-state.js';
import { NARROW, contractParams, numbersDag } from '../../contract/contract-dags.js';
import { SkipSelf, attemptCounter, numbers, pause, worksOf } from '../../contract/contract-run.js';
import type { Behaviour } from '../../contract/contract-run.js';
import { executorContract } from '../../contract/executor-contract.js';

const made = (output: unknown): TaskResult => ({ output, cached: false });

/** What the tasks of each run gave, by the run's record: what a later run is pinned to. */
const records = new Map<string, Map<string, unknown>>();

class PinnedResultGone extends PermanentError {
  override readonly name = 'PinnedResultGone';
}

executorContract('in this process', async (dag, params, behaviour, plan = wholePlan(dag)) => {
  const stop = new AbortController();
  const attemptOf = attemptCounter();
  const works = worksOf(behaviour);
  const record = `runs/${dag.id}/undated/${records.size}`;
  const outputs = new Map<string, unknown>();
  records.set(record, outputs);
  const executor = inProcessExecutor({
    signal: stop.signal,
    pools: { narrow: NARROW },
    // Turns of the event loop have to come between two looks of a sensor.
    wait: async (ms) => pause(Math.min(ms, 20)),
    attempt: async ({ task: { id, activity }, input, mode }, signal) => {
      if (mode === 'pinned') {
        const known = records.get(plan.reuse ?? '');
        if (known?.has(id) !== true) throw new PinnedResultGone(`Expected a result of ${id}, got none`);
        return { output: known.get(id), cached: true };
      }
      const attempt = attemptOf(activity, input);
      const output = await works[activity]?.(input, { attempt, signal, beat: () => {} });
      if (output instanceof SkipSelf) return { output: null, cached: false, skipped: output.why };
      outputs.set(id, output);
      return made(output);
    },
  });
  const run = startDag(dag, dag.params.parse(params), executor, plan);
  const ended = run.ended.then(({ state, outputs }) => {
    const outcome = runOutcome(dag, state);
    return { state, outputs, outcome, headline: outcome === 'failed' ? failureHeadline(state) : undefined };
  });
  return {
    ended,
    record,
    state: async () => run.state(),
    act: async (action, operator = { who: 'the test', why: 'it says so' }) => {
      const refused = run.refusal(action);
      if (refused === undefined) run.act(action, operator);
      return refused;
    },
    cancel: async () => stop.abort(new Error('stopped')),
  };
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
