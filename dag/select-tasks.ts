import { upstreamOf } from './dag.js';
import type { Dag } from './dag.js';
import { PermanentError } from './permanent-error.js';

/** A selector that cannot be read, or that no task of the DAG fits. */
export class BadSelector extends PermanentError {
  override readonly name = 'BadSelector';
}

/** Selectors, each of one or more words; what any word selects is in. */
export interface Selection {
  /** Absent or empty: all tasks. */
  readonly select?: readonly string[] | undefined;
  /** Taken away from what `select` gives. */
  readonly exclude?: readonly string[] | undefined;
}

/**
 * The ids of the tasks that selectors name, in the DAG's order. The selectors are those of dbt, for names:
 *
 *     name         the task            score-*       every task whose name fits, * for any run of characters
 *     +name        and all upstream    name+         and all downstream
 *     2+name       and upstream        name+1        and downstream
 *                  up to two steps                   up to one step
 *     @name        the task, all downstream, and all that those need
 *     a b          what `a` or `b` selects
 *     a+,+b        what `a+` and `+b` both select
 *
 * `+` goes before, after or both; `@` goes alone. Throws a `BadSelector` for a name or pattern that no task has, where
 * dbt would only warn. The result may be empty: words may have no task in common, or all may be excluded.
 */
export function selectTasks(dag: Dag, { select = [], exclude = [] }: Selection): ReadonlySet<string> {
  const graph = graphOf(dag);
  const wanted = select.length === 0 ? new Set(graph.ids) : unionOf(graph, select);
  const unwanted = unionOf(graph, exclude);
  return new Set(graph.ids.filter((id) => wanted.has(id) && !unwanted.has(id)));
}

type Neighbours = ReadonlyMap<string, readonly string[]>;

interface Graph {
  readonly dagId: string;
  readonly ids: readonly string[];
  readonly upstream: Neighbours;
  readonly downstream: Neighbours;
}

function graphOf(dag: Dag): Graph {
  const upstream = new Map(dag.tasks.map((task) => [task.id, upstreamOf(task)]));
  const downstream = new Map(dag.tasks.map((task) => [task.id, [] as string[]]));
  for (const [id, needed] of upstream) for (const other of needed) downstream.get(other)?.push(id);
  return { dagId: dag.id, ids: dag.tasks.map((task) => task.id), upstream, downstream };
}

function unionOf(graph: Graph, selectors: readonly string[]): Set<string> {
  const words = selectors.flatMap((selector) => selector.trim().split(/\s+/));
  return new Set(words.flatMap((word) => [...intersectionOf(graph, word)]));
}

function intersectionOf(graph: Graph, word: string): Set<string> {
  const [first, ...others] = word.split(',').map((part) => selectPart(graph, part));
  return new Set([...(first ?? [])].filter((id) => others.every((other) => other.has(id))));
}

/** A name, with `@` before it or with `+` before it, after it or both. */
const PART = /^(?:(?<at>@)|(?<up>\d*)\+)?(?<name>[\w*-]+)(?:\+(?<down>\d*))?$/;

function selectPart(graph: Graph, part: string): Set<string> {
  const { at, up, name, down } = PART.exec(part)?.groups ?? {};
  if (name === undefined || (at !== undefined && down !== undefined)) {
    throw new BadSelector(`Expected a selector such as 'name', '+name', '2+name+1', '@name' or 'na*', got '${part}'`);
  }
  const named = tasksNamed(graph, name);
  if (at !== undefined) return reach(reach(named, graph.downstream, Infinity), graph.upstream, Infinity);
  return new Set([...reach(named, graph.upstream, stepsOf(up)), ...reach(named, graph.downstream, stepsOf(down))]);
}

/** No `+` goes nowhere, a bare one all the way. */
function stepsOf(digits: string | undefined): number {
  if (digits === undefined) return 0;
  return digits === '' ? Infinity : Number(digits);
}

function tasksNamed({ dagId, ids }: Graph, name: string): Set<string> {
  const pattern = new RegExp(`^${name.replaceAll('*', '.*')}$`);
  const named = ids.filter((id) => pattern.test(id));
  if (named.length === 0) {
    throw new BadSelector(`Expected the name of a task of DAG '${dagId}', got '${name}'. Its tasks: ${ids.join(', ')}`);
  }
  return new Set(named);
}

/** The tasks themselves and what lies up to `steps` edges from any of them. */
function reach(from: ReadonlySet<string>, neighbours: Neighbours, steps: number): Set<string> {
  const reached = new Set(from);
  let frontier = [...from];
  for (let step = 0; step < steps && frontier.length > 0; step++) {
    const next = new Set(frontier.flatMap((id) => neighbours.get(id) ?? []));
    frontier = [...next].filter((id) => !reached.has(id));
    for (const id of frontier) reached.add(id);
  }
  return reached;
}
