import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { codeFacts, isWanted, planDifferences, planHash } from '../../../dag/backfill-plan.js';
import type { BackfillPlan } from '../../../dag/backfill-plan.js';
import { TASK_DEFAULTS } from '../../../dag/dag.js';
import type { Dag, TaskSpec } from '../../../dag/dag.js';

const task = (id: string, changes: Partial<TaskSpec> = {}): TaskSpec => ({
  id,
  activity: id,
  kind: { is: 'task' },
  inputs: {},
  after: [],
  options: TASK_DEFAULTS,
  ...changes,
});

const shop = (changes: Partial<TaskSpec> = {}): Dag => ({
  id: 'shop',
  tasks: [
    task('read'),
    task('approve', { kind: { is: 'signal', schema: z.string(), within: '1 hour', late: 'fail' } }),
    task('sum', changes),
  ],
  outputs: { sum: 'sum' },
  params: { parse: (params) => params },
});

const VERSIONS = { read: 1, sum: 2, other: 9 };

const plan = (changes: Partial<BackfillPlan> = {}): BackfillPlan => ({
  dag: 'shop',
  dates: ['2017-03-06', '2017-03-13', '2017-03-20'],
  refused: {},
  params: { k: 4, source: { name: 'ventas', select: 'select *' } },
  run: { tasks: { read: 'run', approve: 'run', sum: 'run' }, hold: false, priority: 5 },
  maxRuns: 4,
  code: codeFacts(shop(), VERSIONS, '1+duckdb'),
  ...changes,
});

const changed: readonly (readonly [string, Partial<BackfillPlan>, string])[] = [
  ['a date more', { dates: [...plan().dates, '2017-03-27'] }, '1 date (2017-03-27) more'],
  ['dates fewer', { dates: ['2017-03-06'] }, '2 dates (2017-03-13, 2017-03-20) fewer'],
  ['the order', { dates: plan().dates.toReversed() }, 'the order of the dates'],
  ['a refused date', { refused: { '2017-03-01': 'no' } }, 'refused dates: {} -> {"2017-03-01":"no"}'],
  ['a parameter', { params: { ...plan().params, k: 5 } }, 'k: 4 -> 5'],
  ['max runs', { maxRuns: 2 }, 'max runs: 4 -> 2'],
  ['the policy', { run: { ...plan().run, hold: true } }, 'hold on failure: false -> true'],
  ['the priority', { run: { ...plan().run, priority: 4 } }, 'priority: 5 -> 4'],
  [
    'the tasks that run',
    { run: { ...plan().run, tasks: { read: 'run' } } },
    'task approve: "run" -> "left out"; task sum: "run" -> "left out"',
  ],
  [
    'a task of the DAG',
    { code: codeFacts(shop({ activity: 'read' }), VERSIONS, '1+duckdb') },
    'the tasks of the DAG, or their options, changed; version of sum: 2 -> null',
  ],
  ['an activity', { code: codeFacts(shop(), { ...VERSIONS, sum: 3 }, '1+duckdb') }, 'version of sum: 2 -> 3'],
  ['the engine', { code: codeFacts(shop(), VERSIONS, '2+duckdb') }, 'engine: "1+duckdb" -> "2+duckdb"'],
];

describe('the hash of a plan', () => {
  it.each(changed)('is another one where %s is another, and what differs is told', (_, changes, told) => {
    expect(planHash(plan(changes))).not.toBe(planHash(plan()));
    expect(planDifferences(plan(), plan(changes)).join('; ')).toBe(told);
  });

  it('is the same for the same plan, in whatever order its keys are, also after a way through JSON', () => {
    const { dag, dates, ...rest } = plan();
    expect(planHash({ ...rest, dates, dag })).toBe(planHash(plan()));
    expect(planHash(JSON.parse(JSON.stringify(plan())) as BackfillPlan)).toBe(planHash(plan()));
    expect(planDifferences(plan(), plan())).toEqual([]);
  });

  it('does not depend on activities that the DAG does not call', () => {
    expect(codeFacts(shop(), { ...VERSIONS, other: 10 }, 'e')).toEqual(codeFacts(shop(), VERSIONS, 'e'));
  });
});

describe('--only', () => {
  it.each([
    ['never run', { succeeded: false, failed: false }, ['missing', 'all']],
    ['failed', { succeeded: false, failed: true }, ['missing', 'failed', 'all']],
    ['done', { succeeded: true, failed: false }, ['all']],
    ['done, and failed since', { succeeded: true, failed: true }, ['failed', 'all']],
  ] as const)('a date that was %s', (_, recorded, wantedBy) => {
    const only = ['missing', 'failed', 'all'] as const;
    expect(only.filter((which) => isWanted(which, recorded))).toEqual(wantedBy);
  });
});
