import { expect, it } from 'vitest';
import { planRun } from '../../dag/run-plan.js';
import { tasksIn } from '../../dag/run-state.js';
import { numbersDag } from './contract-dags.js';
import { SkipSelf, counted, numbers, runToEnd, statesOf } from './contract-run.js';
import type { StartContractRun } from './contract-run.js';

/** What runs of a part of a DAG do, whoever runs them. */
export function planContract(start: StartContractRun): void {
  const run = runToEnd(start);

  it('works on the tasks of its plan alone, and says of the others that it was started without them', async () => {
    const { behaviour, attempts } = counted(numbers);
    const plan = planRun(numbersDag, { select: new Set(['read', 'double']) });
    const { state, outcome, outputs } = await run(numbersDag, behaviour, plan);
    expect(outcome).toBe('success');
    expect(attempts).toEqual({ read: 1, double: 1 });
    expect(tasksIn(state, 'excluded')).toEqual(['triple', 'sum', 'aside']);
    expect(outputs).toEqual({});
  });

  it('takes the results of an earlier run for pinned tasks, though the work would now give others', async () => {
    const earlier = await start(numbersDag, { start: 5 }, numbers);
    const { state: before } = await earlier.ended;
    const reuse = {
      record: earlier.record,
      succeeded: new Set(tasksIn(before, 'success')),
      skipped: new Set<string>(),
    };
    const plan = planRun(numbersDag, { select: new Set(['triple', 'sum']), reuse });
    const { behaviour, attempts } = counted({ ...numbers, triple: async ({ value }) => value * 30 });
    const { state, outputs, outcome } = await run(numbersDag, behaviour, plan);
    expect(outcome).toBe('success');
    expect(attempts).toEqual({ triple: 1, sum: 1 });
    expect(outputs).toEqual({ sum: 10 + 150 + 100, aside: 'aside of 5' });
    expect(state.tasks['double']).toMatchObject({ state: 'success', cached: true });
    expect(state.tasks['triple']).toMatchObject({ state: 'success', cached: false });
  });

  it('leaves what an earlier run skipped skipped', async () => {
    const earlier = await start(numbersDag, { start: 5 }, { ...numbers, double: async () => new SkipSelf('odd') });
    const { state: before } = await earlier.ended;
    expect(statesOf(before)).toMatchObject({ double: 'skipped', sum: 'skipped' });
    const reuse = {
      record: earlier.record,
      succeeded: new Set(tasksIn(before, 'success')),
      skipped: new Set(tasksIn(before, 'skipped')),
    };
    const { behaviour, attempts } = counted(numbers);
    const plan = planRun(numbersDag, { select: new Set(['aside']), reuse });
    const { state } = await run(numbersDag, behaviour, plan);
    expect(attempts).toEqual({ aside: 1 });
    expect(statesOf(state)).toEqual({
      read: 'success',
      double: 'skipped',
      triple: 'success',
      sum: 'skipped',
      aside: 'success',
    });
  });

  it('fails a pinned task whose earlier result is gone, and says so', async () => {
    const reuse = { record: 'runs/numbers/undated/none', succeeded: new Set(['read']), skipped: new Set<string>() };
    const plan = planRun(numbersDag, { select: new Set(['double']), reuse });
    const { state } = await run(numbersDag, numbers, plan);
    expect(state.tasks['read']?.error?.type).toBe('PinnedResultGone');
    expect(state.tasks['double']?.state).toBe('upstream_failed');
  });
}
