import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { feedersOf, upstreamOf } from '../../../dag/dag.js';
import { runOutcome } from '../../../dag/run-state.js';
import { pick } from '../../../dag/task-outcome.js';
import { driveRun } from './driven-run.js';
import type { DrivenRun } from './driven-run.js';
import { verdictOf } from './driver-model.js';
import { randomRuns } from './random-dag.js';
import type { RandomRun } from './random-dag.js';

const runs = randomRuns(8, { hold: false });

/** To the end, in the scheduler's order; a signal that nobody sends comes too late. */
async function toEnd(random: RandomRun, scheduler: fc.Scheduler): Promise<DrivenRun> {
  const driven = await driveRun(random, scheduler);
  while (scheduler.count() > 0) await driven.endOne();
  await driven.run.ended;
  return driven;
}

const assertRuns = async (law: (random: RandomRun, driven: DrivenRun) => void): Promise<void> =>
  fc.assert(
    fc.asyncProperty(runs, fc.scheduler(), async (random, scheduler) => law(random, await toEnd(random, scheduler))),
    { numRuns: 100 },
  );

describe('startDag, over random rules, order edges, kinds of tasks and parts of DAGs', () => {
  it('starts and settles each task when its rule says so: as the model does, after every single end', async () => {
    await assertRuns((_, { run, model }) => {
      expect(Object.values(run.state().tasks).map(({ state }) => state)).toEqual(Object.values(model.states()));
    });
  });

  it('ends with states that the rules give of each other, but where all_success decided before all had ended', async () => {
    await assertRuns(({ dag, plan, behaviour }, { run }) => {
      const of = (id: string) => run.state().tasks[id]?.state ?? 'excluded';
      for (const task of dag.tasks) {
        const upstream = upstreamOf(task).map(of);
        const planned = plan.tasks[task.id];
        const verdict = verdictOf(
          task.options.trigger,
          upstream.filter((state) => state !== 'excluded'),
        );
        if (planned === undefined) expect(of(task.id)).toBe('excluded');
        else if (planned === 'skipped') expect(of(task.id)).toBe('skipped');
        else if (planned === 'pinned' || verdict === 'run') {
          const fate = task.kind.is === 'signal' && planned !== 'pinned' ? 'late' : behaviour.get(task.id)?.fates[0];
          const skips =
            fate === 'skips itself' || (fate === 'late' && 'late' in task.kind && task.kind.late === 'skip');
          const blocks = fate === 'blocked' && task.kind.is === 'check' && task.kind.severity === 'block';
          const fails = (fate === 'late' && !skips) || fate === 'failed' || blocks;
          expect(of(task.id)).toBe(skips ? 'skipped' : fails ? 'failed' : 'success');
        } else if (task.options.trigger === 'all_success' && upstream.includes('skipped')) {
          expect(['skipped', 'upstream_failed']).toContain(of(task.id));
        } else expect(of(task.id)).toBe(verdict);
      }
    });
  });

  it('fails the run where a leaf of it failed or could not run, and only there', async () => {
    await assertRuns(({ dag }, { run }) => {
      const inRun = dag.tasks.filter(({ id }) => run.state().tasks[id]?.state !== 'excluded');
      const leaves = inRun.filter(({ id }) => !inRun.some((other) => upstreamOf(other).includes(id)));
      const bad = leaves.filter(({ id }) => /failed/.test(run.state().tasks[id]?.state ?? ''));
      expect(runOutcome(dag, run.state())).toBe(bad.length > 0 ? 'failed' : 'success');
    });
  });

  it('gives a task what has succeeded by its start, and `undefined` for what has not; a pinned one nothing', async () => {
    await assertRuns(({ plan }, { begun, gave, changes }) => {
      for (const { task, input, mode } of begun) {
        const pinned = plan.tasks[task.id] === 'pinned';
        expect(mode).toBe(pinned ? 'pinned' : 'by-content');
        const start = changes.find((state) => state.tasks[task.id]?.startedAt !== undefined);
        const expected = Object.entries(task.inputs).map(([name, source]) => {
          if (source.from !== 'task') return [name, 7];
          const ended = start?.tasks[source.task]?.state === 'success';
          return [name, ended ? pick(gave.get(source.task), source.field) : undefined];
        });
        expect(input).toEqual(pinned ? {} : Object.fromEntries(expected));
      }
    });
  });

  it('gives a task with the rule all_success every one of its inputs', async () => {
    await assertRuns(({ plan }, { begun, run }) => {
      for (const { task } of begun) {
        if (task.options.trigger !== 'all_success' || plan.tasks[task.id] === 'pinned') continue;
        expect(feedersOf(task).map((id) => run.state().tasks[id]?.state)).toEqual(feedersOf(task).map(() => 'success'));
      }
    });
  });
});
