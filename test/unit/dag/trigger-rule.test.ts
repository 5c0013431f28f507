import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { TRIGGER_RULES, decide } from '../../../dag/trigger-rule.js';
import type { Decision, TriggerRule, UpstreamState } from '../../../dag/trigger-rule.js';

const rule = fc.constantFrom(...TRIGGER_RULES);
const settledState = fc.constantFrom<UpstreamState>('success', 'failed', 'upstream_failed', 'skipped');
const state = fc.oneof(fc.constant<UpstreamState>('open'), settledState);

/** What Airflow's scheduler decided; test/golden/trigger_rules_airflow.py says how it was asked. */
const airflow = z
  .object({
    rules: z.array(z.enum(TRIGGER_RULES)),
    cases: z.array(
      z.object({
        upstream: z.array(z.enum(['open', 'success', 'failed', 'upstream_failed', 'skipped'])),
        decisions: z.array(z.enum(['wait', 'run', 'skipped', 'upstream_failed'])),
      }),
    ),
  })
  .parse(JSON.parse(readFileSync('test/golden/trigger-rules-airflow.json', 'utf8')));

describe('decide', () => {
  it.each<[TriggerRule, UpstreamState[], Decision]>([
    ['all_success', ['success', 'open'], 'wait'],
    ['all_success', ['success', 'success'], 'run'],
    ['all_success', ['failed', 'open'], 'upstream_failed'],
    ['all_success', ['skipped', 'open'], 'skipped'],
    ['all_success', ['skipped', 'failed'], 'upstream_failed'],
    ['all_failed', ['failed', 'upstream_failed'], 'run'],
    ['all_failed', ['success', 'open'], 'skipped'],
    ['all_done', ['failed', 'skipped', 'success'], 'run'],
    ['all_done', ['failed', 'open'], 'wait'],
    ['all_done_min_one_success', ['success', 'failed'], 'run'],
    ['all_done_min_one_success', ['success', 'open'], 'wait'],
    ['all_done_min_one_success', ['success', 'skipped'], 'skipped'],
    ['all_done_min_one_success', ['failed', 'failed'], 'upstream_failed'],
    ['all_skipped', ['skipped', 'skipped'], 'run'],
    ['all_skipped', ['skipped', 'success'], 'skipped'],
    ['one_success', ['success', 'open'], 'run'],
    ['one_success', ['failed', 'open'], 'wait'],
    ['one_success', ['failed', 'skipped'], 'upstream_failed'],
    ['one_success', ['skipped', 'skipped'], 'skipped'],
    ['one_failed', ['upstream_failed', 'open'], 'run'],
    ['one_failed', ['success', 'success'], 'skipped'],
    ['one_done', ['failed', 'open'], 'run'],
    ['one_done', ['upstream_failed', 'skipped'], 'skipped'],
    ['none_failed', ['success', 'skipped'], 'run'],
    ['none_failed', ['failed', 'open'], 'upstream_failed'],
    ['none_failed_min_one_success', ['success', 'skipped'], 'run'],
    ['none_failed_min_one_success', ['skipped', 'skipped'], 'skipped'],
    ['none_skipped', ['failed', 'success'], 'run'],
    ['none_skipped', ['skipped', 'open'], 'skipped'],
    ['always', ['open', 'failed'], 'run'],
  ])('%s over %j: %s', (rule, upstream, decision) => {
    expect(decide(rule, upstream)).toBe(decision);
  });

  it('is tried on every mix of states of up to four upstream tasks', () => {
    expect(airflow.rules).toEqual(TRIGGER_RULES);
    // Five states: 1 + 5 + 15 + 35 + 70 ways to have none to four tasks in them.
    expect(new Set(airflow.cases.map(({ upstream }) => upstream.join())).size).toBe(126);
  });

  it.each(airflow.rules.map((rule, index) => ({ rule, index })))('$rule decides as Airflow', ({ rule, index }) => {
    const ours = airflow.cases.map(({ upstream }) => [upstream, decide(rule, upstream)]);
    expect(ours).toEqual(airflow.cases.map(({ upstream, decisions }) => [upstream, decisions[index]]));
  });

  it.each(TRIGGER_RULES)('%s runs a task without upstream', (rule) => {
    expect(decide(rule, [])).toBe('run');
  });

  it('decides once every upstream task has settled', () => {
    fc.assert(
      fc.property(rule, fc.array(settledState), (rule, upstream) => {
        expect(decide(rule, upstream)).not.toBe('wait');
      }),
    );
  });

  it('does not look at the order of the upstream tasks', () => {
    const shuffled = fc
      .array(state, { maxLength: 8 })
      .chain((upstream) =>
        fc.tuple(fc.constant(upstream), fc.shuffledSubarray(upstream, { minLength: upstream.length })),
      );
    fc.assert(
      fc.property(rule, shuffled, (rule, [upstream, other]) => {
        expect(decide(rule, other)).toBe(decide(rule, upstream));
      }),
    );
  });

  it('keeps its decision whatever settles later, but for a task that all_success skipped before another failed', () => {
    fc.assert(
      fc.property(rule, fc.array(fc.tuple(state, settledState)), (rule, tasks) => {
        const now = decide(
          rule,
          tasks.map(([state]) => state),
        );
        fc.pre(now !== 'wait');
        const ends = tasks.map(([state, end]) => (state === 'open' ? end : state));
        const fails = ends.some((end) => end === 'failed' || end === 'upstream_failed');
        const flips = rule === 'all_success' && now === 'skipped' && fails;
        expect(decide(rule, ends)).toBe(flips ? 'upstream_failed' : now);
      }),
    );
  });
});
