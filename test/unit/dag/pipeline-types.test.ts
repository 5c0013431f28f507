import { describe, expect, it } from 'vitest';
import { pipeline } from '../../../dag/pipeline.js';
import { shopParams } from './sample-dag.js';

interface Rows {
  readonly rows: number;
  readonly name: string;
}
type Activities = {
  readonly read: (input: { readonly source: string }) => Promise<Rows>;
  readonly size: (input: { readonly rows: number }) => Promise<number>;
  readonly both: (input: { readonly table: Rows; readonly strict: boolean; readonly top?: number }) => Promise<string>;
};
interface Params {
  readonly source: string;
  readonly strict: boolean;
}

const { param, constant, field, task, dag } = pipeline<Activities, Params>();
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
});
