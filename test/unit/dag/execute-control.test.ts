import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RunAction } from '../../../dag/run-control.js';
import { isSettled, runOutcome, tasksIn } from '../../../dag/run-state.js';
import { driveRun } from './driven-run.js';
import { randomRuns } from './random-dag.js';

const runs = randomRuns(6, { hold: true });
/** One more than there are: a task that no DAG has. */
const task = fc.nat({ max: 6 }).map((place) => `t${place}`);

const action: fc.Arbitrary<RunAction> = fc.oneof(
  fc.record({ do: fc.constantFrom('pause', 'resume', 'release') }),
  fc.record({ do: fc.constantFrom('retry', 'skip'), task }),
  fc.record({ do: fc.constantFrom('retry', 'skip'), task }),
  fc.record({ do: fc.constant('succeed'), task, output: fc.constant({ made: 'by hand' }) }),
  fc.record({ do: fc.constant('signal'), task, value: fc.constantFrom('a text', 3) }),
);
/** Cancelling is rare: after it little can happen. */
const steps = fc.array(
  fc.oneof(
    { weight: 10, arbitrary: fc.constant('end one' as const) },
    { weight: 10, arbitrary: action },
    { weight: 1, arbitrary: fc.constant<RunAction>({ do: 'cancel' }) },
  ),
  { maxLength: 25 },
);

describe('startDag, under random actions of an operator at random moments', () => {
  it('does after each what the model does; refuses what it refuses, without a trace; writes down all else', async () => {
    await fc.assert(
      fc.asyncProperty(runs, fc.scheduler(), steps, async (random, scheduler, steps) => {
        const driven = await driveRun(random, scheduler);
        let taken = 0;
        for (const step of steps) {
          if (step !== 'end one') taken += (await driven.take(step)) ? 1 : 0;
          else if (scheduler.count() > 0) await driven.endOne();
        }
        expect(driven.run.state().audit).toHaveLength(taken);
      }),
      { numRuns: 150 },
    );
  });

  it('starts nothing while it is paused', async () => {
    await fc.assert(
      fc.asyncProperty(runs, fc.scheduler(), steps, async (random, scheduler, steps) => {
        const driven = await driveRun(random, scheduler);
        for (const step of steps) {
          const before = driven.begun.length;
          const wasPaused = driven.run.state().paused;
          if (step !== 'end one') await driven.take(step);
          else if (scheduler.count() > 0) await driven.endOne();
          if (wasPaused && driven.run.state().paused) expect(driven.begun).toHaveLength(before);
        }
      }),
      { numRuns: 100 },
    );
  });

  it('ends once it is not paused, what runs has ended, and what is held was retried, skipped, marked or released', async () => {
    const answer = fc.constantFrom('retry', 'skip', 'succeed', 'release');
    const answers = fc.infiniteStream(answer);
    await fc.assert(
      fc.asyncProperty(runs, fc.scheduler(), steps, answers, async (random, scheduler, steps, answers) => {
        const driven = await driveRun(random, scheduler);
        const { run } = driven;
        for (const step of steps) {
          if (step !== 'end one') await driven.take(step);
          else if (scheduler.count() > 0) await driven.endOne();
        }
        if (run.state().paused) await driven.take({ do: 'resume' });
        for (let tries = 0; !Object.values(run.state().tasks).every(isSettled); tries += 1) {
          expect(tries).toBeLessThan(100);
          const [held] = tasksIn(run.state(), 'held');
          if (scheduler.count() > 0) await driven.endOne();
          else {
            expect(held, 'nothing is underway: something has to be held').toBeDefined();
            const { value } = answers.next();
            // A task that fails at every try would be held for ever.
            const said = tries > 50 ? 'release' : value;
            const task = held ?? '';
            if (said === 'release') await driven.take({ do: 'release' });
            else if (said === 'succeed') await driven.take({ do: 'succeed', task, output: 1 });
            else await driven.take({ do: said, task });
          }
        }
        const { state } = await run.ended;
        expect(state).toBe(run.state());
        expect(tasksIn(state, 'waiting', 'queued', 'deferred', 'running', 'held')).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });

  it('ends after a cancellation with nothing underway, and starts nothing after it', async () => {
    await fc.assert(
      fc.asyncProperty(runs, fc.scheduler(), steps, async (random, scheduler, steps) => {
        const driven = await driveRun(random, scheduler);
        const { run } = driven;
        for (const step of steps) {
          if (step !== 'end one') await driven.take(step);
          else if (scheduler.count() > 0) await driven.endOne();
        }
        const wasOver = Object.values(run.state().tasks).every(isSettled);
        const begun = driven.begun.length;
        await driven.take({ do: 'cancel' });
        while (scheduler.count() > 0) await driven.endOne();
        const { state } = await run.ended;
        expect(driven.begun).toHaveLength(begun);
        const states = Object.values(state.tasks).map(({ state }) => state);
        if (!wasOver && states.every((name) => !/failed/.test(name)) && states.includes('cancelled')) {
          expect(runOutcome(random.dag, state)).toBe('cancelled');
        }
      }),
      { numRuns: 100 },
    );
  });
});
