import { z } from 'zod';
import { calendarDate } from '../../dag/calendar-date.js';
import { pipeline } from '../../dag/pipeline.js';
import type { CheckResult } from '../../dag/pipeline.js';

// DAGs of the shapes whose histories are kept. They belong to the histories: a change here wants them recorded anew.

export const historyParams = z.strictObject({
  fecha: calendarDate.optional(),
  /** Items of maps. */
  count: z.number().int().min(0).default(5),
});

export type HistoryParams = z.infer<typeof historyParams>;

type Count = { readonly count: number };
type Value = { readonly value: number };

export type HistoryActivities = {
  readonly first: (input: Count) => Promise<Value>;
  readonly second: (input: Value) => Promise<number>;
  readonly third: (input: Value) => Promise<number>;
  readonly enough: (input: Value) => Promise<CheckResult>;
  readonly last: (input: { readonly second: number; readonly third: number }) => Promise<number>;
  readonly numbers: (input: Count) => Promise<readonly number[]>;
  readonly double: (input: Value) => Promise<number>;
  readonly look: (input: Count) => Promise<Value>;
  readonly press: (input: Count) => Promise<number>;
  readonly squeeze: (input: Count) => Promise<number>;
};

const { param, field, each, task, map, check, publish, sensor, signal, dag } = pipeline<
  HistoryActivities,
  HistoryParams
>();

const count = param('count');
const first = task('first', { count });
const value = field(first, 'value');
const second = task('second', { value }, { retries: 1, cache: 'refresh' });
const third = task('third', { value }, { retries: 0, queue: 'compute' });
const enough = check('enough', { value });
const last = publish('last', { second, third }, { after: [enough] });

/** first -> second, third and a check -> last, which publishes. */
export const stepsDag = dag('steps', { last }, historyParams);

/** As `steps`, and due a day after the start of its date. */
export const dueDag = dag('due', { last }, historyParams, { deadline: '24 hours' });

const numbers = task('numbers', { count });
const doubled = map('double', { value: each(numbers) }, { concurrency: 3 });

/** A list -> a map over it -> its first task again, by order alone. */
export const mapsDag = dag('maps', { doubled, after: task('first', { count }, { after: [doubled] }) }, historyParams);

const arrived = sensor('look', { count }, { every: '1 second', within: '3 seconds' });
const approval = signal('approval', z.strictObject({ by: z.string() }), {
  after: [arrived],
  within: '2 seconds',
  late: 'skip',
});

/** A sensor -> a signal that nobody has to send -> a task. */
export const waitsDag = dag(
  'waits',
  { done: task('first', { count }, { after: [approval], trigger: 'none_failed' }) },
  historyParams,
);

const press = task('press', { count }, { pool: 'presses' });
const squeeze = task('squeeze', { count }, { pool: 'presses', priority: 1 });

/** Two tasks that want the one slot of a pool. */
export const poolsDag = dag('pools', { press, squeeze }, historyParams);
