import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { TASK_DEFAULTS, upstreamOf } from '../../../dag/dag.js';
import type { Dag } from '../../../dag/dag.js';
import { BadSelector, selectTasks } from '../../../dag/select-tasks.js';
import type { Selection } from '../../../dag/select-tasks.js';

/** A DAG of these tasks, each with the ids of what it takes. */
function dagOf(tasks: { readonly [id: string]: readonly string[] }): Dag {
  return {
    id: 'shop',
    tasks: Object.entries(tasks).map(([id, upstream]) => ({
      id,
      activity: 'work',
      kind: { is: 'task' },
      after: [],
      inputs: Object.fromEntries(upstream.map((task, at) => [`in${at}`, { from: 'task', task } as const])),
      options: TASK_DEFAULTS,
    })),
    outputs: Object.fromEntries(Object.keys(tasks).map((id) => [id, id])),
    params: { parse: (params) => params },
  };
}

/** Two chains that meet in `orders`; `stock` is a branch of the second one, `notes` stands alone. */
const shop = dagOf({
  'raw-sales': [],
  'stg-sales': ['raw-sales'],
  'raw-items': [],
  'stg-items': ['raw-items'],
  orders: ['stg-sales', 'stg-items'],
  report: ['orders'],
  stock: ['stg-items'],
  notes: [],
});

const selected = (dag: Dag, selection: Selection): string => [...selectTasks(dag, selection)].join(' ');

describe('selectTasks', () => {
  it.each([
    ['orders', 'orders'],
    ['+orders', 'raw-sales stg-sales raw-items stg-items orders'],
    ['orders+', 'orders report'],
    ['+orders+', 'raw-sales stg-sales raw-items stg-items orders report'],
    ['1+orders', 'stg-sales stg-items orders'],
    ['1+report', 'orders report'],
    ['2+report', 'stg-sales stg-items orders report'],
    ['raw-items+1', 'raw-items stg-items'],
    ['raw-items+2', 'raw-items stg-items orders stock'],
    ['1+orders+1', 'stg-sales stg-items orders report'],
    ['0+orders+0', 'orders'],
    ['20+report', 'raw-sales stg-sales raw-items stg-items orders report'],
    ['@stg-sales', 'raw-sales stg-sales raw-items stg-items orders report'],
    ['@stock', 'raw-items stg-items stock'],
    ['notes+', 'notes'],
    ['stg-*', 'stg-sales stg-items'],
    ['*-items+1', 'raw-items stg-items orders stock'],
    ['@stg-*', 'raw-sales stg-sales raw-items stg-items orders report stock'],
    ['s*s', 'stg-sales stg-items'],
    ['*', 'raw-sales stg-sales raw-items stg-items orders report stock notes'],
    ['notes orders', 'orders notes'],
    [' stock   +stg-sales ', 'raw-sales stg-sales stock'],
    ['+orders,+stock', 'raw-items stg-items'],
    ['raw-sales+,raw-items+', 'orders report'],
    ['stg-*,*-items,raw-items+', 'stg-items'],
    ['notes +orders,+stock', 'raw-items stg-items notes'],
    ['notes,stock', ''],
  ])("'%s' selects '%s'", (selector, expected) => {
    expect(selected(shop, { select: [selector] })).toBe(expected);
  });

  it('selects every task that one of several selectors names', () => {
    expect(selected(shop, { select: ['notes', 'raw-sales+1'] })).toBe('raw-sales stg-sales notes');
  });

  it('selects all without a selector, as for a flag that was not given', () => {
    const all = shop.tasks.map((task) => task.id).join(' ');
    expect(selected(shop, {})).toBe(all);
    expect(selected(shop, { select: [], exclude: undefined })).toBe(all);
  });

  it('takes away what is excluded, whatever selected it', () => {
    expect(selected(shop, { exclude: ['+orders+'] })).toBe('stock notes');
    expect(selected(shop, { select: ['+report'], exclude: ['stg-sales raw-items'] })).toBe(
      'raw-sales stg-items orders report',
    );
    expect(selected(shop, { select: ['orders+'], exclude: ['+report,orders+'] })).toBe('');
  });

  it.each(['sales', 'Orders', 'orders2', 'x*', '+sales', '@nobody', 'orders,nobody', 'notes nobody', '2'])(
    "refuses '%s', which no task is called",
    (selector) => {
      for (const selection of [{ select: [selector] }, { exclude: [selector] }]) {
        expect(() => selectTasks(shop, selection)).toThrow(BadSelector);
        expect(() => selectTasks(shop, selection)).toThrow(
          /^Expected the name of a task of DAG 'shop', got '.+'\. Its tasks: raw-sales, stg-sales, .*, notes$/,
        );
      }
    },
  );

  it.each([
    '',
    ' ',
    'orders,',
    ',orders',
    '+',
    '@',
    '@orders+',
    '@+orders',
    '+@orders',
    'orders+-1',
    '-1+orders',
    'a+orders',
    'orders++',
    'tag:nightly',
    'stg.orders',
    '[so]rders',
  ])("refuses '%s', which is no selector", (selector) => {
    for (const selection of [{ select: [selector] }, { exclude: [selector] }]) {
      expect(() => selectTasks(shop, selection)).toThrow(BadSelector);
      expect(() => selectTasks(shop, selection)).toThrow(/^Expected a selector such as .*, got '.*'$/);
    }
  });
});

const id = (i: number): string => `t${i}`;

/** Up to seven tasks, each of which takes any of those before it. */
const dags: fc.Arbitrary<Dag> = fc
  .integer({ min: 1, max: 7 })
  .chain((n) =>
    fc.tuple(...Array.from({ length: n }, (_, i) => fc.subarray(Array.from({ length: i }, (_, j) => id(j))))),
  )
  .map((upstream) => dagOf(Object.fromEntries(upstream.map((ids, i) => [id(i), ids]))));

const dagAndTask = dags.chain((dag) =>
  fc.tuple(fc.constant(dag), fc.constantFrom(...dag.tasks.map((task) => task.id))),
);

/** Any selector of one part for this DAG. */
const partOf = (dag: Dag): fc.Arbitrary<string> =>
  fc
    .tuple(
      fc.constantFrom('', '+', '1+', '2+', '@'),
      fc.constantFrom('*', ...dag.tasks.map((task) => task.id)),
      fc.constantFrom('', '+', '+1'),
    )
    .map(([before, name, after]) => (before === '@' ? `@${name}` : `${before}${name}${after}`));

const dagAndParts = dags.chain((dag) => fc.tuple(fc.constant(dag), partOf(dag), partOf(dag), partOf(dag)));

/** Length of the shortest way from one task down to another, by the definition. */
function distance(dag: Dag, from: string, to: string): number {
  if (from === to) return 0;
  const task = dag.tasks.find((task) => task.id === to);
  return Math.min(...(task === undefined ? [] : upstreamOf(task)).map((id) => 1 + distance(dag, from, id)));
}

const within = (dag: Dag, test: (id: string) => boolean): string[] =>
  dag.tasks.map((task) => task.id).filter((id) => test(id));

/** What dbt selected; test/golden/select_tasks_dbt.py says how it was asked. */
const dbt = z
  .object({
    tasks: z.record(z.string(), z.array(z.string())),
    cases: z.array(
      z.object({ select: z.array(z.string()), exclude: z.array(z.string()), selected: z.array(z.string()) }),
    ),
  })
  .parse(JSON.parse(readFileSync('test/golden/select-tasks-dbt.json', 'utf8')));

describe('selectTasks on any DAG', () => {
  it('selects what dbt selects', () => {
    const dag = dagOf(dbt.tasks);
    const ours = dbt.cases.map(({ select, exclude }) => {
      const ids = [...selectTasks(dag, { select, exclude })];
      return { select, exclude, selected: ids.toSorted() };
    });
    expect(ours).toEqual(dbt.cases);
    // Enough of them select something, or this would show little.
    expect(dbt.cases.filter(({ selected }) => selected.length > 0).length).toBeGreaterThan(200);
  });

  it('takes upstream and downstream as far as it was told', () => {
    fc.assert(
      fc.property(dagAndTask, fc.nat({ max: 4 }), fc.nat({ max: 4 }), ([dag, x], up, down) => {
        const ids = [...selectTasks(dag, { select: [`${up}+${x}+${down}`] })];
        expect(ids).toEqual(within(dag, (id) => distance(dag, id, x) <= up || distance(dag, x, id) <= down));
      }),
    );
  });

  it('takes all upstream, all downstream, and all that the latter need', () => {
    fc.assert(
      fc.property(dagAndTask, ([dag, x]) => {
        const select = (selector: string): string[] => [...selectTasks(dag, { select: [selector] })];
        const below = within(dag, (id) => distance(dag, x, id) < Infinity);
        expect(select(`+${x}`)).toEqual(within(dag, (id) => distance(dag, id, x) < Infinity));
        expect(select(`${x}+`)).toEqual(below);
        expect(select(`@${x}`)).toEqual(within(dag, (id) => below.some((end) => distance(dag, id, end) < Infinity)));
      }),
    );
  });

  it('unites, intersects and excludes as sets do, in the order of the DAG', () => {
    fc.assert(
      fc.property(dagAndParts, ([dag, a, b, c]) => {
        const [as, bs, cs] = [a, b, c].map((selector) => selectTasks(dag, { select: [selector] }));
        const has = (set: ReadonlySet<string> | undefined, id: string): boolean => set?.has(id) === true;
        const union = within(dag, (id) => has(as, id) || has(bs, id));
        expect([...selectTasks(dag, { select: [a, b] })]).toEqual(union);
        expect([...selectTasks(dag, { select: [`${b} ${a}`] })]).toEqual(union);
        expect([...selectTasks(dag, { select: [`${a},${b}`] })]).toEqual(
          within(dag, (id) => has(as, id) && has(bs, id)),
        );
        expect([...selectTasks(dag, { select: [`${a},${b}`, c] })]).toEqual(
          within(dag, (id) => (has(as, id) && has(bs, id)) || has(cs, id)),
        );
        expect([...selectTasks(dag, { select: [a], exclude: [b, c] })]).toEqual(
          within(dag, (id) => has(as, id) && !has(bs, id) && !has(cs, id)),
        );
      }),
    );
  });
});
