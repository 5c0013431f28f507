import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Dag } from '../../../dag/dag.js';
import type { Task } from '../../../dag/edge.js';
import { forecast } from '../../../dag/forecast.js';
import type { LookUp } from '../../../dag/forecast.js';
import { pipeline } from '../../../dag/pipeline.js';
import type { CheckResult } from '../../../dag/pipeline.js';
import { planRun } from '../../../dag/run-plan.js';
import type { PlanRequest } from '../../../dag/run-plan.js';

type Activities = {
  readonly a: (input: object) => Promise<number>;
  readonly b: (input: { readonly of?: number | undefined }) => Promise<number>;
  readonly list: (input: object) => Promise<readonly number[]>;
  readonly item: (input: { readonly of: number; readonly scale: number }) => Promise<number>;
  readonly size: (input: { readonly of: readonly number[] }) => Promise<number>;
  readonly check: (input: object) => Promise<CheckResult>;
};
const { constant, each, task, map, check, publish, sensor, signal, dag } = pipeline<Activities, object>();
const whole = (outputs: { readonly [name: string]: Task<unknown> }): Dag => dag('d', outputs, z.object({}));

const compute: LookUp = { verdict: 'compute', why: 'not computed with these inputs before' };
const cached = (output: unknown): LookUp => ({ verdict: 'cached', output, why: 'there' });

/** What is foretold, as `task verdict: why`, where the lake knows what `known` says. */
async function foretold(dag: Dag, known: { readonly [task: string]: LookUp }, request: PlanRequest = {}) {
  const asked: { [task: string]: unknown } = {};
  const tasks = await forecast(dag, {}, planRun(dag, request), async (task, input, mode, item) => {
    const name = item === undefined ? task.id : `${task.id}#${item}`;
    asked[name] = { input, mode };
    return known[name] ?? compute;
  });
  return { asked, lines: tasks.map(({ task, verdict, why }) => `${task} ${verdict}: ${why}`) };
}

describe('a forecast', () => {
  it('looks a task up by what its inputs are known to be, and leaves open what it takes from a task that computes', async () => {
    const a = task('a', {});
    const b = task('b', { of: a });
    const { lines } = await foretold(whole({ b }), {});
    expect(lines).toEqual(['a compute: not computed with these inputs before', 'b open: depends on what a gives']);
    const known = await foretold(whole({ b }), { a: cached(3), b: cached(4) });
    expect(known.lines).toEqual(['a cached: there', 'b cached: there']);
    expect(known.asked['b']).toEqual({ input: { of: 3 }, mode: 'by-content' });
  });

  it('knows that what is not looked up in the cache computes, whatever it takes', async () => {
    const a = task('a', {});
    const never = task('b', { of: a }, { id: 'never', cache: 'never' });
    const published = publish('b', { of: a }, { id: 'published' });
    const again = task('b', { of: a }, { id: 'again' });
    const { lines } = await foretold(whole({ never, published, again }), {}, { refresh: new Set(['again']) });
    expect(lines.slice(1)).toEqual([
      'never compute: its cache is `never`',
      'published compute: publishes: made sure of in every run',
      'again compute: its cache is `refresh`',
    ]);
  });

  it('waits for signals, and for sensors whose input is not known', async () => {
    const a = task('a', {});
    const arrival = sensor('b', { of: a }, { id: 'arrival' });
    const approval = signal('approval', z.string());
    const { lines } = await foretold(whole({ arrival, approval }), {});
    expect(lines.slice(1)).toEqual(['arrival wait: after a', 'approval wait: for a signal']);
  });

  it('adds up the items of a map, and takes their outputs for its own', async () => {
    const squares = map('item', { of: each(constant([1, 2, 3])), scale: constant(2) }, { id: 'squares' });
    const size = task('size', { of: squares });
    const some = { 'squares#0': cached(2), 'squares#2': cached(6) };
    const { lines } = await foretold(whole({ size }), some);
    expect(lines).toEqual([
      'squares compute: 2 of 3 items cached; not computed with these inputs before',
      'size open: depends on what squares gives',
    ]);
    const all = await foretold(whole({ size }), {
      ...some,
      'squares#1': { verdict: 'skipped', why: 'nothing to do' },
      size: cached(2),
    });
    expect(all.lines).toEqual(['squares cached: 3 of 3 items cached', 'size cached: there']);
    expect(all.asked['size']).toEqual({ input: { of: [2, 6] }, mode: 'by-content' });
  });

  it('leaves a map over an unknown list open, whatever its cache: over no items it computes nothing', async () => {
    const items = map('item', { of: each(task('list', {})), scale: constant(2) }, { cache: 'never' });
    expect((await foretold(whole({ items }), {})).lines[1]).toBe('item open: depends on what list gives');
  });

  it('says by which rule a task will not run, and what comes of that further on', async () => {
    const a = task('a', {});
    const alert = task('b', {}, { id: 'alert', after: [a], trigger: 'one_failed' });
    const next = task('b', { of: alert }, { id: 'next' });
    const always = task('b', { of: alert }, { id: 'all', trigger: 'all_done' });
    const { lines, asked } = await foretold(whole({ next, always }), { a: cached(1) });
    expect(lines).toEqual([
      'a cached: there',
      'alert skipped: one_failed: a success',
      'next skipped: all_success: alert skipped',
      'all compute: not computed with these inputs before',
    ]);
    expect(asked['all']).toEqual({ input: { of: undefined }, mode: 'by-content' });
  });

  it('knows of a remembered check that did not pass what it gates', async () => {
    const blocked = cached({ passed: false, figures: {}, message: 'no rows' });
    for (const severity of ['block', 'warn'] as const) {
      const gate = check('check', {}, { severity });
      const gated = task('a', {}, { after: [gate] });
      const last = task('b', { of: gated }, { trigger: 'none_failed' });
      const { lines } = await foretold(whole({ last }), { check: blocked, a: cached(1), b: cached(2) });
      expect(lines.slice(1)).toEqual(
        severity === 'warn'
          ? ['a cached: there', 'b cached: there']
          : ['a skipped: all_success: check failed', 'b skipped: none_failed: a upstream_failed'],
      );
    }
  });

  it('leaves open what starts by its rule maybe before an input of it is there', async () => {
    const [a, other] = [task('a', {}), task('a', {}, { id: 'other' })];
    const first = task('b', { of: a }, { id: 'first', after: [other], trigger: 'one_success' });
    const only = task('b', { of: a }, { id: 'only', trigger: 'one_success' });
    const known = { a: cached(1), other: cached(1), first: cached(2), only: cached(2) };
    const { lines } = await foretold(whole({ first, only }), known);
    expect(lines.slice(2)).toEqual(['first open: one_success: it may start before a has ended', 'only cached: there']);
  });

  it('excludes what is no part of the run, and pins what an earlier run made', async () => {
    const a = task('a', {});
    const skipped = task('a', {}, { id: 'aside' });
    const b = task('b', { of: a }, { after: [skipped], trigger: 'none_failed' });
    const c = task('b', { of: b }, { id: 'c' });
    const reuse = { record: 'runs/d/one', succeeded: new Set(['a']), skipped: new Set(['aside']) };
    const pinned: LookUp = { verdict: 'pinned', output: 3, why: 'to one' };
    const { lines, asked } = await foretold(whole({ c }), { a: pinned }, { select: new Set(['b']), reuse });
    expect(lines).toEqual([
      'a pinned: to one',
      'aside skipped: as in the run it reuses',
      'b compute: not computed with these inputs before',
      'c excluded: not part of this run',
    ]);
    expect(asked['b']).toEqual({ input: { of: 3 }, mode: 'by-content' });
  });
});
