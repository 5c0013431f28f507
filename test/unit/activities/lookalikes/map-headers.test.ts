import { describe, expect, it } from 'vitest';
import { mapHeaders } from '../../../../activities/lookalikes/map-headers.js';
import { customerSource } from '../../../../customers/customer-source.js';

const culprit = { source: 'clientes', file: 'clientes.xlsx' };
/** Columns of texts, each from these headers; who it is comes first. */
const columnsFrom = (froms: { readonly [column: string]: readonly string[] | undefined }) =>
  customerSource.parse({
    name: 'clientes',
    path: 'clientes.xlsx',
    columns: {
      customer_id: { kind: 'id' },
      ...Object.fromEntries(
        Object.entries(froms).map(([column, from]) => [
          column,
          { kind: 'text', ...(from === undefined ? {} : { from }) },
        ]),
      ),
    },
  }).columns;
const map = (froms: Parameters<typeof columnsFrom>[0], headers: readonly string[]) =>
  mapHeaders(columnsFrom(froms), headers, culprit);

describe('mapHeaders', () => {
  it('finds the headers of every column, by its own name or those it comes from, in the order of the source', () => {
    expect(
      map({ age: ['Edad', 'edad_texto'], region: undefined }, ['region', 'otra', 'Edad', 'customer_id', 'edad_texto']),
    ).toEqual([
      { name: 'customer_id', column: 3 },
      { name: 'Edad', column: 2 },
      { name: 'edad_texto', column: 4 },
      { name: 'region', column: 0 },
    ]);
  });

  it('is content with one of the headers that a column may come from', () => {
    expect(map({ age: ['Edad', 'age'] }, ['customer_id', 'age'])).toEqual([
      { name: 'customer_id', column: 0 },
      { name: 'age', column: 1 },
    ]);
  });

  it('takes a header that differs by case or in how accents are coded, under the name of the source', () => {
    expect(map({ region: ['Región'] }, ['CUSTOMER_ID', 'REGIO\u0301N'])).toEqual([
      { name: 'customer_id', column: 0 },
      { name: 'Región', column: 1 },
    ]);
    expect(() => map({ region: ['Región'] }, ['customer_id', 'Region'])).toThrow(/\(nearest: 'Region'\)/);
  });

  it('prefers the exact header', () => {
    expect(map({ age: ['Age'] }, ['customer_id', 'AGE', 'Age', 'age'])[1]).toEqual({ name: 'Age', column: 2 });
  });

  it('hands on a column once that two columns of the source come from', () => {
    expect(map({ age: ['Edad'], age_group: ['Edad'], years: ['EDAD'] }, ['customer_id', 'edad'])).toEqual([
      { name: 'customer_id', column: 0 },
      { name: 'Edad', column: 1 },
    ]);
  });

  it('says which header is missing, which ones are there, and which is the nearest', () => {
    expect(() => map({ income: ['Income'] }, ['customer_id', 'incomes', '', 'Age'])).toThrow(
      "source 'clientes', file 'clientes.xlsx', column 'income': Expected a header 'Income' in row 1, got 'customer_id', " +
        "'incomes', 'Age' (nearest: 'incomes'): say `columns.income.from`, or leave the column out",
    );
    expect(() => map({}, ['', ''])).toThrow(/got no header at all/);
    expect(() =>
      map(
        {},
        Array.from({ length: 60 }, (_, i) => `c${i}`),
      ),
    ).toThrow(/'c39' and 20 more/);
  });

  it('refuses a mapped header that is there twice, and no other', () => {
    expect(() => map({ age: undefined }, ['customer_id', 'age', 'x', 'age'])).toThrow(
      /column 'age': the header is there 2 times: 'age' \(column 2\) and 'age' \(column 4\). Name the others otherwise/,
    );
    expect(() => map({ age: undefined }, ['customer_id', 'Age', 'AGE'])).toThrow(
      /'Age' \(column 2\) and 'AGE' \(column 3\)/,
    );
    expect(map({}, ['customer_id', 'x', 'x'])).toEqual([{ name: 'customer_id', column: 0 }]);
  });

  it('refuses the name of the rows’ numbers', () => {
    expect(() => map({ row: ['_row'] }, ['customer_id', '_row'])).toThrow(/is taken for the rows’ numbers/);
  });
});
