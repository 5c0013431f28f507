import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { startDag } from '../../../dag/execute.js';
import type { DagRun } from '../../../dag/execute.js';
import { inProcessExecutor } from '../../../dag/in-process-executor.js';
import type { AttemptCall } from '../../../dag/in-process-executor.js';
import { PermanentError } from '../../../dag/permanent-error.js';
import { pipeline } from '../../../dag/pipeline.js';
import { planRun } from '../../../dag/run-plan.js';
import type { PlanRequest } from '../../../dag/run-plan.js';
import type { Dag } from '../../../dag/dag.js';

type Activities = {
  readonly list: (input: object) => Promise<readonly number[]>;
  readonly square: (input: { readonly of: number }) => Promise<number>;
  readonly tell: (input: { readonly squares: readonly number[] }) => Promise<string>;
};
const { task, map, each, signal, dag } = pipeline<Activities, object>();
const ana = { who: 'ana', why: 'to see' };
const params = z.object({});

const list = task('list', {});
const squares = map('square', { of: each(list) }, { concurrency: 2 });
const squaresDag = dag('squares', { squares }, params);

const approval = signal('approval', z.object({ by: z.string(), note: z.string().default('none') }), { after: [list] });
const approvalDag = dag('approved', { approval }, params);

/** Tasks that end when the test says so. */
function started(dag: Dag, request: PlanRequest = {}) {
  const calls: { readonly call: AttemptCall; end(output: unknown): void; fail(): void }[] = [];
  const executor = inProcessExecutor({
    attempt: async (call, signal) =>
      new Promise((resolve, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason), { once: true });
        calls.push({
          call,
          end: (output) => resolve({ output, cached: false }),
          fail: () => reject(new PermanentError('no')),
        });
      }),
  });
  const run = startDag(dag, {}, executor, planRun(dag, request));
  return { run, calls };
}

const standstill = async (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const items = (run: DagRun): string[] => (run.state().tasks['square']?.items ?? []).map(({ state }) => state);

describe('an operator', () => {
  it('holds the items of a map that have not begun by a pause, and lets them go by its end', async () => {
    const { run, calls } = started(squaresDag);
    calls[0]?.end([1, 2, 3]);
    await standstill();
    run.act({ do: 'pause' }, ana);
    calls[1]?.end(1);
    calls[2]?.end(4);
    await standstill();
    expect(items(run)).toEqual(['success', 'success', 'waiting']);
    expect(calls).toHaveLength(3);
    run.act({ do: 'resume' }, ana);
    await standstill();
    calls[3]?.end(9);
    expect((await run.ended).outputs).toEqual({ squares: [1, 4, 9] });
  });

  it('skips a map of a paused run: its items do not wait for the end of the pause', async () => {
    const { run, calls } = started(squaresDag);
    calls[0]?.end([1, 2, 3]);
    await standstill();
    run.act({ do: 'pause' }, ana);
    calls[1]?.end(1);
    calls[2]?.end(4);
    await standstill();
    run.act({ do: 'skip', task: 'square' }, ana);
    const { state } = await run.ended;
    expect(state.tasks['square']?.state).toBe('skipped');
    expect(calls).toHaveLength(3);
  });

  it('cannot pause a run that is being cancelled: what is at work would never end', async () => {
    const { run, calls } = started(squaresDag);
    calls[0]?.end([1, 2, 3]);
    await standstill();
    run.act({ do: 'cancel' }, ana);
    expect(run.refusal({ do: 'pause' })).toBe('it is being cancelled');
    expect(run.refusal({ do: 'cancel' })).toBe('it is being cancelled');
    expect((await run.ended).state.tasks['square']?.state).toBe('cancelled');
    for (const action of ['pause', 'resume', 'cancel', 'release'] as const) {
      expect(run.refusal({ do: action })).toBe('it has ended already');
    }
  });

  it('retries the failed items of a held map, and keeps the others', async () => {
    const { run, calls } = started(squaresDag, { hold: true });
    calls[0]?.end([1, 2, 3]);
    await standstill();
    calls[1]?.end(1);
    calls[2]?.fail();
    await standstill();
    calls[3]?.end(9);
    await standstill();
    expect(run.state().tasks['square']).toMatchObject({ state: 'held', error: { type: 'ItemsFailed' } });
    run.act({ do: 'retry', task: 'square' }, ana);
    await standstill();
    expect(calls.slice(4).map(({ call }) => [call.item, call.mode, call.input])).toEqual([[1, 'refresh', { of: 2 }]]);
    calls[4]?.end(4);
    expect((await run.ended).outputs).toEqual({ squares: [1, 4, 9] });
  });

  it('sends a signal as its schema reads it, before or after its task waits', async () => {
    for (const early of [true, false]) {
      const { run, calls } = started(approvalDag);
      if (!early) {
        calls[0]?.end([]);
        await standstill();
        expect(run.state().tasks['approval']?.state).toBe('deferred');
      }
      run.act({ do: 'signal', task: 'approval', value: { by: 'eva' } }, ana);
      if (early) calls[0]?.end([]);
      expect((await run.ended).outputs).toEqual({ approval: { by: 'eva', note: 'none' } });
    }
  });

  it('brings a task that is held because its signal came too late to success by sending it', async () => {
    const late = dag('late', { approval: signal('approval', z.string(), { within: '0.001 seconds' }) }, params);
    const { run } = started(late, { hold: true });
    await expect.poll(() => run.state().tasks['approval']?.state).toBe('held');
    run.act({ do: 'signal', task: 'approval', value: 'yes' }, ana);
    const { state, outputs } = await run.ended;
    expect(outputs).toEqual({ approval: 'yes' });
    expect(state.tasks['approval']).toMatchObject({ state: 'success', note: 'received' });
  });

  it('has the last word on a task that is about to end by itself', async () => {
    const { run, calls } = started(approvalDag);
    run.act({ do: 'signal', task: 'approval', value: { by: 'eva' } }, ana);
    run.act({ do: 'pause' }, ana);
    calls[0]?.end([]);
    await standstill();
    // The signal is there: the task begins and ends in one go, but for a moment between the two.
    run.act({ do: 'resume' }, ana);
    run.act({ do: 'skip', task: 'approval' }, ana);
    const { state } = await run.ended;
    await standstill();
    expect(state.tasks['approval']?.state).toBe('skipped');
    expect(run.state()).toBe(state);
  });

  it('retries a pinned task as a pinned one: its inputs are not part of the run', async () => {
    const tell = task('tell', { squares });
    const told = dag('told', { tell }, params);
    const reuse = { record: 'runs/told/one', succeeded: new Set(['square']), skipped: new Set<string>() };
    const { run, calls } = started(told, { select: new Set(['tell']), reuse, hold: true });
    calls[0]?.fail();
    await standstill();
    run.act({ do: 'retry', task: 'square' }, ana);
    await standstill();
    expect(calls.map(({ call }) => [call.task.id, call.mode])).toEqual([
      ['square', 'pinned'],
      ['square', 'pinned'],
    ]);
    run.act({ do: 'cancel' }, ana);
    await run.ended;
  });
});
