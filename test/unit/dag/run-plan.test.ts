import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { feedersOf, upstreamOf } from '../../../dag/dag.js';
import { isPermanent } from '../../../dag/permanent-error.js';
import { MissingInput, checkPlan, planRun, wholePlan } from '../../../dag/run-plan.js';
import type { RunPlan } from '../../../dag/run-plan.js';
import { shopDag } from './sample-dag.js';
import { randomRuns } from './random-dag.js';

const shop = shopDag();
const set = (...ids: readonly string[]): ReadonlySet<string> => new Set(ids);
const reuse = (succeeded: readonly string[], skipped: readonly string[] = []) => ({
  record: 'runs/shop/undated/one',
  succeeded: set(...succeeded),
  skipped: set(...skipped),
});

describe('the plan of a run', () => {
  it('is the whole DAG where nothing is asked', () => {
    const tasks = { ingest: 'run', clean: 'run', count: 'run', 'publish-shop': 'run' };
    expect(wholePlan(shop)).toEqual({ tasks, hold: false });
  });

  it('keeps what is asked beside the tasks', () => {
    const plan = planRun(shop, { hold: true, priority: 1, refresh: set('count') });
    expect(plan).toMatchObject({ hold: true, priority: 1, tasks: { count: 'refresh', clean: 'run' } });
  });

  it('runs what is selected, pins what an earlier run made before it, and leaves out what comes after it', () => {
    const plan = planRun(shop, { select: set('clean'), reuse: reuse(['ingest', 'clean', 'count', 'publish-shop']) });
    expect(plan.tasks).toEqual({ ingest: 'pinned', clean: 'run', count: 'pinned' });
    expect(plan.reuse).toBe('runs/shop/undated/one');
  });

  it('counts as skipped what the earlier run skipped', () => {
    const plan = planRun(shop, { select: set('publish-shop'), reuse: reuse(['clean'], ['ingest', 'count']) });
    expect(plan.tasks).toEqual({ ingest: 'skipped', clean: 'pinned', count: 'skipped', 'publish-shop': 'run' });
  });

  it('refuses a task that takes what nobody gives, and says how it would be given', () => {
    const asking = (): RunPlan => planRun(shop, { select: set('publish-shop'), reuse: reuse(['count']) });
    expect(asking).toThrow(MissingInput);
    expect(asking).toThrow(
      'publish-shop takes the output of clean, which is not part of the run: select it too (+publish-shop), ' +
        'or take it from an earlier run that brought it to success (--reuse)',
    );
    expect(isPermanent(new MissingInput('x'))).toBe(true);
  });

  it('refuses the result of an earlier run that would come after what runs anew', () => {
    const asking = (): RunPlan =>
      planRun(shop, { select: set('ingest', 'publish-shop'), reuse: reuse(['clean', 'count']) });
    expect(asking).toThrow('publish-shop takes the output of clean');
  });

  it.each<[RunPlan, string]>([
    [
      { tasks: { nope: 'run' }, hold: false },
      "Expected tasks of shop (ingest, clean, count, publish-shop), got 'nope'",
    ],
    [{ tasks: {}, hold: false }, 'Expected at least one task of shop to run, got none'],
    [{ tasks: { ingest: 'pinned' }, hold: false }, 'Expected the record of an earlier run'],
    [{ tasks: { ingest: 'skipped' }, hold: false }, 'Expected the record of an earlier run'],
    [{ tasks: { clean: 'refresh' }, hold: false }, 'clean takes the output of ingest'],
  ])('refuses %j from wherever it comes', (plan, message) => {
    expect(() => checkPlan(shop, plan)).toThrow(message);
  });

  it('never pins or skips what comes after a task that runs, and gives each task that runs all it takes', () => {
    fc.assert(
      fc.property(randomRuns(8, { hold: false }), ({ dag, plan }) => {
        const anew = new Set<string>();
        for (const task of dag.tasks) {
          const planned = plan.tasks[task.id];
          const isAfter = upstreamOf(task).some((id) => anew.has(id));
          if (planned === 'run' || isAfter) anew.add(task.id);
          if (isAfter) expect(['run', undefined]).toContain(planned);
          if (planned === 'run') expect(feedersOf(task).filter((id) => plan.tasks[id] === undefined)).toEqual([]);
        }
      }),
    );
  });
});
