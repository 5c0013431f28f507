import { createHash } from 'node:crypto';
import * as fc from 'fast-check';
import { isArtifact } from '../../../dag/artifact.js';
import { TASK_DEFAULTS } from '../../../dag/dag.js';
import type { CacheMode, Dag, InputSource, TaskSpec } from '../../../dag/dag.js';

/** What a task gives, as its artifacts' content goes: a value, bytes in the lake, and a list for a map to go over. */
export interface Given {
  readonly value: number;
  readonly artifact: { readonly content: string };
  readonly list: readonly (number | string)[];
}
export type Made = { readonly output: Given } | 'skips itself' | 'fails';

export interface RandomPipeline {
  readonly dag: Dag;
  /** Tasks whose activity is an effect: never remembered, whatever the task says. */
  readonly effects: ReadonlySet<string>;
  /** Tasks whose list is too long for a payload. */
  readonly wide: ReadonlySet<string>;
}

/** What changes between two runs. */
export interface World {
  readonly params: { readonly [name: string]: unknown };
  readonly versions: { readonly [task: string]: number };
  /** Tasks that fail for about every third input. */
  readonly sick: ReadonlySet<string>;
}

/** A whole number that a text decides. */
function draw(text: string): number {
  return createHash('sha256').update(text).digest().readUInt32BE(0);
}

export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** A value with artifacts by their content alone, keys sorted, nothing undefined: what a result may depend on. */
export function essence(value: unknown): unknown {
  if (isArtifact(value)) return { content: value.sha256 };
  if (Array.isArray(value)) return value.map(essence);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).flatMap(([name, field]) =>
    field === undefined ? [] : [[name, essence(field)] as const],
  );
  return Object.fromEntries(entries.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

/** The work of every task. So few values come out that a changed input often gives the output that it gave before. */
export function work({ wide }: RandomPipeline, { versions, sick }: World, task: string, input: unknown): Made {
  const drawn = draw(JSON.stringify([task, versions[task], input]));
  if (sick.has(task) && drawn % 3 === 0) return 'fails';
  if (drawn % 13 === 0) return 'skips itself';
  const list = Array.from({ length: drawn % 4 }, (_, at) => 3 * at + ((drawn >>> (8 + at)) % 3));
  const output = {
    value: drawn % 3,
    artifact: { content: sha256(contentOf(task, drawn)) },
    list: wide.has(task) ? list.map((item) => `${item}`.padEnd(2_000, '.')) : list,
  };
  return { output };
}

/** Of a task's own: what one task loses, another does not write again. */
const contentOf = (task: string, drawn: number): string => `${task} ${drawn % 2}`;

/** The bytes whose hash an output names. */
export const contentBehind = (task: string, sha: string): string =>
  [0, 1].map((drawn) => contentOf(task, drawn)).find((content) => sha256(content) === sha) ?? '';

const EDGES = ['whole', 'value', 'artifact', 'list', 'after'] as const;
const drawnTask = (place: number) =>
  fc.record({
    map: fc.oneof({ weight: 2, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
    upstream: fc.array(fc.record({ of: fc.nat({ max: Math.max(0, place - 1) }), edge: fc.constantFrom(...EDGES) }), {
      maxLength: 3,
    }),
    param: fc.constantFrom('p', 'q', undefined),
    trigger: fc.oneof(
      { weight: 4, arbitrary: fc.constant('all_success' as const) },
      { weight: 1, arbitrary: fc.constantFrom('all_done' as const, 'none_failed' as const) },
    ),
    cache: fc.oneof(
      { weight: 6, arbitrary: fc.constant<CacheMode>('by-content') },
      { weight: 1, arbitrary: fc.constantFrom<CacheMode>('never', 'refresh') },
    ),
    effect: fc.oneof({ weight: 9, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
    wide: fc.oneof({ weight: 7, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
  });
type Drawn = typeof drawnTask extends (place: number) => fc.Arbitrary<infer Value> ? Value : never;

function specOf({ map, upstream, param, trigger, cache }: Drawn, place: number, isMap: readonly boolean[]): TaskSpec {
  const edges = place === 0 ? [] : upstream;
  const sources = edges.flatMap(({ of, edge }): InputSource[] => {
    if (edge === 'after') return [];
    const field = edge === 'whole' || isMap[of] === true ? {} : { field: edge };
    return [{ from: 'task', task: `t${of}`, ...field }];
  });
  const inputs = sources.map((source, at): [string, InputSource] => [`in${at}`, source]);
  if (param !== undefined) inputs.push([param, { from: 'param', param }]);
  const first = edges.find(({ edge }) => edge !== 'after');
  const over: InputSource =
    first === undefined
      ? { from: 'param', param: 'items' }
      : { from: 'task', task: `t${first.of}`, ...(isMap[first.of] === true ? {} : { field: 'list' }) };
  return {
    id: `t${place}`,
    activity: `t${place}`,
    // One after the other: of two items that are the same, the second finds what the first made.
    kind: map ? { is: 'map', over: 'over', concurrency: 1 } : { is: 'task' },
    inputs: Object.fromEntries(map ? [...inputs, ['over', over]] : inputs),
    after: edges.filter(({ edge }) => edge === 'after').map(({ of }) => `t${of}`),
    options: { ...TASK_DEFAULTS, cache, trigger: map ? 'all_success' : trigger },
  };
}

/** Up to `most` tasks and maps that feed each other whole, by fields and by order alone. */
export const randomPipelines = (most: number): fc.Arbitrary<RandomPipeline> =>
  fc
    .integer({ min: 1, max: most })
    .chain((count) => fc.tuple(...Array.from({ length: count }, (_, place) => drawnTask(place))))
    .map((drawn) => {
      const maps = drawn.map(({ map }) => map);
      const tasks = drawn.map((task, place) => specOf(task, place, maps));
      const outputs = Object.fromEntries(tasks.map(({ id }) => [id, id]));
      const among = (marked: (task: Drawn) => boolean): Set<string> =>
        new Set(drawn.flatMap((task, place) => (marked(task) ? [`t${place}`] : [])));
      const dag: Dag = { id: 'random', tasks, outputs, params: { parse: (params) => params } };
      return { dag, effects: among(({ effect }) => effect), wide: among(({ wide }) => wide) };
    });
