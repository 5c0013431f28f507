import { expect, it } from 'vitest';
import type { CheckResult } from '../../dag/pipeline.js';
import { planRun } from '../../dag/run-plan.js';
import { tasksIn } from '../../dag/run-state.js';
import { TRIGGER_RULES } from '../../dag/trigger-rule.js';
import { checkedDag, rulesDag } from './contract-dags.js';
import { SkipSelf, counted, pause, runToEnd, statesOf } from './contract-run.js';
import type { Behaviour, StartContractRun } from './contract-run.js';

type End = 'success' | 'failed' | 'skipped';

const ending = (end: End) => async (): Promise<number | SkipSelf> => {
  if (end === 'failed') throw new TypeError('no');
  return end === 'skipped' ? new SkipSelf('nothing to do') : 1;
};

/** What trigger rules, order edges and checks do, whoever runs the DAG. */
export function triggerContract(start: StartContractRun): void {
  const run = runToEnd(start);

  it.each<{ ends: [End, End]; run: string[]; skipped: string[] }>([
    {
      ends: ['success', 'success'],
      run: [
        'all_success',
        'all_done',
        'all_done_min_one_success',
        'one_success',
        'one_done',
        'none_failed',
        'none_failed_min_one_success',
        'none_skipped',
        'always',
      ],
      skipped: ['all_failed', 'all_skipped', 'one_failed'],
    },
    {
      ends: ['success', 'failed'],
      run: ['all_done', 'all_done_min_one_success', 'one_success', 'one_failed', 'one_done', 'none_skipped', 'always'],
      skipped: ['all_failed', 'all_skipped'],
    },
    {
      ends: ['success', 'skipped'],
      run: ['all_done', 'one_success', 'one_done', 'none_failed', 'none_failed_min_one_success', 'always'],
      skipped: ['all_success', 'all_failed', 'all_done_min_one_success', 'all_skipped', 'one_failed', 'none_skipped'],
    },
    {
      ends: ['failed', 'failed'],
      run: ['all_failed', 'all_done', 'one_failed', 'one_done', 'none_skipped', 'always'],
      skipped: ['all_skipped'],
    },
    {
      ends: ['skipped', 'skipped'],
      run: ['all_done', 'all_skipped', 'none_failed', 'always'],
      skipped: [
        'all_success',
        'all_failed',
        'all_done_min_one_success',
        'one_success',
        'one_failed',
        'one_done',
        'none_failed_min_one_success',
        'none_skipped',
      ],
    },
  ])(
    'runs after $ends what Airflow runs after them, with its inputs or undefined',
    async ({ ends, run: runs, skipped }) => {
      let tallied: unknown;
      const { state } = await run(rulesDag, {
        left: ending(ends[0]),
        right: ending(ends[1]),
        mark: async ({ as }) => as,
        tally: async (input) => {
          tallied = { left: input.left ?? 'none', right: input.right ?? 'none' };
          return 'told';
        },
      });
      const rules = TRIGGER_RULES.map((rule) => [rule, state.tasks[rule]?.state]);
      const expected = TRIGGER_RULES.map((rule) => {
        if (runs.includes(rule)) return [rule, 'success'];
        return [rule, skipped.includes(rule) ? 'skipped' : 'upstream_failed'];
      });
      expect(rules).toEqual(expected);
      const [left, right] = ends.map((end) => (end === 'success' ? 1 : 'none'));
      expect(tallied).toEqual({ left, right });
    },
  );

  it('keeps the reason of a task that skips itself, and counts the task as neither done nor failed', async () => {
    const { state, outputs } = await run(rulesDag, {
      left: async () => new SkipSelf('a holiday'),
      right: async () => 1,
      mark: async ({ as }) => as,
      tally: async () => 'told',
    });
    expect(state.tasks['left']).toMatchObject({ state: 'skipped', note: 'a holiday' });
    expect(state.tasks['left']).not.toHaveProperty('error');
    expect(state.tasks['all_success']).toMatchObject({
      state: 'skipped',
      note: expect.stringContaining('left skipped'),
    });
    expect(outputs).toMatchObject({ tally: 'told', one_success: 'one_success' });
    expect(outputs).not.toHaveProperty('all_success');
  });

  it('counts a failure that every leaf allows for as a success of the run', async () => {
    const plan = planRun(rulesDag, { select: new Set(['left', 'right', 'tally']) });
    const behaviour: Behaviour = { left: ending('failed'), right: ending('success'), tally: async () => 'told' };
    const { outcome, state, outputs } = await run(rulesDag, behaviour, plan);
    expect(statesOf(state)).toEqual({ left: 'failed', right: 'success', tally: 'success' });
    expect(outcome).toBe('success');
    expect(outputs).toEqual({ tally: 'told' });
  });

  const passing = async (): Promise<CheckResult> => ({ passed: true, figures: { rows: 3 }, message: 'as expected' });
  const failing = async (): Promise<CheckResult> => ({
    passed: false,
    figures: { rows: 1, limit: 2 },
    message: 'Expected 2 rows, got 1',
  });

  it('starts a task only when those it is after have ended, though they give it nothing', async () => {
    const order: string[] = [];
    const { outcome } = await run(checkedDag, {
      verify: async () => {
        await pause(100);
        order.push('verify');
        return passing();
      },
      remark: async () => {
        order.push('remark');
        return passing();
      },
      aside: async () => {
        order.push('aside');
        return 'x';
      },
    });
    expect(outcome).toBe('success');
    expect(order).toEqual(['remark', 'verify', 'aside']);
  });

  it('fails a check that blocks and did not pass, with its figures, and runs nothing after it', async () => {
    const behaviour: Behaviour = { verify: failing, remark: passing, aside: async () => 'x' };
    const { behaviour: watched, attempts } = counted(behaviour);
    const { state, outcome, headline } = await run(checkedDag, watched);
    expect(outcome).toBe('failed');
    expect(headline).toBe('verify failed: CheckFailed: Expected 2 rows, got 1');
    expect(state.tasks['verify']).toMatchObject({
      state: 'failed',
      check: { passed: false, severity: 'block', figures: { rows: 1, limit: 2 }, message: 'Expected 2 rows, got 1' },
    });
    // A check that says no is not tried again: it would say the same.
    expect(attempts).toEqual({ verify: 1, remark: 1 });
    expect(tasksIn(state, 'upstream_failed')).toEqual(['aside']);
  });

  it('keeps what a check that warns found, and goes on', async () => {
    const { state, outcome } = await run(checkedDag, { verify: passing, remark: failing, aside: async () => 'x' });
    expect(outcome).toBe('success');
    expect(statesOf(state)).toEqual({ verify: 'success', remark: 'success', aside: 'success' });
    expect(state.tasks['remark']?.check).toEqual({
      passed: false,
      severity: 'warn',
      figures: { rows: 1, limit: 2 },
      message: 'Expected 2 rows, got 1',
    });
    expect(state.tasks['verify']?.check).toMatchObject({ passed: true, severity: 'block', figures: { rows: 3 } });
  });

  it('fails a check whose activity says something else than whether it passed', async () => {
    const { state } = await run(checkedDag, {
      verify: async () => ({ fine: true }) as never,
      remark: passing,
      aside: async () => 'x',
    });
    expect(state.tasks['verify']).toMatchObject({ state: 'failed', error: { type: 'TypeError' } });
  });
}
