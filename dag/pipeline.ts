import { TASK_DEFAULTS } from './dag.js';
import { milliseconds } from './duration.js';
import type { Dag, InputSource, ParamsSchema, TaskOptions, TaskSpec } from './dag.js';

/** What a worker can do, by name. One object in, one value out. */
export type ActivityTypes = { readonly [name: string]: (input: never) => Promise<unknown> };

/** A task as a value: used as another task's input it is an edge. The phantom `output` carries what the edge is typed by. */
export interface Task<out Output> {
  readonly from: 'task-value';
  readonly spec: TaskSpec;
  readonly upstream: readonly Task<unknown>[];
  readonly output?: Output;
}

/** One field of a task's output, as an edge of its own: a change of the other fields does not reach whoever takes it. */
export interface Field<out Value> {
  readonly from: 'field';
  readonly task: Task<unknown>;
  readonly field: string;
  readonly value?: Value;
}

/** A parameter of the run, used as a task's input. */
export interface Param<out Value> {
  readonly from: 'param';
  readonly param: string;
  readonly value?: Value;
}

/** A value that the author of the DAG fixes. */
export interface Constant<out Value> {
  readonly from: 'constant';
  readonly value: Value;
}

type InputOf<A> = A extends (input: infer Input) => Promise<unknown> ? Input : never;
type OutputOf<A> = A extends (input: never) => Promise<infer Output> ? Output : never;
type Edge<Value> = Task<Value> | Field<Value> | Param<Value> | Constant<Value>;
type Edges<Input> = { readonly [Name in keyof Input]: Edge<Input[Name]> };

/** What an author may say of a task; the activity's name is its id unless `id` names another. */
export type AuthorOptions = Partial<TaskOptions> & { readonly id?: string };

export interface Pipeline<Activities extends ActivityTypes, Params> {
  /** A parameter of the run as a task's input. */
  param<Name extends keyof Params & string>(name: Name): Param<Params[Name]>;
  /** A value fixed here and now as a task's input. */
  constant<Value>(value: Value): Constant<Value>;
  /** One field of what a task gives. */
  field<Output, Name extends keyof Output & string>(task: Task<Output>, name: Name): Field<Output[Name]>;
  /** A task that calls `activity` with these inputs; they must be exactly what the activity takes. */
  task<Name extends keyof Activities & string>(
    activity: Name,
    inputs: Edges<InputOf<Activities[Name]>>,
    options?: AuthorOptions,
  ): Task<OutputOf<Activities[Name]>>;
  /** The DAG of everything that `outputs` needs. A task that feeds no output is not part of it. */
  dag(id: string, outputs: { readonly [name: string]: Task<unknown> }, params: ParamsSchema<Params>): Dag<Params>;
}

/**
 * The words a DAG is written in, typed by what its activities take and give and by the parameters of its runs.
 *
 *     const { param, task, dag } = pipeline<Activities, Params>();
 *     const rows = task('ingest', { source: param('source') });
 *     const sums = task('aggregate', { rows }, { retries: 5 });
 *     export const daily = dag('daily', { sums }, paramsSchema);
 *
 * An edge can only be a task that exists already, so a DAG is acyclic by construction; an edge of the wrong type,
 * a missing input and an unknown option do not compile.
 */
export function pipeline<Activities extends ActivityTypes, Params>(): Pipeline<Activities, Params> {
  return {
    param: (name) => ({ from: 'param', param: name }),
    constant: (value) => ({ from: 'constant', value }),
    field: (task, name) => ({ from: 'field', task, field: name }),
    task: (activity, inputs, options = {}) => defineTask(activity, inputs, options),
    dag: (id, outputs, params) => ({ id, ...collect(id, outputs), params }),
  };
}

function defineTask<Output>(
  activity: string,
  inputs: { readonly [name: string]: Edge<unknown> },
  options: AuthorOptions,
): Task<Output> {
  const { id = activity, ...said } = options;
  const edges = Object.entries(inputs);
  const all = { ...TASK_DEFAULTS, ...said };
  checkTask(id, all);
  return {
    from: 'task-value',
    spec: {
      id,
      activity,
      inputs: Object.fromEntries(edges.map(([name, edge]) => [name, sourceOf(edge)])),
      options: all,
    },
    upstream: edges.flatMap(([, edge]) => upstreamTask(edge)),
  };
}

/** Ids are drawn, listed and queried by; one that reads as a number would leave its place among an object's keys. */
const ID = /^[A-Za-z][\w-]*$/;

function checkTask(id: string, { retries, timeout, heartbeat }: TaskOptions): void {
  if (!ID.test(id))
    throw new RangeError(`Expected an id of letters, digits, - and _ that begins with a letter, got '${id}'`);
  if (!Number.isInteger(retries) || retries < 0) {
    throw new RangeError(`${id}: Expected \`retries\` to be 0 or a larger whole number, got ${retries}`);
  }
  for (const [name, duration] of Object.entries({ timeout, heartbeat })) {
    if (milliseconds(duration) <= 0)
      throw new RangeError(`${id}: Expected \`${name}\` to be above 0, got '${duration}'`);
  }
}

function upstreamTask(edge: Edge<unknown>): Task<unknown>[] {
  if (edge.from === 'task-value') return [edge];
  return edge.from === 'field' ? [edge.task] : [];
}

function sourceOf(edge: Edge<unknown>): InputSource {
  if (edge.from === 'task-value') return { from: 'task', task: edge.spec.id };
  if (edge.from === 'field') return { from: 'task', task: edge.task.spec.id, field: edge.field };
  if (edge.from === 'param') return { from: 'param', param: edge.param };
  return { from: 'constant', value: edge.value };
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
    tasks: [...byId.values()].map((task) => task.spec),
    outputs: Object.fromEntries(Object.entries(outputs).map(([name, task]) => [name, task.spec.id])),
  };
}
