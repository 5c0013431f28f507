import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { pipeline } from '../../../dag/pipeline.js';
import type { CheckResult } from '../../../dag/pipeline.js';
import { shopParams } from './sample-dag.js';

interface Rows {
  readonly rows: number;
  readonly name: string;
}
type Activities = {
  readonly read: (input: { readonly source: string }) => Promise<Rows>;
  readonly size: (input: { readonly rows: number }) => Promise<number>;
  readonly maybe: (input: { readonly rows: number | undefined; readonly name: string }) => Promise<number>;
  readonly sized: (input: { readonly table: Rows; readonly sizes: readonly number[] }) => Promise<number>;
  readonly sizes: (input: object) => Promise<readonly number[]>;
  readonly tables: (input: object) => Promise<readonly Rows[]>;
  readonly passes: (input: { readonly rows: number }) => Promise<CheckResult>;
  readonly almost: (input: { readonly rows: number }) => Promise<{ readonly passed: boolean }>;
  readonly both: (input: { readonly table: Rows; readonly strict: boolean; readonly top?: number }) => Promise<string>;
};
interface Params {
  readonly source: string;
  readonly strict: boolean;
}

const { param, constant, field, each, task, map, check, publish, sensor, signal, dag } = pipeline<Activities, Params>();
const table = task('read', { source: param('source') });

// The compiler is what is tested: a directive below that had nothing to suppress would fail the build.
describe('the compiler', () => {
  it('takes edges, fields, parameters and constants of the right type', () => {
    const size = task('size', { rows: field(table, 'rows') }, { retries: 0, timeout: '5 minutes', queue: 'compute' });
    const both = task('both', { table, strict: param('strict'), top: constant(3) });
    const built = dag('typed', { size, both }, shopParams);
    expect(built.tasks.map(({ id }) => id)).toEqual(['read', 'size', 'both']);
  });

  it('refuses an edge of the wrong type', () => {
    // @ts-expect-error a table is not a number
    task('size', { rows: table });
    // @ts-expect-error this field holds a text
    task('size', { rows: field(table, 'name') });
    // @ts-expect-error this parameter is a boolean
    task('read', { source: param('strict') });
    // @ts-expect-error this constant is a text
    task('size', { rows: constant('3') });
    // @ts-expect-error a value is not an edge: it has to be a constant
    task('size', { rows: 3 });
  });

  it('refuses a missing input and one too many', () => {
    // @ts-expect-error `strict` is missing
    task('both', { table });
    // @ts-expect-error there is no input `limit`
    task('size', { rows: field(table, 'rows'), limit: constant(1) });
  });

  it('refuses an unknown activity, parameter or field', () => {
    // @ts-expect-error there is no activity `reed`
    task('reed', { source: param('source') });
    // @ts-expect-error there is no parameter `sauce`
    task('read', { source: param('sauce') });
    // @ts-expect-error the table has no field `columns`
    task('size', { rows: field(table, 'columns') });
  });

  it('refuses an unknown option and a wrong value of one', () => {
    // @ts-expect-error there is no option `retry`
    task('read', { source: param('source') }, { retry: 3 });
    // @ts-expect-error there is no queue `gpu`
    task('read', { source: param('source') }, { queue: 'gpu' });
    // @ts-expect-error a duration has a unit; at run time it is refused as well
    expect(() => task('read', { source: param('source') }, { timeout: '30' })).toThrow("got '30'");
  });

  it('refuses a schema that does not give the parameters', () => {
    // @ts-expect-error the schema's `source` would be a number
    dag('typed', { table }, { parse: () => ({ source: 3, strict: true }) });
  });

  it('refuses an input that its rule may leave undefined, unless the activity takes undefined', () => {
    const rows = field(table, 'rows');
    task('size', { rows }, { trigger: 'all_success' });
    // @ts-expect-error under all_done the table may have failed
    task('size', { rows }, { trigger: 'all_done' });
    // @ts-expect-error under one_success another task may have succeeded
    task('both', { table, strict: param('strict') }, { trigger: 'one_success' });
    // @ts-expect-error the same of a check
    check('passes', { rows }, { trigger: 'none_failed' });
    // @ts-expect-error the same of what publishes
    publish('size', { rows }, { trigger: 'always' });
    // @ts-expect-error the same of a sensor
    sensor('size', { rows }, { trigger: 'all_done' });
    // A rule that is known only when it runs may be any.
    const options: { trigger: 'all_success' | 'all_done' } = { trigger: 'all_done' };
    // @ts-expect-error one of the two may leave it undefined
    task('size', { rows }, options);
    task('maybe', { rows, name: constant('a') }, { trigger: 'all_done' });
    // @ts-expect-error `name` may not be undefined
    task('maybe', { rows, name: field(table, 'name') }, { trigger: 'all_done' });
    task('both', { table: constant({ rows: 1, name: 'a' }), strict: param('strict') }, { trigger: 'all_done' });
  });

  it('takes of a map one `each`, over a list of what the activity takes', () => {
    const tables = task('tables', {});
    const sizes = task('sizes', {});
    const sized = map('sized', { table: each(tables), sizes }, { concurrency: 2 });
    // The outputs of a map are a list, and what they are made of may be a map's.
    map('size', { rows: each(sized) }, { id: 'again' });
    // @ts-expect-error the items of this list are numbers
    map('sized', { table: each(sizes), sizes });
    // @ts-expect-error a table is no list
    map('sized', { table: each(table), sizes });
    // @ts-expect-error no input is an `each`; at run time it is refused as well
    expect(() => map('sized', { table, sizes })).toThrow('Expected one input to be an `each`, got none');
    const lists = constant([[1], [2]]);
    // @ts-expect-error two inputs are
    expect(() => map('sized', { table: each(tables), sizes: each(lists) })).toThrow('got table, sizes');
    // @ts-expect-error `sizes` is missing
    map('sized', { table: each(tables) });
    // @ts-expect-error there is no input `limit`
    map('sized', { table: each(tables), sizes, limit: constant(1) });
    // @ts-expect-error a map runs when all before it succeeded
    map('sized', { table: each(tables), sizes }, { trigger: 'all_done' });
    // @ts-expect-error only a map takes an `each`
    task('size', { rows: each(sizes) });
    // @ts-expect-error it gives a list of numbers, not a number
    task('size', { rows: sized });
  });

  it('takes for a check what says whether it passed', () => {
    const rows = field(table, 'rows');
    check('passes', { rows }, { severity: 'warn' });
    // @ts-expect-error it gives no figures and no message
    check('almost', { rows });
    // @ts-expect-error it gives a number
    check('size', { rows });
    // @ts-expect-error there is no severity `error`
    check('passes', { rows }, { severity: 'error' });
    // @ts-expect-error only a check has a severity
    task('size', { rows }, { severity: 'warn' });
  });

  it('gives a signal the type that its schema gives', () => {
    const rows = signal('rows', z.object({ rows: z.number() }));
    task('size', { rows: field(rows, 'rows') });
    task('size', { rows: signal('count', z.number(), { within: '1 hour', late: 'skip', after: [table] }) });
    // @ts-expect-error the schema gives a text
    task('size', { rows: signal('text', z.string()) });
    // @ts-expect-error the schema gives no `columns`
    field(rows, 'columns');
    // @ts-expect-error a signal that nobody has sent cannot be remembered
    signal('rows', z.number(), { cache: 'by-content' });
    // @ts-expect-error it fails or is skipped
    signal('rows', z.number(), { late: 'wait' });
  });

  it('takes of what comes before tasks only, and rules, priorities and caches by their names', () => {
    const source = param('source');
    task('read', { source }, { after: [table], trigger: 'all_done', priority: 1, cache: 'refresh', pool: 'db' });
    // @ts-expect-error a field of a task is not a task
    expect(() => task('read', { source }, { after: [field(table, 'rows')] })).toThrow(TypeError);
    // @ts-expect-error a name is not a task
    expect(() => task('read', { source }, { after: ['read'] })).toThrow(TypeError);
    // @ts-expect-error there is no rule `all_succeed`; at run time it is refused as well
    expect(() => task('read', { source }, { trigger: 'all_succeed' })).toThrow("got 'all_succeed'");
    // @ts-expect-error there are five priorities
    expect(() => task('read', { source }, { priority: 6 })).toThrow('Expected `priority` to be 1..5, got 6');
    // @ts-expect-error there is no cache `always`
    task('read', { source }, { cache: 'always' });
    // @ts-expect-error a sensor looks every so often: that is no option of a task
    task('read', { source }, { every: '1 second' });
    // @ts-expect-error what a sensor sees is not remembered
    sensor('read', { source }, { cache: 'never' });
  });

  it('refuses a DAG whose output is no task, and one with an unknown option', () => {
    // @ts-expect-error a field of a task is not a task
    expect(() => dag('typed', { rows: field(table, 'rows') }, shopParams)).toThrow(TypeError);
    // @ts-expect-error there is no option `timeout`
    dag('typed', { table }, shopParams, { timeout: '1 hour' });
    // @ts-expect-error a duration has a unit; at run time it is refused as well
    expect(() => dag('typed', { table }, shopParams, { deadline: '30' })).toThrow("got '30'");
  });
});
