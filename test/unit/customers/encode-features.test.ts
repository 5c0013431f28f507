import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ColumnKind } from '../../../customers/column-rule.js';
import { customerSource } from '../../../customers/customer-source.js';
import { CHOICES_AT_MOST } from '../../../customers/encoding/encode-choice.js';
import { encodeFeatures } from '../../../customers/encoding/encode-features.js';
import type { FeatureValues } from '../../../customers/encoding/encode-features.js';
import { featureColumns } from '../../../customers/encoding/feature-columns.js';
import { toRows } from '../kernels/tables.js';

const numbers = (source: string, kind: ColumnKind, values: readonly (number | null)[]): FeatureValues => ({
  feature: { source, kind, group: kind },
  values: Float64Array.from(values, (value) => value ?? Number.NaN),
});
const texts = (source: string, values: readonly (string | null)[]): FeatureValues => ({
  feature: { source, kind: 'category', group: 'category' },
  values,
});

/** The encoded columns by name. */
function encoded(rows: number, ...features: FeatureValues[]): { [name: string]: number[] } {
  const { encoding, matrix } = encodeFeatures(features, rows);
  const lines = toRows(matrix);
  return Object.fromEntries(encoding.columns.map(({ name }, c) => [name, lines.map((line) => line[c] ?? Number.NaN)]));
}

describe('the features of a source', () => {
  const source = (columns: object) =>
    customerSource.parse({ name: 'crm', path: 'a.csv', columns: { customer_id: { kind: 'id' }, ...columns } });

  it('are its numbers, categories, hours and weekdays, in its order; not its dates, texts and flags', () => {
    const columns = {
      region_clean: { kind: 'category' },
      nota: { kind: 'text' },
      alta: { kind: 'date' },
      vip_flag: { kind: 'flag' },
      vip_score: { kind: 'number' },
      age: { kind: 'age' },
      hora: { kind: 'hour', group: 'habitos' },
      edad2: { kind: 'number', feature: false },
      activo: { kind: 'flag', feature: true },
    };
    expect(featureColumns(source(columns))).toEqual([
      { source: 'region_clean', kind: 'category', group: 'category' },
      { source: 'age', kind: 'age', group: 'age' },
      { source: 'hora', kind: 'hour', group: 'habitos' },
      { source: 'activo', kind: 'flag', group: 'flag' },
    ]);
  });

  it('may be a date or a target when the source says so, but no text', () => {
    const columns = { alta: { kind: 'date', feature: true }, vip_score: { kind: 'number', feature: true } };
    expect(featureColumns(source(columns)).map((feature) => feature.source)).toEqual(['alta', 'vip_score']);
    expect(() => featureColumns(source({ nota: { kind: 'text', feature: true } }))).toThrow(
      /column 'nota': Expected a feature of a kind that can be compared, got kind 'text'/,
    );
    expect(() => featureColumns(source({ nota: { kind: 'text' } }))).toThrow('Expected at least one column');
  });
});

describe('encodeFeatures', () => {
  it('gives a category a column for each value, and none a column of its own', () => {
    expect(encoded(4, texts('region', ['sur', 'norte', null, 'sur']))).toEqual({
      'region=(sin dato)': [0, 0, 1, 0],
      'region=norte': [0, 1, 0, 0],
      'region=sur': [1, 0, 0, 1],
    });
  });

  it('takes a number of two values for the flag that it is', () => {
    expect(encoded(4, numbers('complain', 'number', [0, 1, 0, null]))).toEqual({
      'complain=(sin dato)': [0, 0, 0, 1],
      'complain=0': [1, 0, 1, 0],
      'complain=1': [0, 1, 0, 0],
    });
  });

  it('lumps the rarest of too many values, and says so', () => {
    // As many as there may be, and two more; the first ones twice.
    const names = Array.from({ length: CHOICES_AT_MOST + 2 }, (_, i) => `v${String(i).padStart(2, '0')}`);
    const values = [...names, ...names.slice(0, CHOICES_AT_MOST - 1)];
    const { encoding, matrix } = encodeFeatures([texts('c', values)], values.length);
    expect(encoding.columns).toHaveLength(CHOICES_AT_MOST);
    expect(encoding.columns[0]).toMatchObject({ name: 'c=(otras)', category: '(otras)' });
    expect(encoding.lumped).toEqual([{ source: 'c', values: CHOICES_AT_MOST + 2, kept: CHOICES_AT_MOST - 1 }]);
    expect(toRows(matrix).reduce((sum, row) => sum + (row[0] ?? 0), 0)).toBe(3);
  });

  it('puts hours and weekdays on a circle: the last is next to the first', () => {
    const { 'h:sin': sin = [], 'h:cos': cos = [] } = encoded(3, numbers('h', 'hour', [23, 0, 1]));
    const gap = (a: number, b: number): number =>
      Math.hypot((sin[a] ?? 0) - (sin[b] ?? 0), (cos[a] ?? 0) - (cos[b] ?? 0));
    expect(gap(0, 1)).toBeCloseTo(gap(1, 2));
    const week = encoded(3, numbers('d', 'weekday', [7, 1, 3]));
    expect(Math.abs((week['d:sin']?.[0] ?? 1) - 0)).toBeLessThan(1e-6);
    expect(week['d:cos']?.[1]).toBeCloseTo(Math.cos((2 * Math.PI) / 7));
  });

  it('puts a missing hour into the middle of the others', () => {
    const { encoding } = encodeFeatures([numbers('h', 'hour', [6, null, 6, 12])], 4);
    const columns = encoded(4, numbers('h', 'hour', [6, null, 6, 12]));
    expect(columns['h:sin']?.[1]).toBeCloseTo(2 / 3);
    expect(columns['h:cos']?.[1]).toBeCloseTo(-1 / 3);
    expect(columns['h:missing']).toEqual([0, 1, 0, 0]);
    expect(encoding.imputed).toEqual([{ source: 'h', method: 'centre', value: null, rows: 1 }]);
  });

  it('puts the median where a number is missing, and says where', () => {
    const ages = numbers('age', 'age', [20, null, 30, 70, null, 40]);
    expect(encoded(6, ages)).toEqual({ age: [20, 35, 30, 70, 35, 40], 'age:missing': [0, 1, 0, 0, 1, 0] });
    expect(encodeFeatures([ages], 6).encoding.imputed).toEqual([
      { source: 'age', method: 'median', value: 35, rows: 2 },
    ]);
  });

  it('tells "never" from "missing"', () => {
    const days = { ...numbers('d', 'days', [3, null, null, 9]), never: Uint8Array.of(0, 1, 0, 0) };
    expect(encoded(4, days)).toEqual({ d: [3, 6, 6, 9], 'd:never': [0, 1, 0, 0], 'd:missing': [0, 0, 1, 0] });
  });

  it('takes log1p of skewed amounts, and leaves the rest as it is', () => {
    const skewed = [0, 1, 1, 2, 2, 3, 1000];
    const of = (kind: ColumnKind, values: readonly number[]) =>
      encodeFeatures([numbers('x', kind, values)], 7).encoding.columns[0]?.transform;
    expect(of('money', skewed)).toBe('log1p');
    expect(of('number', skewed)).toBe('log1p');
    expect(of('age', skewed)).toBeUndefined();
    expect(of('money', [-1, ...skewed.slice(1)])).toBeUndefined();
    expect(of('money', [1, 2, 3, 4, 5, 6, 7])).toBeUndefined();
    expect(encoded(7, numbers('x', 'money', skewed))['x']?.[6]).toBeCloseTo(Math.log1p(1000), 5);
  });

  it('drops what is the same in every row, and says why', () => {
    const { encoding } = encodeFeatures(
      [
        numbers('z', 'number', [3, 3, 3]),
        numbers('age', 'age', [1, 2, 3]),
        texts('t', ['a', 'a', 'a']),
        numbers('none', 'money', [null, null, null]),
      ],
      3,
    );
    expect(encoding.columns.map(({ name }) => name)).toEqual(['age']);
    expect(encoding.dropped).toEqual([
      { name: 'none', source: 'none', reason: 'no value' },
      { name: 'z', source: 'z', reason: 'one value throughout: 3' },
      { name: 't=a', source: 't', reason: 'one value throughout: 1' },
      { name: 'none:missing', source: 'none', reason: 'one value throughout: 1' },
    ]);
    expect(encodeFeatures([numbers('z', 'number', [3, 3])], 2)).toMatchObject({
      encoding: { columns: [], dropped: [{ name: 'z', reason: 'one value throughout: 3' }] },
      matrix: { rows: 2, columns: 0 },
    });
    expect(() => encodeFeatures([numbers('z', 'number', [])], 0)).toThrow('Expected at least 1 customer');
  });

  it('leaves nothing missing, and gives every row exactly one value of a category', () => {
    const values = fc.option(fc.double({ min: 0, max: 1e6, noNaN: true }), { nil: null });
    const rows = fc.record({ number: values, region: fc.option(fc.constantFrom('a', 'b', 'c'), { nil: null }) });
    fc.assert(
      fc.property(fc.array(rows, { minLength: 2, maxLength: 30 }), (table) => {
        const region = texts(
          'r',
          table.map((row, i) => (i === 0 ? 'first' : row.region)),
        );
        const money = numbers(
          'm',
          'money',
          table.map((row) => row.number),
        );
        const { encoding, matrix } = encodeFeatures([money, region], table.length);
        const choices = encoding.columns.flatMap(({ part }, c) => (part === 'choice' ? [c] : []));
        for (const row of toRows(matrix)) {
          expect(row.every(Number.isFinite)).toBe(true);
          expect(choices.reduce((sum, c) => sum + (row[c] ?? 0), 0)).toBe(choices.length === 0 ? 0 : 1);
        }
      }),
    );
  });
});
