import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { defineActivity } from '../../../activities/define-activity.js';
import type { ActivityDefinition } from '../../../activities/define-activity.js';
import { gatherItems } from '../../../activities/gather-items.js';
import { lookUpTask } from '../../../activities/look-up-task.js';
import { PinnedResultGone } from '../../../activities/pinned-result.js';
import { runActivity } from '../../../activities/run-activity.js';
import { upstreamOf } from '../../../dag/dag.js';
import { executeDag } from '../../../dag/execute.js';
import type { RunResult } from '../../../dag/execute.js';
import { forecast } from '../../../dag/forecast.js';
import type { TaskForecast } from '../../../dag/forecast.js';
import { inProcessExecutor } from '../../../dag/in-process-executor.js';
import { mapResult } from '../../../dag/map-items.js';
import { PermanentError } from '../../../dag/permanent-error.js';
import { MissingInput, planRun } from '../../../dag/run-plan.js';
import type { RunPlan } from '../../../dag/run-plan.js';
import { KernelThreads } from '../../../kernels/threads/kernel-threads.js';
import { FileStore } from '../../../lake/file-store.js';
import { resolveStored } from '../../../lake/list-store.js';
import { contentBehind, essence, randomPipelines, work } from './random-pipeline.js';
import type { RandomPipeline, World } from './random-pipeline.js';
import { callOf, predict } from './rerun-model.js';
import type { LakeModel, Prediction } from './rerun-model.js';

const folder = await mkdtemp(join(tmpdir(), 'segmenta-rerun-'));
const threads = new KernelThreads({ threads: 1 });
afterAll(async () => {
  await threads.close();
  await rm(folder, { recursive: true, force: true });
});

type Definitions = { readonly [task: string]: ActivityDefinition<never, unknown> };

/** Real activities over a lake of their own; `calls` says which were really called. */
function lakeOf(pipeline: RandomPipeline) {
  const lake = join(folder, randomUUID());
  const store = new FileStore(join(lake, 'lake'));
  const deps = { store, cacheFolder: join(lake, 'cache'), threads, queryThreads: 1, queryMemory: '1GB' };
  const calls: string[] = [];
  let noise = 0;

  const definitionsOf = (world: World): Definitions =>
    Object.fromEntries(
      pipeline.dag.tasks.map(({ id }) => {
        const version = world.versions[id] ?? 1;
        const definition = defineActivity<object, unknown>({
          version,
          cache: pipeline.effects.has(id) ? 'never' : 'by-content',
          run: async (input, { scratch, put }) => {
            calls.push(callOf(id, version, input));
            const made = work(pipeline, world, id, essence(input));
            if (made === 'fails') throw new PermanentError('sick');
            if (made === 'skips itself') return { skip: 'nothing to do' };
            const { value, artifact: named, list } = made.output;
            const file = join(scratch, 'made.txt');
            await writeFile(file, contentBehind(id, named.content));
            noise += 1;
            // A figure that differs every time: no part of any key.
            const artifact = await put('made', file, { rows: 1, schema: ['text'], report: { noise } });
            return { output: { value, artifact, list }, note: `value ${value}` };
          },
        });
        return [id, definition];
      }),
    );

  async function run(world: World, plan: RunPlan, record: string): Promise<RunResult> {
    const definitions = definitionsOf(world);
    const executor = inProcessExecutor({
      attempt: async ({ task, input, ...call }, signal) => {
        const definition = definitions[task.activity];
        if (definition === undefined) throw new RangeError(`Expected an activity called ${task.activity}, got none`);
        const reuse = plan.reuse === undefined ? {} : { reuse: plan.reuse };
        const attempt = { ...call, ...reuse, task: task.id, run: 'random', record, signal, heartbeat: () => {} };
        return runActivity(definition, deps, attempt, input as never);
      },
      gather: async ({ task }, values, items) => {
        const { note = '', cached } = mapResult(undefined, items);
        return gatherItems(store, record, { task: task.id, values, parts: [], whole: { note, cached, startedAt: 0 } });
      },
    });
    const result = await executeDag(pipeline.dag, world.params, executor, plan);
    return { ...result, outputs: essence(await resolveStored(store, result.outputs)) as RunResult['outputs'] };
  }

  return {
    run,
    forecast: async (world: World, plan: RunPlan) =>
      forecast(pipeline.dag, world.params, plan, async (task, input, mode) =>
        lookUpTask(definitionsOf(world), store, {
          task,
          input,
          mode,
          before: [],
          ...(plan.reuse === undefined ? {} : { reuse: plan.reuse }),
        }),
      ),
    takeCalls: () => calls.splice(0).toSorted(),
    lose: async (content: string) => store.remove(`artifacts/made/${content}.txt`),
    forget: async (task: string) => {
      for await (const { key } of store.list(`cache/${task}/`)) await store.remove(key);
    },
  };
}

const at = fc.nat({ max: 4 });
const change = fc.oneof(
  fc.record({ is: fc.constantFrom('set p' as const, 'set q' as const), to: fc.nat({ max: 2 }) }),
  fc.record({ is: fc.constant('set items' as const), to: fc.nat({ max: 3 }) }),
  fc.record({ is: fc.constantFrom('version' as const, 'forget' as const, 'sick' as const, 'heal' as const), to: at }),
  fc.record({ is: fc.constant('lose' as const), to: fc.nat({ max: 9 }) }),
);
type Change = typeof change extends fc.Arbitrary<infer Value> ? Value : never;
const asked = fc.oneof(
  { weight: 4, arbitrary: fc.constant({ is: 'whole' as const, tasks: [] }) },
  {
    weight: 1,
    arbitrary: fc.record({ is: fc.constantFrom('refresh' as const, 'select' as const), tasks: fc.array(at) }),
  },
  { weight: 1, arbitrary: fc.constant({ is: 'failed' as const, tasks: [] }) },
);
type Asked = typeof asked extends fc.Arbitrary<infer Value> ? Value : never;
const history = fc.array(fc.record({ changes: fc.array(change, { maxLength: 2 }), asked }), {
  minLength: 1,
  maxLength: 3,
});

function changed(world: World, { is, to }: Change): World {
  const task = `t${to}`;
  const { params, versions, sick } = world;
  if (is === 'set p' || is === 'set q') return { ...world, params: { ...params, [is.slice(4)]: to } };
  if (is === 'set items') return { ...world, params: { ...params, items: Array.from({ length: to }, (_, i) => i) } };
  if (is === 'version') return { ...world, versions: { ...versions, [task]: (versions[task] ?? 1) + 1 } };
  if (is === 'sick') return { ...world, sick: new Set([...sick, task]) };
  return is === 'heal' ? { ...world, sick: new Set([...sick].filter((other) => other !== task)) } : world;
}

/** `undefined` where the DAG cannot be run so. */
function planFor(
  { dag }: RandomPipeline,
  { is, tasks }: Asked,
  earlier: Prediction,
  record: string,
): RunPlan | undefined {
  const named = new Set(tasks.map((place) => `t${place}`));
  const endedAs = (state: string): Set<string> =>
    new Set(dag.tasks.flatMap(({ id }) => (earlier.states[id] === state ? [id] : [])));
  const reuse = { record, succeeded: endedAs('success'), skipped: endedAs('skipped') };
  const bad = new Set([...endedAs('failed'), ...endedAs('upstream_failed'), ...endedAs('excluded')]);
  try {
    if (is === 'whole') return planRun(dag);
    if (is === 'refresh') return planRun(dag, { refresh: named });
    return planRun(dag, { select: is === 'select' ? named : bad, reuse });
  } catch (error) {
    if (error instanceof MissingInput || error instanceof RangeError) return undefined;
    throw error;
  }
}

interface Step {
  readonly predicted: Prediction;
  readonly result: RunResult;
  readonly calls: readonly string[];
  /** What was foretold before the run; the error where it could not be. */
  readonly foretold: readonly TaskForecast[] | Error;
}

/** Runs the pipeline again and again, with changes in between, and each time predicts what that does. */
async function replay(
  pipeline: RandomPipeline,
  steps: readonly { changes: readonly Change[]; asked: Asked }[],
): Promise<Step[]> {
  const lake = lakeOf(pipeline);
  const model: LakeModel = { remembered: new Map(), contents: new Set() };
  let world: World = {
    params: { p: 0, q: 0, items: [0, 1] },
    versions: Object.fromEntries(pipeline.dag.tasks.map(({ id }) => [id, 1])),
    sick: new Set(),
  };
  let earlier: Prediction | undefined;
  const done: Step[] = [];
  for (const { changes, asked } of [{ changes: [], asked: { is: 'whole', tasks: [] } as const }, ...steps]) {
    for (const change of changes) {
      world = changed(world, change);
      const contents = [...model.contents].toSorted();
      const content = contents[change.to % contents.length];
      if (change.is === 'lose' && content !== undefined) {
        model.contents.delete(content);
        await lake.lose(content);
      }
      if (change.is === 'forget') {
        for (const call of model.remembered.keys())
          if (call.startsWith(`t${change.to} `)) model.remembered.delete(call);
        await lake.forget(`t${change.to}`);
      }
    }
    const before = `runs/random/${done.length - 1}`;
    const plan = earlier === undefined ? planRun(pipeline.dag) : planFor(pipeline, asked, earlier, before);
    if (plan === undefined) continue;
    const foretold = await lake.forecast(world, plan).catch((error: unknown) => {
      if (error instanceof PinnedResultGone) return error;
      throw error;
    });
    expect(lake.takeCalls(), 'a forecast calls nothing').toEqual([]);
    const result = await lake.run(world, plan, `runs/random/${done.length}`);
    const first = (task: string) => result.state.tasks[task]?.state;
    const predicted = predict(pipeline, world, plan, model, { earlier, first });
    done.push({ predicted, result, calls: lake.takeCalls(), foretold });
    earlier = predicted;
  }
  return done;
}

/** What was called, what became of every task, and what came out. */
function expectPredicted({ predicted, result, calls }: Step, { dag }: RandomPipeline): void {
  expect(calls).toEqual(predicted.calls.toSorted());
  const states = Object.entries(result.state.tasks).map(([id, { state }]) => [id, state]);
  expect(Object.fromEntries(states)).toEqual(predicted.states);
  expect(result.outputs).toEqual(essence(predicted.outputs));
  for (const { id, kind } of dag.tasks) {
    if (kind.is === 'map' || predicted.states[id] !== 'success') continue;
    expect(result.state.tasks[id]?.cached, id).toBe(predicted.cached.has(id));
  }
}

function expectForetold({ predicted, result, calls, foretold }: Step, { dag }: RandomPipeline): void {
  if (foretold instanceof Error) {
    expect(Object.values(predicted.states)).toContain('failed');
    return;
  }
  const calledBy = (id: string): boolean => calls.some((call) => call.startsWith(`${id} `));
  // A forecast takes it that what is computed, or not known yet, succeeds: it says nothing of what follows what did not.
  const after = new Set<string>();
  for (const { task, verdict } of foretold) {
    const { state, cached } = result.state.tasks[task] ?? {};
    const spec = dag.tasks.find(({ id }) => id === task);
    const isAfter = spec !== undefined && upstreamOf(spec).some((id) => after.has(id));
    if (isAfter || ((verdict === 'open' || calledBy(task)) && state !== 'success')) after.add(task);
    if (isAfter || verdict === 'open') continue;
    expect(calledBy(task), `${task}, ${verdict}, was called`).toBe(verdict === 'compute');
    if (verdict === 'cached' || verdict === 'pinned') expect(state, task).toBe('success');
    if (verdict === 'pinned') expect(cached).toBe(true);
    if (verdict === 'skipped' || verdict === 'excluded') expect(state, task).toBe(verdict);
  }
}

describe('a rerun after random changes', () => {
  it('computes exactly what is not remembered with all its bytes, comes to what computing all would, and was foretold', async () => {
    await fc.assert(
      fc.asyncProperty(randomPipelines(5), history, async (pipeline, history) => {
        for (const step of await replay(pipeline, history)) {
          expectPredicted(step, pipeline);
          expectForetold(step, pipeline);
        }
      }),
      { numRuns: 15, interruptAfterTimeLimit: 20_000 },
    );
  }, 60_000);
});
