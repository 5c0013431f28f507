import { z } from 'zod';
import { calendarDate } from '../../dag/calendar-date.js';
import { pipeline } from '../../dag/pipeline.js';

// Small DAGs that both executors run. What their tasks do, each test says; a task is called like its activity.

export const contractParams = z.strictObject({ start: z.number(), fecha: calendarDate.optional() });
export type ContractParams = z.infer<typeof contractParams>;

export type ContractActivities = {
  readonly read: (input: { start: number }) => Promise<{ readonly value: number; readonly label: string }>;
  readonly double: (input: { value: number }) => Promise<number>;
  readonly triple: (input: { value: number }) => Promise<number>;
  readonly sum: (input: { double: number; triple: number; whole: object; bonus: number }) => Promise<number>;
  readonly aside: (input: { start: number }) => Promise<string>;
  readonly late: (input: { start: number }) => Promise<number>;
  readonly patient: (input: { start: number }) => Promise<number>;
  readonly after: (input: { before: number }) => Promise<number>;
};
export type ContractActivity = keyof ContractActivities;

const { param, constant, field, task, dag } = pipeline<ContractActivities, ContractParams>();

const start = param('start');
const read = task('read', { start }, { retries: 2 });
const double = task('double', { value: field(read, 'value') }, { retries: 1 });
const triple = task('triple', { value: field(read, 'value') }, { retries: 0, queue: 'compute' });
const sum = task('sum', { double, triple, whole: read, bonus: constant(100) });
const aside = task('aside', { start });

/** read -> double, triple -> sum; and aside, on its own. */
export const numbersDag = dag('numbers', { sum, aside }, contractParams);

const late = task('late', { start }, { timeout: '1 second', retries: 1 });

/** late, each attempt a second at most -> after. */
export const lateDag = dag('late', { after: task('after', { before: late }) }, contractParams);

// Heartbeats go out at 80% of this time: as long as a task may take to hear that it was cancelled.
const patient = task('patient', { start }, { heartbeat: '3 seconds' });

/** patient -> after; and aside, on its own. */
export const patientDag = dag('patient', { after: task('after', { before: patient }), aside }, contractParams);
