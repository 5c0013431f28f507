import type { InputSource, TaskSpec } from './dag.js';

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

/** One item after the other of a list that is known when the run gets there. */
export interface Each<out Item> {
  readonly from: 'each';
  readonly list: Edge<readonly Item[]>;
}

export type Edge<Value> = Task<Value> | Field<Value> | Param<Value> | Constant<Value>;

export function upstreamTask(edge: Edge<unknown> | Each<unknown>): Task<unknown>[] {
  if (edge.from === 'each') return upstreamTask(edge.list);
  if (edge.from === 'task-value') return [edge];
  return edge.from === 'field' ? [edge.task] : [];
}

export function sourceOf(edge: Edge<unknown> | Each<unknown>): InputSource {
  if (edge.from === 'each') return sourceOf(edge.list);
  if (edge.from === 'task-value') return { from: 'task', task: edge.spec.id };
  if (edge.from === 'field') return { from: 'task', task: edge.task.spec.id, field: edge.field };
  if (edge.from === 'param') return { from: 'param', param: edge.param };
  return { from: 'constant', value: edge.value };
}
