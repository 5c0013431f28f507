import { z } from 'zod';
import { calendarDate } from '../../dag/calendar-date.js';
import { pipeline } from '../../dag/pipeline.js';
import type { Task } from '../../dag/pipeline.js';
import { CHAIN_LENGTH, FAN_OUT_WIDTH } from './workload.js';

/** A new `nonce` makes every input of a run new, so that nothing is found in the cache. */
const params = z.strictObject({ nonce: z.string(), fecha: calendarDate });
export type BenchParams = z.infer<typeof params>;

export type BenchActivities = {
  readonly empty: (input: { value: string }) => Promise<string>;
  readonly join: (input: { readonly [task: string]: string }) => Promise<string>;
};

const { param, task, dag } = pipeline<BenchActivities, BenchParams>();

let last: Task<string> = task('empty', { value: param('nonce') }, { id: 'step1' });
for (let step = 2; step <= CHAIN_LENGTH; step++) last = task('empty', { value: last }, { id: `step${step}` });

/** step1 -> step2 -> … */
export const chainDag = dag('chain', { last }, params);

const root = task('empty', { value: param('nonce') }, { id: 'root' });
const children = Array.from({ length: FAN_OUT_WIDTH }, (_, i) => `child${i + 1}`).map(
  (id) => [id, task('empty', { value: root }, { id })] as const,
);

/** root -> child1, child2, … -> join */
export const fanOutDag = dag('fanOut', { join: task('join', Object.fromEntries(children)) }, params);
