import { z } from 'zod';
import { calendarDate } from '../../dag/calendar-date.js';
import { pipeline } from '../../dag/pipeline.js';
import type { CheckResult } from '../../dag/pipeline.js';
import { TRIGGER_RULES } from '../../dag/trigger-rule.js';
import type { TriggerRule } from '../../dag/trigger-rule.js';

// Small DAGs that both executors run. What their tasks do, each test says; a task is called like its activity, unless
// several tasks share one.

export const contractParams = z.strictObject({
  start: z.number(),
  fecha: calendarDate.optional(),
  timeZone: z.string().optional(),
  /** Of `due`: seconds. */
  dueAfter: z.number().optional(),
});
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
  readonly left: (input: { start: number }) => Promise<number>;
  readonly right: (input: { start: number }) => Promise<number>;
  readonly mark: (input: { as: string }) => Promise<string>;
  readonly tally: (input: { left: number | undefined; right: number | undefined }) => Promise<string>;
  readonly list: (input: { start: number }) => Promise<readonly string[]>;
  readonly shout: (input: { word: string; start: number }) => Promise<string>;
  readonly join: (input: { words: readonly string[] }) => Promise<string>;
  readonly glean: (input: { words: readonly string[] | undefined }) => Promise<string>;
  readonly verify: (input: { start: number }) => Promise<CheckResult>;
  readonly remark: (input: { start: number }) => Promise<CheckResult>;
  readonly look: (input: { for: string }) => Promise<string>;
  readonly told: (input: { by: { readonly by: string } }) => Promise<string>;
  readonly narrow: (input: { place: number }) => Promise<number>;
  readonly write: (input: { value: number }) => Promise<string>;
  readonly visit: (input: { fecha: string | undefined }) => Promise<string>;
};
export type ContractActivity = keyof ContractActivities;

const { param, constant, field, each, task, map, check, publish, sensor, signal, dag } = pipeline<
  ContractActivities,
  ContractParams
>();

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

/** patient -> after; when it is due, its runs say. */
export const dueDag = dag('due', { after: task('after', { before: patient }) }, contractParams);

const left = task('left', { start }, { retries: 0 });
const right = task('right', { start }, { retries: 0, after: [left], trigger: 'all_done' });
const under = (trigger: TriggerRule) =>
  task('mark', { as: constant(trigger) }, { id: trigger, trigger, after: [left, right] });
const tally = task('tally', { left, right }, { trigger: 'all_done' });

/** left, then right whatever became of it; after both a task for each trigger rule, called like it, and tally. */
export const rulesDag = dag(
  'rules',
  { tally, ...Object.fromEntries(TRIGGER_RULES.map((rule) => [rule, under(rule)])) },
  contractParams,
);

const list = task('list', { start });

/** list -> shout, for each word -> join. */
const shouting = (id: string, concurrency: number) => {
  const shout = map('shout', { word: each(list), start }, { concurrency, retries: 1 });
  return dag(id, { words: shout, joined: task('join', { words: shout }) }, contractParams);
};

export const mapDag = shouting('mapped', 3);
/** The same with more at once, for long lists. */
export const wideMapDag = shouting('mappedWide', 25);

const gleaned = map('shout', { word: each(list), start }, { concurrency: 3, retries: 1 });

/** list -> shout, for each word -> glean, whatever became of the words; and join, of all of them. */
export const gleaningDag = dag(
  'gleaning',
  {
    words: gleaned,
    gleaned: task('glean', { words: gleaned }, { trigger: 'all_done' }),
    joined: task('join', { words: gleaned }),
  },
  contractParams,
);

const verify = check('verify', { start });
const remark = check('remark', { start }, { severity: 'warn' });

/** verify, a check that blocks, and remark, one that warns -> aside. */
export const checkedDag = dag(
  'checked',
  { aside: task('aside', { start }, { after: [verify, remark] }), remark },
  contractParams,
);

const arrival = sensor('look', { for: constant('arrival') }, { id: 'arrival', every: '0.2 seconds' });
const soon = { every: '0.2 seconds', within: '1 second' } as const;
const missed = sensor('look', { for: constant('missed') }, { id: 'missed', ...soon });
const optional = sensor('look', { for: constant('optional') }, { id: 'optional', ...soon, late: 'skip' });

/** Three sensors: one waits long, one fails after a second, one is skipped after it. */
export const sensorsDag = dag('sensors', { arrival, missed, optional }, contractParams);

const approval = signal('approval', z.strictObject({ by: z.string() }), { after: [aside] });
const told = task('told', { by: approval });

/** aside -> approval, a signal -> told. */
export const signalDag = dag('signalled', { told }, contractParams);

const brief = { within: '1 second' } as const;

/** Two signals that wait for a second: one then fails, one is skipped. */
export const lateSignalsDag = dag(
  'lateSignals',
  {
    answer: signal('answer', z.string(), brief),
    hint: signal('hint', z.string(), { ...brief, late: 'skip' }),
  },
  contractParams,
);

const inPool = (place: number) =>
  task('narrow', { place: constant(place) }, { id: `narrow${place}`, pool: 'narrow', heartbeat: '3 seconds' });

/** The size of the pool `narrow` in these tests. */
export const NARROW = 2;

/** Six tasks that share the pool `narrow`. */
export const poolDag = dag(
  'pooled',
  Object.fromEntries([1, 2, 3, 4, 5, 6].map((place) => [`narrow${place}`, inPool(place)])),
  contractParams,
);

const WIDTH = 98;

const branch = (place: number) => task('triple', { value: field(read, 'value') }, { id: `branch${place}`, retries: 1 });
const branches = Array.from({ length: WIDTH }, (_, place) => branch(place));

/** read -> 98 branches side by side -> aside, after all of them: a hundred tasks. */
export const wideDag = dag('wide', { aside: task('aside', { start }, { after: branches }) }, contractParams);

const published = publish('write', { value: double });

/** read -> double -> write, which publishes. */
export const publishDag = dag('published', { published }, contractParams);

/** visit: one task, told the date. */
export const visitDag = dag(
  'visit',
  { visited: task('visit', { fecha: param('fecha') }, { retries: 0, heartbeat: '3 seconds' }) },
  contractParams,
);

export const CONTRACT_DAGS = [
  numbersDag,
  lateDag,
  patientDag,
  dueDag,
  rulesDag,
  mapDag,
  wideMapDag,
  gleaningDag,
  checkedDag,
  sensorsDag,
  signalDag,
  lateSignalsDag,
  poolDag,
  wideDag,
  publishDag,
  visitDag,
] as const;
