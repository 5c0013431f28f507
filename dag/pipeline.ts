import type { Dag, ParamsSchema, Patience, TaskSpec } from './dag.js';
import { defineTask } from './define-task.js';
import type { AuthorOptions } from './define-task.js';
import { milliseconds } from './duration.js';
import type { Duration } from './duration.js';
import type { Constant, Each, Edge, Field, Param, Task } from './edge.js';
import type { TriggerRule } from './trigger-rule.js';

/** What a worker can do, by name. One object in, one value out. */
export type ActivityTypes = { readonly [name: string]: (input: never) => Promise<unknown> };

/** What a check says: the figures are kept with the run whether it passed or not. */
export interface CheckResult {
  readonly passed: boolean;
  readonly figures: { readonly [figure: string]: string | number | boolean | null };
  /** What was expected and what came, in a line for people. */
  readonly message: string;
}

type InputOf<A> = A extends (input: infer Input) => Promise<unknown> ? Input : never;
type OutputOf<A> = A extends (input: never) => Promise<infer Output> ? Output : never;

/** Only under `all_success` is the output of every task before it sure to be there; else the activity has to take `undefined`. */
type MaybeEdge<Value> = Param<Value> | Constant<Value> | (undefined extends Value ? Task<Value> | Field<Value> : never);
type EdgeUnder<Value, Rule> = [Rule] extends ['all_success'] ? Edge<Value> : MaybeEdge<Value>;
type Edges<Input, Rule> = { readonly [Name in keyof Input]: EdgeUnder<Input[Name], Rule> };
/** One input is an `each`: a choice among as many shapes as there are inputs. */
type MapEdges<Input> = {
  [Over in keyof Input]-?: {
    readonly [Name in keyof Input]: Name extends Over ? Each<Input[Name]> : Edge<Input[Name]>;
  };
}[keyof Input];

/** The activities whose output is what a check has to say. */
type CheckName<Activities> = {
  [Name in keyof Activities & string]: OutputOf<Activities[Name]> extends CheckResult ? Name : never;
}[keyof Activities & string];

type Under<Rule> = AuthorOptions & { readonly trigger?: Rule };
/** What every item gets must be there: a map runs when all before it succeeded. */
type MapOptions = Omit<AuthorOptions, 'trigger'> & {
  /** How many items at once; default 8. */
  readonly concurrency?: number;
};
type CheckOptions<Rule> = Under<Rule> & {
  /** `block` (the default): not passed is failed. `warn`: not passed is a remark. */
  readonly severity?: 'block' | 'warn';
};
type WaitOptions = Omit<AuthorOptions, 'cache'> & Partial<Patience>;
type SensorOptions<Rule> = WaitOptions & {
  readonly trigger?: Rule;
  /** Time between two looks; default 30 seconds. */
  readonly every?: Duration;
};
interface DagOptions {
  /** How long after the start of the run's date its result is due. */
  readonly deadline?: Duration;
}

export interface Pipeline<Activities extends ActivityTypes, Params> {
  /** A parameter of the run as a task's input. */
  param<Name extends keyof Params & string>(name: Name): Param<Params[Name]>;
  /** A value fixed here and now as a task's input. */
  constant<Value>(value: Value): Constant<Value>;
  /** One field of what a task gives. */
  field<Output, Name extends keyof Output & string>(task: Task<Output>, name: Name): Field<Output[Name]>;
  /** The items of a list, one a call: what a `map` goes over. */
  each<Item>(list: Edge<readonly Item[]>): Each<Item>;
  /** A task that calls `activity` with these inputs; they must be exactly what the activity takes. */
  task<Name extends keyof Activities & string, const Rule extends TriggerRule = 'all_success'>(
    activity: Name,
    inputs: Edges<InputOf<Activities[Name]>, NoInfer<Rule>>,
    options?: Under<Rule>,
  ): Task<OutputOf<Activities[Name]>>;
  /**
   * Calls `activity` for each item of the one input that is an `each`. Every item has its own state, retries and cache;
   * the outputs come in the order of the items, without those of items that skipped themselves.
   */
  map<Name extends keyof Activities & string>(
    activity: Name,
    inputs: MapEdges<InputOf<Activities[Name]>>,
    options?: MapOptions,
  ): Task<readonly OutputOf<Activities[Name]>[]>;
  /** A task whose output says whether it passed. What it gates comes `after` it. */
  check<Name extends CheckName<Activities>, const Rule extends TriggerRule = 'all_success'>(
    activity: Name,
    inputs: Edges<InputOf<Activities[Name]>, NoInfer<Rule>>,
    options?: CheckOptions<Rule>,
  ): Task<OutputOf<Activities[Name]>>;
  /** A task that changes what others read. It cannot be marked as succeeded. */
  publish<Name extends keyof Activities & string, const Rule extends TriggerRule = 'all_success'>(
    activity: Name,
    inputs: Edges<InputOf<Activities[Name]>, NoInfer<Rule>>,
    options?: Under<Rule>,
  ): Task<OutputOf<Activities[Name]>>;
  /** A task that waits until what `activity` looks for is there; by default a day, then it fails. */
  sensor<Name extends keyof Activities & string, const Rule extends TriggerRule = 'all_success'>(
    activity: Name,
    inputs: Edges<InputOf<Activities[Name]>, NoInfer<Rule>>,
    options?: SensorOptions<Rule>,
  ): Task<OutputOf<Activities[Name]>>;
  /** A task that waits for somebody to send a value of this schema to the run; by default a day, then it fails. */
  signal<Value>(id: string, schema: ParamsSchema<Value>, options?: Omit<WaitOptions, 'id'>): Task<Value>;
  /** The DAG of everything that `outputs` needs. A task that comes before no output is not part of it. */
  dag(
    id: string,
    outputs: { readonly [name: string]: Task<unknown> },
    params: ParamsSchema<Params>,
    options?: DagOptions,
  ): Dag<Params>;
}

const DEFAULT_CONCURRENCY = 8;
const PATIENCE: Patience = { within: '24 hours', late: 'fail' };

/**
 * The words a DAG is written in, typed by what its activities take and give and by the parameters of its runs.
 *
 *     const { param, task, dag } = pipeline<Activities, Params>();
 *     const rows = task('ingest', { source: param('source') });
 *     const sums = task('aggregate', { rows }, { retries: 5 });
 *     export const daily = dag('daily', { sums }, paramsSchema);
 *
 * An edge can only be a task that exists already, so a DAG is acyclic by construction; an edge of the wrong type,
 * a missing input and an unknown option do not compile, nor does an input that its rule may leave `undefined`.
 */
export function pipeline<Activities extends ActivityTypes, Params>(): Pipeline<Activities, Params> {
  return {
    param: (name) => ({ from: 'param', param: name }),
    constant: (value) => ({ from: 'constant', value }),
    field: (task, name) => ({ from: 'field', task, field: name }),
    each: (list) => ({ from: 'each', list }),
    task: (activity, inputs, options = {}) => defineTask(activity, { is: 'task' }, edges(inputs), options),
    map: (activity, inputs, { concurrency = DEFAULT_CONCURRENCY, ...options } = {}) => {
      const kind = { is: 'map', over: overOf(options.id ?? activity, inputs), concurrency } as const;
      return defineTask(activity, kind, edges(inputs), options);
    },
    check: (activity, inputs, { severity = 'block', ...options } = {}) =>
      defineTask(activity, { is: 'check', severity }, edges(inputs), options),
    publish: (activity, inputs, options = {}) =>
      defineTask(activity, { is: 'publish' }, edges(inputs), { ...options, cache: 'never' }),
    sensor: (activity, inputs, { every = '30 seconds', within, late, ...options } = {}) => {
      const kind = { is: 'sensor', every, ...patience(within, late) } as const;
      return defineTask(activity, kind, edges(inputs), { ...options, cache: 'never' });
    },
    signal: (id, schema, { within, late, ...options } = {}) =>
      defineTask(id, { is: 'signal', schema, ...patience(within, late) }, {}, { ...options, cache: 'never' }),
    dag: (id, outputs, params, options = {}) => {
      if (options.deadline !== undefined) milliseconds(options.deadline);
      return { id, ...collect(id, outputs), params, ...options };
    },
  };
}

/** Mapped types over an unknown input hide that its values are edges. */
const edges = (inputs: object) => inputs as { readonly [name: string]: Edge<unknown> | Each<unknown> };

const patience = (within = PATIENCE.within, late = PATIENCE.late): Patience => ({ within, late });

function overOf(id: string, inputs: object): string {
  const over = Object.entries(edges(inputs)).flatMap(([name, edge]) => (edge.from === 'each' ? [name] : []));
  if (over.length === 1 && over[0] !== undefined) return over[0];
  throw new RangeError(
    `${id}: Expected one input to be an \`each\`, got ${over.length === 0 ? 'none' : over.join(', ')}`,
  );
}

/** Depth first from the outputs, inputs before their task: a topological order that only the source text decides. */
function collect(dagId: string, outputs: { readonly [name: string]: Task<unknown> }): Pick<Dag, 'tasks' | 'outputs'> {
  const byId = new Map<string, Task<unknown>>();
  const visit = (task: Task<unknown>): void => {
    const known = byId.get(task.spec.id);
    if (known === task) return;
    if (known !== undefined) {
      throw new RangeError(`DAG '${dagId}' has two tasks called '${task.spec.id}': give one of them another \`id\``);
    }
    for (const upstream of task.upstream) visit(upstream);
    byId.set(task.spec.id, task);
  };
  for (const task of Object.values(outputs)) visit(task);
  if (byId.size === 0) throw new RangeError(`Expected DAG '${dagId}' to have an output, got none`);
  return {
    tasks: [...byId.values()].map((task): TaskSpec => task.spec),
    outputs: Object.fromEntries(Object.entries(outputs).map(([name, task]) => [name, task.spec.id])),
  };
}
