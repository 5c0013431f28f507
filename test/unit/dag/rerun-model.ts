import { upstreamOf } from '../../../dag/dag.js';
import type { CacheMode, TaskSpec } from '../../../dag/dag.js';
import type { RunPlan } from '../../../dag/run-plan.js';
import type { TaskStateName } from '../../../dag/run-state.js';
import { verdictOf } from './driver-model.js';
import { essence, work } from './random-pipeline.js';
import type { Made, RandomPipeline, World } from './random-pipeline.js';

/** What a run has to come to. */
export interface Prediction {
  readonly states: { readonly [task: string]: TaskStateName };
  /** Of the tasks that succeed. */
  readonly outputs: { readonly [task: string]: unknown };
  /** Every call of an activity: its task, version and input. */
  readonly calls: readonly string[];
  readonly cached: ReadonlySet<string>;
}

/** What a lake remembers, as far as tasks go: which work was done, and which bytes are there. */
export interface LakeModel {
  readonly remembered: Map<string, Made>;
  readonly contents: Set<string>;
}

export const callOf = (task: string, version: number | undefined, input: unknown): string =>
  `${task} ${version} ${JSON.stringify(essence(input))}`;

/**
 * Runs the pipeline by its definition: each piece of work is done unless the lake remembers it with all its bytes.
 * `earlier` is the run that this one reuses.
 */
export function predict(
  pipeline: RandomPipeline,
  world: World,
  plan: RunPlan,
  { remembered, contents }: LakeModel,
  { earlier, first }: { readonly earlier?: Prediction | undefined; first(task: string): TaskStateName | undefined },
): Prediction {
  const { dag, effects } = pipeline;
  const states: { [task: string]: TaskStateName } = {};
  const outputs: { [task: string]: unknown } = {};
  const calls: string[] = [];
  const cached = new Set<string>();

  function once(task: TaskSpec, input: unknown, mode: CacheMode): { readonly made: Made; readonly cached: boolean } {
    const call = callOf(task.id, world.versions[task.id], input);
    const known = remembered.get(call);
    if (mode === 'by-content' && known !== undefined && contentsIn(known).every((content) => contents.has(content))) {
      return { made: known, cached: true };
    }
    calls.push(call);
    const made = work(pipeline, world, task.id, essence(input));
    if (made !== 'fails' && mode !== 'never') remembered.set(call, made);
    for (const content of contentsIn(made)) contents.add(content);
    return { made, cached: false };
  }

  function modeOf({ id, options }: TaskSpec): CacheMode {
    if (effects.has(id) || options.cache === 'never') return 'never';
    return plan.tasks[id] === 'refresh' ? 'refresh' : options.cache;
  }

  function inputOf(task: TaskSpec): { readonly [name: string]: unknown } {
    const entries = Object.entries(task.inputs).map(([name, source]) => {
      if (source.from === 'constant') return [name, source.value];
      if (source.from === 'param') return [name, world.params[source.param]];
      const output = outputs[source.task] as { readonly [name: string]: unknown } | undefined;
      return [name, source.field === undefined ? output : output?.[source.field]];
    });
    return Object.fromEntries(entries) as { readonly [name: string]: unknown };
  }

  function settle(id: string, state: TaskStateName, output?: unknown): void {
    states[id] = state;
    if (state === 'success') outputs[id] = output;
  }

  function run(task: TaskSpec): void {
    const { id, kind } = task;
    const input = inputOf(task);
    if (kind.is !== 'map') {
      const { made, cached: isCached } = once(task, input, modeOf(task));
      if (isCached) cached.add(id);
      if (typeof made === 'string') settle(id, made === 'fails' ? 'failed' : 'skipped');
      else settle(id, 'success', made.output);
      return;
    }
    const list = input[kind.over] as readonly unknown[];
    const items = list.map((item) => once(task, { ...input, [kind.over]: item }, modeOf(task)).made);
    const given = items.flatMap((made) => (typeof made === 'string' ? [] : [made.output]));
    settle(id, items.includes('fails') ? 'failed' : 'success', given);
  }

  for (const task of dag.tasks) {
    const planned = plan.tasks[task.id];
    const upstream = upstreamOf(task).flatMap((id) => {
      const state = states[id];
      return state === undefined || state === 'excluded' ? [] : [state];
    });
    const verdict = verdictOf(task.options.trigger, upstream);
    if (planned === undefined) settle(task.id, 'excluded');
    else if (planned === 'skipped') settle(task.id, 'skipped');
    else if (planned === 'pinned') {
      const output = earlier?.outputs[task.id];
      const isThere = contentsIn(output).every((content) => contents.has(content));
      if (isThere) cached.add(task.id);
      settle(task.id, isThere ? 'success' : 'failed', output);
    } else if (task.options.trigger === 'all_success' && upstream.includes('skipped')) {
      // Skipped, or not run for a failure: which of the two came first, only the run can tell.
      settle(task.id, verdict === 'upstream_failed' && first(task.id) !== 'skipped' ? verdict : 'skipped');
    } else if (verdict === 'run') run(task);
    else settle(task.id, verdict === 'wait' ? 'waiting' : verdict);
  }
  return { states, outputs, calls, cached };
}

/** The hashes of all bytes that a value names. */
export function contentsIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  if ('content' in value && typeof value.content === 'string') return [value.content];
  return Object.values(value).flatMap(contentsIn);
}
