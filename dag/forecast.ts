import { feedersOf, upstreamOf } from './dag.js';
import type { CacheMode, Dag, TaskSpec } from './dag.js';
import { itemCount, itemInput } from './map-items.js';
import type { RunPlan } from './run-plan.js';
import { checkOf, pick } from './task-outcome.js';
import { decide } from './trigger-rule.js';
import type { Decision, TriggerRule, UpstreamState } from './trigger-rule.js';

/**
 * `compute`: no result is remembered. `open`: what it takes is not known before something else has run; where that comes
 * out as it did before, the result may be cached. `wait`: for the outside.
 */
export type Verdict = 'compute' | 'cached' | 'pinned' | 'wait' | 'open' | 'skipped' | 'excluded';

export interface TaskForecast {
  readonly task: string;
  readonly verdict: Verdict;
  /** For people. */
  readonly why: string;
}

/** What is known of a task, or of one item of a map, without running it. */
export type LookUp =
  | { readonly verdict: 'cached' | 'pinned'; readonly output: unknown; readonly why: string }
  | { readonly verdict: 'compute' | 'wait' | 'skipped'; readonly why: string };

/** Looks a task up by its input; changes nothing. */
export type LookUpTask = (
  task: TaskSpec,
  input: { readonly [name: string]: unknown },
  mode: CacheMode | 'pinned',
  item?: number,
) => Promise<LookUp>;

/** What a run would do with each task, in the DAG's order, if all that it computes succeeded. */
export async function forecast(
  dag: Dag,
  params: { readonly [name: string]: unknown },
  plan: RunPlan,
  lookUp: LookUpTask,
): Promise<readonly TaskForecast[]> {
  const outputs = new Map<string, unknown>();
  const verdicts = new Map<string, Verdict>();
  const ends = new Map<string, UpstreamState>();
  const forecasts: TaskForecast[] = [];
  for (const task of dag.tasks) {
    const { verdict, why, ...known } = await forecastTask(task);
    if ('output' in known) outputs.set(task.id, known.output);
    verdicts.set(task.id, verdict);
    if (!ends.has(task.id)) ends.set(task.id, endOf(task, verdict));
    if (ends.get(task.id) === 'failed') outputs.delete(task.id);
    forecasts.push({ task: task.id, verdict, why });
  }
  return forecasts;

  async function forecastTask(task: TaskSpec): Promise<LookUp | Pick<TaskForecast, 'verdict' | 'why'>> {
    const planned = plan.tasks[task.id];
    if (planned === undefined) return { verdict: 'excluded', why: 'not part of this run' };
    if (planned === 'skipped') return { verdict: 'skipped', why: 'as in the run it reuses' };
    if (planned === 'pinned') return lookUp(task, {}, 'pinned');
    const { trigger } = task.options;
    const upstream = upstreamOf(task).filter((id) => verdicts.get(id) !== 'excluded');
    const decision = decideBut(trigger, upstream);
    if (decision === 'skipped' || decision === 'upstream_failed') {
      ends.set(task.id, decision);
      const states = upstream.map((id) => `${id} ${ends.get(id)}`);
      return { verdict: 'skipped', why: `${trigger}: ${states.join(', ')}` };
    }
    if (task.kind.is === 'signal') return { verdict: 'wait', why: 'for a signal' };
    const early = feedersOf(task).find((id) => upstream.includes(id) && decideBut(trigger, upstream, id) === 'run');
    if (early !== undefined) return { verdict: 'open', why: `${trigger}: it may start before ${early} has ended` };
    const unknown = unknownInput(task);
    const { cache } = task.options;
    if (unknown !== undefined) return ofUnknown(task, unknown, planned === 'refresh' ? 'refresh' : cache);
    const mode = planned === 'refresh' && cache !== 'never' ? 'refresh' : cache;
    return task.kind.is === 'map' ? forecastMap(task, mode) : lookUp(task, inputOf(task), mode);
  }

  /** What the rule says once all before it have ended, or all but one. */
  function decideBut(rule: TriggerRule, upstream: readonly string[], open?: string): Decision {
    const states = upstream.map((id) => (id === open ? 'open' : (ends.get(id) ?? 'open')));
    return decide(rule, states);
  }

  /** A result that is there already may be that of a check that did not pass. */
  function endOf({ id, kind }: TaskSpec, verdict: Verdict): UpstreamState {
    if (verdict === 'skipped') return 'skipped';
    const blocks = kind.is === 'check' && kind.severity === 'block' && outputs.has(id);
    return blocks && !checkOf(kind.severity, outputs.get(id)).passed ? 'failed' : 'success';
  }

  /** The task whose output is not known, of those it takes. */
  function unknownInput(task: TaskSpec): string | undefined {
    return Object.values(task.inputs)
      .flatMap((source) => (source.from === 'task' ? [source.task] : []))
      .find((id) => !outputs.has(id) && ends.get(id) === 'success');
  }

  function ofUnknown(task: TaskSpec, unknown: string, cache: CacheMode): Pick<TaskForecast, 'verdict' | 'why'> {
    if (task.kind.is === 'sensor') return { verdict: 'wait', why: `after ${unknown}` };
    if (task.kind.is === 'publish') return { verdict: 'compute', why: 'publishes: made sure of in every run' };
    // Over no items a map computes nothing, whatever its cache.
    if (cache === 'by-content' || task.kind.is === 'map')
      return { verdict: 'open', why: `depends on what ${unknown} gives` };
    return { verdict: 'compute', why: `its cache is \`${cache}\`` };
  }

  async function forecastMap(task: TaskSpec, mode: CacheMode): Promise<LookUp> {
    const input = inputOf(task);
    const items = Array.from({ length: itemCount(task, input) }, (_, item) => item);
    const looks = await Promise.all(items.map(async (item) => lookUp(task, itemInput(task, input, item), mode, item)));
    const cached = looks.filter(({ verdict }) => verdict === 'cached' || verdict === 'skipped').length;
    const why = `${cached} of ${items.length} items cached`;
    for (const verdict of ['compute', 'wait'] as const) {
      const first = looks.find((look) => look.verdict === verdict);
      if (first !== undefined) return { verdict, why: `${why}; ${first.why}` };
    }
    return { verdict: 'cached', why, output: looks.flatMap((look) => ('output' in look ? [look.output] : [])) };
  }

  function inputOf(task: TaskSpec): { readonly [name: string]: unknown } {
    const entries = Object.entries(task.inputs).map(([name, source]) => {
      if (source.from === 'param') return [name, params[source.param]];
      if (source.from === 'constant') return [name, source.value];
      return [name, outputs.has(source.task) ? pick(outputs.get(source.task), source.field) : undefined];
    });
    return Object.fromEntries(entries) as { readonly [name: string]: unknown };
  }
}
