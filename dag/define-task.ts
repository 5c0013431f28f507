import { TASK_DEFAULTS } from './dag.js';
import type { TaskKind, TaskOptions, TaskSpec } from './dag.js';
import { milliseconds } from './duration.js';
import { sourceOf, upstreamTask } from './edge.js';
import type { Each, Edge, Task } from './edge.js';
import { TRIGGER_RULES } from './trigger-rule.js';

/** What an author may say of a task; the activity's name is its id unless `id` names another. */
export type AuthorOptions = Partial<TaskOptions> & {
  readonly id?: string;
  /** Tasks that have to come first without giving anything. */
  readonly after?: readonly Task<unknown>[];
};

/** A task of any kind from what its author said, checked: what the types cannot hold throws a `RangeError` here. */
export function defineTask<Output>(
  activity: string,
  kind: TaskKind,
  inputs: { readonly [name: string]: Edge<unknown> | Each<unknown> },
  { id = activity, after = [], ...said }: AuthorOptions,
): Task<Output> {
  const edges = Object.entries(inputs);
  const options = { ...TASK_DEFAULTS, ...said };
  const spec = {
    id,
    activity,
    kind,
    inputs: Object.fromEntries(edges.map(([name, edge]) => [name, sourceOf(edge)])),
    after: after.map((task) => task.spec.id),
    options,
  };
  checkSpec(spec);
  return { from: 'task-value', spec, upstream: [...edges.flatMap(([, edge]) => upstreamTask(edge)), ...after] };
}

/** Ids are drawn, listed and queried by; one that reads as a number would leave its place among an object's keys. */
const ID = /^[A-Za-z][\w-]*$/;

function checkSpec({ id, kind, options }: TaskSpec): void {
  const { retries, timeout, heartbeat, trigger, priority } = options;
  if (!ID.test(id))
    throw new RangeError(`Expected an id of letters, digits, - and _ that begins with a letter, got '${id}'`);
  const durations: { [name: string]: TaskOptions['timeout'] } = { timeout, heartbeat };
  if ('within' in kind) durations['within'] = kind.within;
  if (kind.is === 'sensor') durations['every'] = kind.every;
  for (const [name, duration] of Object.entries(durations)) {
    if (milliseconds(duration) <= 0)
      throw new RangeError(`${id}: Expected \`${name}\` to be above 0, got '${duration}'`);
  }
  expectWhole(id, 'retries', retries, 0);
  expectWhole(id, 'priority', priority, 1, 5);
  if (kind.is === 'map') expectWhole(id, 'concurrency', kind.concurrency, 1);
  if (!TRIGGER_RULES.includes(trigger)) {
    throw new RangeError(`${id}: Expected \`trigger\` to be one of ${TRIGGER_RULES.join(', ')}, got '${trigger}'`);
  }
}

function expectWhole(id: string, name: string, value: number, least: number, most = Number.POSITIVE_INFINITY): void {
  if (Number.isInteger(value) && value >= least && value <= most) return;
  const range = Number.isFinite(most) ? `${least}..${most}` : `${least} or a larger whole number`;
  throw new RangeError(`${id}: Expected \`${name}\` to be ${range}, got ${value}`);
}
