import type * as fc from 'fast-check';
import { expect } from 'vitest';
import { startDag } from '../../../dag/execute.js';
import type { DagRun, Executor, TaskResult, TaskRun, Underway } from '../../../dag/execute.js';
import { Late } from '../../../dag/late.js';
import type { RunAction } from '../../../dag/run-control.js';
import type { RunState } from '../../../dag/run-state.js';
import { driverModel } from './driver-model.js';
import type { DriverModel, End } from './driver-model.js';
import { outputOf } from './random-dag.js';
import type { RandomRun } from './random-dag.js';

class CalledOff extends Error {
  override readonly name = 'CalledOff';
}

/** A run whose tasks end when the scheduler says so, beside the model of what it has to do. */
export interface DrivenRun {
  readonly run: DagRun;
  readonly model: DriverModel;
  readonly changes: readonly RunState[];
  readonly begun: readonly TaskRun[];
  /** What tasks gave that were begun. */
  readonly gave: ReadonlyMap<string, unknown>;
  /** Lets one of the tasks at work end. */
  endOne(): Promise<void>;
  /** Takes the action where it is not refused. Whether it is refused is the model's to say as well. */
  take(action: RunAction): Promise<boolean>;
}

/** After each step the run is compared with the model: the state of every task, and what was begun. */
export async function driveRun({ dag, plan, behaviour }: RandomRun, scheduler: fc.Scheduler): Promise<DrivenRun> {
  const changes: RunState[] = [];
  const begun: TaskRun[] = [];
  const gave = new Map<string, unknown>();
  const starts: { [task: string]: number } = {};
  const ends: [task: string, end: End][] = [];

  function resultOf(fate: End | 'blocked', { task }: TaskRun): TaskResult {
    if (fate === 'failed') throw new Error(`${task.id} failed`);
    if (fate === 'skips itself') return { output: null, cached: false, skipped: 'nothing to do' };
    const passed = fate !== 'blocked';
    const output = task.kind.is === 'check' ? { passed, figures: { rows: 1 }, message: 'rows' } : outputOf(task.id);
    gave.set(task.id, output);
    return { output, cached: false };
  }

  /** What the model is told: only a check can be blocked, and only one that does block fails by it. */
  function endOf(fate: End | 'blocked', { task }: TaskRun): End {
    if (fate !== 'blocked') return fate;
    return task.kind.is === 'check' && task.kind.severity === 'block' ? 'failed' : 'success';
  }

  function underway<Result>(
    id: string,
    work: (isCalledOff: boolean) => Result,
    end: (isCalledOff: boolean) => End,
  ): Underway<Result> {
    let isCalledOff = false;
    const done = scheduler.schedule(Promise.resolve(), id).then(() => {
      ends.push([id, end(isCalledOff)]);
      return work(isCalledOff);
    });
    return { done, cancel: () => (isCalledOff = true) };
  }

  const executor: Executor = {
    run: (taskRun) => {
      const { id } = taskRun.task;
      const { fates, stubborn } = behaviour.get(id) ?? { fates: ['success', 'success'], stubborn: false };
      const fate = starts[id] === undefined ? fates[0] : fates[1];
      starts[id] = (starts[id] ?? 0) + 1;
      begun.push(taskRun);
      const is = (isCalledOff: boolean): End | 'blocked' => (isCalledOff && !stubborn ? 'cancelled' : fate);
      return underway(
        id,
        (isCalledOff) => {
          if (is(isCalledOff) === 'cancelled') throw new CalledOff(id);
          return resultOf(fate, taskRun);
        },
        (isCalledOff) => endOf(is(isCalledOff), taskRun),
      );
    },
    sleep: (_, what) =>
      underway(
        what.split(':')[0] ?? '',
        (isCalledOff) => {
          if (isCalledOff) throw new CalledOff(what);
        },
        (isCalledOff) => (isCalledOff ? 'cancelled' : 'late'),
      ),
    describe: (error) => ({
      type: error instanceof Late ? 'Late' : 'Error',
      message: String(error),
      cancelled: error instanceof CalledOff,
    }),
    onChange: (state) => changes.push(state),
    now: () => changes.length,
  };

  const model = driverModel(dag, plan);
  const run = startDag(dag, { start: 7 }, executor, plan);
  const compare = (after: string): void => {
    const states = Object.entries(run.state().tasks).map(([id, { state }]) => [id, state]);
    expect(Object.fromEntries(states), `states after ${after}`).toEqual(model.states());
    expect(starts, `starts after ${after}`).toEqual(model.starts());
    expect(run.state().paused, `paused after ${after}`).toBe(model.paused());
  };
  await standstill();
  compare('the start');
  return {
    run,
    model,
    changes,
    begun,
    gave,
    endOne: async () => {
      await scheduler.waitOne();
      await standstill();
      for (const [id, end] of ends.splice(0)) model.ended(id, end);
      compare('the end of a task');
    },
    take: async (action) => {
      const refused = model.refuses(action);
      const before = run.state();
      expect(run.refusal(action) !== undefined, `${JSON.stringify(action)} refused`).toBe(refused);
      if (refused) {
        expect(() => run.act(action, { who: 'ana', why: 'to see' })).toThrow(RangeError);
        expect(run.state()).toBe(before);
      } else {
        run.act(action, { who: 'ana', why: 'to see' });
        model.act(action);
        expect(run.state().audit.slice(0, -1)).toEqual(before.audit);
        const target = 'task' in action ? ` ${action.task}` : '';
        expect(run.state().audit.at(-1)).toMatchObject({ who: 'ana', why: 'to see', action: `${action.do}${target}` });
      }
      await standstill();
      compare(JSON.stringify(action));
      return !refused;
    },
  };
}

/** Everything that follows from what has happened has happened. */
const standstill = async (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
