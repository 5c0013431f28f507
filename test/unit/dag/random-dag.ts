import * as fc from 'fast-check';
import { TASK_DEFAULTS, feedersOf } from '../../../dag/dag.js';
import type { Dag, InputSource, TaskKind, TaskSpec } from '../../../dag/dag.js';
import { MissingInput, planRun } from '../../../dag/run-plan.js';
import type { RunPlan } from '../../../dag/run-plan.js';
import { TRIGGER_RULES } from '../../../dag/trigger-rule.js';

/** What comes of a task's work. A `block`ed check gives a result that did not pass. */
export type Fate = 'success' | 'failed' | 'skips itself' | 'blocked';

export interface Behaviour {
  /** What comes of its first start, and of every later one. */
  readonly fates: readonly [first: Fate, later: Fate];
  /** It comes to its end in spite of being called off. */
  readonly stubborn: boolean;
}

export interface RandomRun {
  readonly dag: Dag;
  readonly plan: RunPlan;
  readonly behaviour: ReadonlyMap<string, Behaviour>;
}

export const outputOf = (task: string): { readonly made: string } => ({ made: `made by ${task}` });

const waits = { within: '1 hour', late: 'fail' } as const;
const schema = {
  parse: (value: unknown): string => {
    if (typeof value !== 'string') throw new TypeError(`Expected a text, got ${JSON.stringify(value)}`);
    return `sent ${value}`;
  },
};

const kind: fc.Arbitrary<TaskKind> = fc.oneof(
  { weight: 5, arbitrary: fc.constant<TaskKind>({ is: 'task' }) },
  { weight: 1, arbitrary: fc.constant<TaskKind>({ is: 'publish' }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom<TaskKind>({ is: 'check', severity: 'block' }, { is: 'check', severity: 'warn' }),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom<TaskKind>(
      { is: 'signal', schema, ...waits },
      { is: 'signal', schema, ...waits, late: 'skip' },
    ),
  },
  { weight: 1, arbitrary: fc.constant<TaskKind>({ is: 'sensor', every: '1 second', ...waits }) },
);

const fate = (failing: number): fc.Arbitrary<Fate> =>
  fc.oneof(
    { weight: 6, arbitrary: fc.constant<Fate>('success') },
    { weight: failing, arbitrary: fc.constantFrom<Fate>('failed', 'blocked') },
    { weight: failing, arbitrary: fc.constant<Fate>('skips itself') },
  );

/** Half of the tasks with the rule by default: among others, little would ever run. */
const trigger = fc.oneof(fc.constant('all_success' as const), fc.constantFrom(...TRIGGER_RULES));

const drawnTask = (place: number) =>
  fc.record({
    kind,
    trigger,
    upstream: fc.array(
      fc.record({ of: fc.nat({ max: Math.max(0, place - 1) }), edge: fc.constantFrom('whole', 'field', 'after') }),
      { maxLength: 3 },
    ),
    fates: fc.tuple(fate(2), fate(1)),
    stubborn: fc.boolean(),
  });
type Drawn = typeof drawnTask extends (place: number) => fc.Arbitrary<infer Value> ? Value : never;

function specOf({ kind, trigger, upstream }: Drawn, place: number): TaskSpec {
  const edges = place === 0 ? [] : upstream;
  const inputs = edges.flatMap(({ of, edge }, at): [string, InputSource][] =>
    edge === 'after' || kind.is === 'signal'
      ? []
      : [[`in${at}`, { from: 'task', task: `t${of}`, ...(edge === 'field' ? { field: 'made' } : {}) }]],
  );
  return {
    id: `t${place}`,
    activity: 'work',
    kind,
    inputs: Object.fromEntries([['p', { from: 'param', param: 'start' }], ...inputs]),
    after: edges.filter(({ edge }) => edge === 'after' || kind.is === 'signal').map(({ of }) => `t${of}`),
    options: { ...TASK_DEFAULTS, trigger },
  };
}

interface Asked {
  readonly whole: boolean;
  readonly hold: boolean;
  readonly select: readonly boolean[];
  readonly before: readonly ('success' | 'skipped' | 'none')[];
}

/** A plan for a random part of the DAG; what it would miss is selected too. */
function planOf(dag: Dag, { whole, hold, select, before }: Asked): RunPlan {
  if (whole) return planRun(dag, { hold });
  const ids = dag.tasks.map(({ id }) => id);
  const among = (marks: readonly boolean[]): Set<string> => new Set(ids.filter((_, at) => marks[at] === true));
  const reuse = {
    record: 'runs/random/one',
    succeeded: among(before.map((state) => state === 'success')),
    skipped: among(before.map((state) => state === 'skipped')),
  };
  const selected = among([...select.slice(0, ids.length - 1), true].slice(0, ids.length));
  for (;;) {
    try {
      return planRun(dag, { select: selected, reuse, hold });
    } catch (error) {
      if (!(error instanceof MissingInput)) throw error;
      for (const task of dag.tasks.filter(({ id }) => selected.has(id))) {
        for (const id of feedersOf(task))
          if (!reuse.succeeded.has(id) || error.message.includes(` of ${id},`)) selected.add(id);
      }
    }
  }
}

/** Up to `most` tasks of any kind but map, with data and order edges, any rule and any fate; the whole DAG, or a part of it. */
export const randomRuns = (most: number, { hold }: { readonly hold: boolean }): fc.Arbitrary<RandomRun> =>
  fc.integer({ min: 1, max: most }).chain((count) =>
    fc
      .record({
        drawn: fc.tuple(...Array.from({ length: count }, (_, place) => drawnTask(place))),
        asked: fc.record({
          whole: fc.boolean(),
          hold: hold ? fc.boolean() : fc.constant(false),
          select: fc.array(fc.boolean(), { minLength: count, maxLength: count }),
          before: fc.array(fc.constantFrom('success' as const, 'skipped' as const, 'none' as const), {
            minLength: count,
            maxLength: count,
          }),
        }),
      })
      .map(({ drawn, asked }) => {
        const tasks = drawn.map(specOf);
        const outputs = Object.fromEntries(tasks.map(({ id }) => [id, id]));
        const dag: Dag = { id: 'random', tasks, outputs, params: { parse: (params) => params } };
        const behaviour = new Map(drawn.map(({ fates, stubborn }, place) => [`t${place}`, { fates, stubborn }]));
        return { dag, plan: planOf(dag, asked), behaviour };
      }),
  );
