import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TASK_DEFAULTS, upstreamOf } from '../../../dag/dag.js';
import type { Dag, InputSource } from '../../../dag/dag.js';
import { executeDag } from '../../../dag/execute.js';
import type { RunResult } from '../../../dag/execute.js';
import type { Executor, TaskResult } from '../../../dag/executor.js';
import type { RunState, TaskStateName } from '../../../dag/run-state.js';

type Fate = 'success' | 'failed';
interface Plan {
  readonly dag: Dag;
  readonly fates: ReadonlyMap<string, Fate>;
}

const id = (i: number): string => `t${i}`;

/** Up to nine tasks; each takes any of the ones before it, whole or by a field, and may fail. */
const plans: fc.Arbitrary<Plan> = fc.integer({ min: 1, max: 9 }).chain((n) =>
  fc
    .tuple(
      ...Array.from({ length: n }, (_, i) =>
        fc.record({
          upstream: fc.array(fc.record({ of: fc.nat({ max: Math.max(0, i - 1) }), whole: fc.boolean() }), {
            maxLength: 3,
          }),
          fate: fc.oneof(
            { weight: 7, arbitrary: fc.constant<Fate>('success') },
            { weight: 2, arbitrary: fc.constant<Fate>('failed') },
          ),
        }),
      ),
    )
    .map((drawn) => ({
      dag: {
        id: 'random',
        tasks: drawn.map(({ upstream }, i) => ({
          id: id(i),
          activity: 'work',
          kind: { is: 'task' } as const,
          after: [],
          inputs: Object.fromEntries([
            ['p', { from: 'param', param: 'start' } as const],
            ...(i === 0 ? [] : upstream).map(({ of, whole }, at): [string, InputSource] => [
              `in${at}`,
              { from: 'task', task: id(of), ...(whole ? {} : { field: 'made' }) },
            ]),
          ]),
          options: TASK_DEFAULTS,
        })),
        outputs: Object.fromEntries(drawn.map((_, i) => [`out${i}`, id(i)])),
        params: { parse: (params: unknown) => params },
      },
      fates: new Map(drawn.map(({ fate }, i) => [id(i), fate])),
    })),
);

const outputOf = (task: string): { readonly made: string } => ({ made: `made by ${task}` });

/** What must become of every task, by a rule for one task at a time. */
function expectedStates({ dag, fates }: Plan): Map<string, TaskStateName> {
  const states = new Map<string, TaskStateName>();
  for (const task of dag.tasks) {
    const upstream = upstreamOf(task).map((from) => states.get(from));
    const runs = upstream.every((state) => state === 'success');
    states.set(task.id, runs ? (fates.get(task.id) ?? 'success') : 'upstream_failed');
  }
  return states;
}

interface Watched {
  readonly result: RunResult;
  readonly changes: readonly RunState[];
  readonly inputs: ReadonlyMap<string, unknown>;
  readonly log: readonly string[];
}

/** Runs a plan while `scheduler` decides which of the running tasks ends next; `idle` is called whenever all stands still. */
async function watch(
  { dag, fates }: Plan,
  scheduler: fc.Scheduler,
  idle: (started: ReadonlySet<string>, succeeded: ReadonlySet<string>) => void = () => {},
): Promise<Watched> {
  const changes: RunState[] = [];
  const inputs = new Map<string, unknown>();
  const log: string[] = [];
  const started = new Set<string>();
  const succeeded = new Set<string>();
  const executor: Executor = {
    run: ({ task: { id }, input }) => {
      const done = async (): Promise<TaskResult> => {
        expect(started.has(id)).toBe(false);
        started.add(id);
        inputs.set(id, input);
        log.push(`${id} starts`);
        await scheduler.schedule(Promise.resolve(), id);
        log.push(`${id} ends`);
        const fate = fates.get(id);
        if (fate !== 'success') throw new Error(fate);
        succeeded.add(id);
        return { output: outputOf(id), cached: false };
      };
      return { done: done(), cancel: () => {} };
    },
    sleep: () => expect.unreachable('nothing waits'),
    describe: (error) => ({ type: 'Error', message: String(error), cancelled: false }),
    onChange: (run) => changes.push(run),
    now: () => log.length,
  };
  const running = executeDag(dag, { start: 7 }, executor);
  const standstill = async (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  await standstill();
  while (scheduler.count() > 0) {
    idle(started, succeeded);
    await scheduler.waitOne();
    await standstill();
  }
  return { result: await running, changes, inputs, log };
}

describe('executeDag, over random DAGs, failures and orders of completion', () => {
  it('ends, with every task in the state that the rule for one task gives it', async () => {
    await fc.assert(
      fc.asyncProperty(plans, fc.scheduler(), async (plan, scheduler) => {
        const { result } = await watch(plan, scheduler);
        const states = Object.entries(result.state.tasks).map(([id, { state }]) => [id, state]);
        expect(states).toEqual([...expectedStates(plan)]);
      }),
    );
  });

  it('starts a task when all of its inputs are there: not before, not later, not twice', async () => {
    await fc.assert(
      fc.asyncProperty(plans, fc.scheduler(), async (plan, scheduler) => {
        await watch(plan, scheduler, (started, succeeded) => {
          const ready = plan.dag.tasks.filter((task) => upstreamOf(task).every((from) => succeeded.has(from)));
          expect([...started].toSorted()).toEqual(ready.map((task) => task.id).toSorted());
        });
      }),
    );
  });

  it('gives each task what its inputs name, and the run the outputs of what succeeded', async () => {
    await fc.assert(
      fc.asyncProperty(plans, fc.scheduler(), async (plan, scheduler) => {
        const { result, inputs } = await watch(plan, scheduler);
        for (const task of plan.dag.tasks) {
          if (!inputs.has(task.id)) continue;
          const expected = Object.entries(task.inputs).map(([name, source]) => {
            if (source.from !== 'task') return [name, 7];
            return [name, source.field === undefined ? outputOf(source.task) : outputOf(source.task).made];
          });
          expect(inputs.get(task.id)).toEqual(Object.fromEntries(expected));
        }
        const succeeded = [...expectedStates(plan)].filter(([, state]) => state === 'success');
        expect(result.outputs).toEqual(
          Object.fromEntries(succeeded.map(([task]) => [task.replace('t', 'out'), outputOf(task)])),
        );
      }),
    );
  });

  it('tells every change once: waiting, then running where it runs, then how it ended', async () => {
    await fc.assert(
      fc.asyncProperty(plans, fc.scheduler(), async (plan, scheduler) => {
        const { changes, result } = await watch(plan, scheduler);
        expect(changes.at(-1)).toEqual(result.state);
        const states = expectedStates(plan);
        for (const { id } of plan.dag.tasks) {
          const seen = changes.map((run) => run.tasks[id]?.state).filter((state, i, all) => state !== all[i - 1]);
          const path = seen[0] === 'waiting' ? seen.slice(1) : seen;
          const ran = result.state.tasks[id]?.startedAt !== undefined;
          expect(path).toEqual(ran ? ['running', states.get(id)] : [states.get(id)]);
        }
      }),
    );
  });

  it('starts tasks in an order that only the DAG and the order of completions decide', async () => {
    await fc.assert(
      fc.asyncProperty(plans, fc.array(fc.nat({ max: 8 }), { minLength: 9, maxLength: 9 }), async (plan, order) => {
        const once = async (): Promise<readonly string[]> =>
          (await watch(plan, fc.schedulerFor(order.map((_, i) => i + 1)))).log;
        expect(await once()).toEqual(await once());
      }),
    );
  });
});

describe('executeDag', () => {
  const executor = (outputs: { readonly [task: string]: unknown }): Executor => ({
    run: ({ task: { id } }) => ({
      done: Promise.resolve({ output: outputs[id], cached: id === 'b', note: `note of ${id}` }),
      cancel: () => {},
    }),
    sleep: () => expect.unreachable('nothing waits'),
    describe: (error) => ({ type: 'Error', message: String(error), cancelled: false }),
    onChange: () => {},
    now: () => 3,
  });
  const spec = (name: string, inputs: { readonly [name: string]: InputSource }) => ({
    id: name,
    activity: name,
    kind: { is: 'task' } as const,
    after: [],
    inputs,
    options: TASK_DEFAULTS,
  });
  const dag: Dag = {
    id: 'pair',
    tasks: [spec('a', {}), spec('b', { of: { from: 'task', task: 'a', field: 'deep' } })],
    outputs: { b: 'b' },
    params: { parse: (params) => params },
  };

  it('tells which outputs were there already, and what each task says it made', async () => {
    const { state } = await executeDag(dag, {}, executor({ a: { deep: 1 } }));
    expect(state.tasks).toEqual({
      a: { state: 'success', startedAt: 3, endedAt: 3, cached: false, note: 'note of a' },
      b: { state: 'success', startedAt: 3, endedAt: 3, cached: true, note: 'note of b' },
    });
  });

  it('fails the task whose input cannot be taken from what came, not the run', async () => {
    const { state, outputs } = await executeDag(dag, {}, executor({ a: null }));
    expect(state.tasks['a']?.state).toBe('success');
    expect(state.tasks['b']?.state).toBe('failed');
    expect(outputs).toEqual({});
  });
});
