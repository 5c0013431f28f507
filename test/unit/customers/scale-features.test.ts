import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeFeatures } from '../../../customers/encoding/encode-features.js';
import type { FeatureValues } from '../../../customers/encoding/encode-features.js';
import { scaleFeatures } from '../../../customers/encoding/scale-features.js';
import type { ScaledFeatures } from '../../../customers/encoding/scale-features.js';
import { toRows } from '../kernels/tables.js';

const category = (source: string, values: readonly (string | null)[]): FeatureValues => ({
  feature: { source, kind: 'category', group: 'category' },
  values,
});
const ages = (values: readonly (number | null)[], source = 'age'): FeatureValues => ({
  feature: { source, kind: 'age', group: 'age' },
  values: Float64Array.from(values, (value) => value ?? Number.NaN),
});

interface Scaled extends ScaledFeatures {
  readonly lines: readonly (readonly number[])[];
}

function scaled(features: readonly FeatureValues[], weights: { readonly [group: string]: number } = {}): Scaled {
  const { encoding, matrix } = encodeFeatures(features, features[0]?.values.length ?? 0);
  const result = scaleFeatures(encoding, matrix, weights);
  return { ...result, lines: toRows(result.points) };
}

/** Squared distance of two rows, over the columns of one feature or all. */
function squared({ lines, scaler }: Scaled, a: number, b: number, feature?: string): number {
  const named = scaler.features.find(({ name }) => name === feature)?.columns;
  let sum = 0;
  for (const c of named ?? scaler.columns.keys()) {
    sum += ((lines[a]?.[c] ?? Number.NaN) - (lines[b]?.[c] ?? Number.NaN)) ** 2;
  }
  return sum;
}

/** The mean squared distance over all pairs of rows. */
function expected(result: Scaled, feature: string): number {
  const { rows } = result.points;
  let sum = 0;
  for (let a = 0; a < rows; a++) for (let b = a + 1; b < rows; b++) sum += squared(result, a, b, feature);
  return sum / ((rows * (rows - 1)) / 2);
}

/** That many rows of each category. */
const rowsOf = (counts: readonly number[]): string[] =>
  counts.flatMap((count, i) => Array<string>(count).fill(`c${i}`));

describe('scaleFeatures', () => {
  it('gives a number mean 0 and variance 1', () => {
    const { points, scaler } = scaled([ages([1, 3, 5, 7])]);
    expect([...points.values]).toEqual([-3, -1, 1, 3].map((x) => Math.fround(x / Math.sqrt(5))));
    expect(scaler).toMatchObject({ columns: ['age'], means: [4], weights: [1] });
  });

  it('sets the two halves of an even category 2 apart, as a number in two values would be', () => {
    // Shares 1/2 and 1/2: the variances add up to 1/2, so that two values are sqrt(2 / (1/2)) apart.
    const result = scaled([category('r', ['a', 'a', 'b', 'b']), ages([1, 1, 2, 2])]);
    expect(squared(result, 0, 2, 'r')).toBeCloseTo(4, 5);
    expect(squared(result, 0, 2, 'age')).toBeCloseTo(4, 5);
    expect(squared(result, 0, 1, 'r')).toBe(0);
  });

  it('sets the values of an even category of four 2 / (3/4) apart, squared', () => {
    const result = scaled([category('r', ['a', 'b', 'c', 'd'])]);
    expect(squared(result, 0, 3)).toBeCloseTo(8 / 3, 5);
  });

  it('sets a rare category no farther apart than the others', () => {
    const result = scaled([category('r', [...rowsOf([500, 497]), 'rare', 'rare', 'rare'])]);
    expect(squared(result, 0, 999)).toBeCloseTo(squared(result, 0, 500), 4);
    // Standard scaling would have put it 1 / 0.003 away.
    const alone = scaled([category('r', [...rowsOf([997]), 'rare', 'rare', 'rare'])]);
    expect(squared(alone, 0, 999)).toBeCloseTo(4, 4);
  });

  it('lets a category count as a number does, whatever its shares; less where it is nearly one value', () => {
    const counts = fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 2, maxLength: 5 });
    fc.assert(
      fc.property(counts, (counts) => {
        const values = rowsOf(counts);
        const result = scaled([category('r', values), ages(values.map((_, i) => i))]);
        const differ = 1 - counts.reduce((sum, count) => sum + (count / values.length) ** 2, 0);
        const numbers = expected(result, 'age');
        expect(expected(result, 'r')).toBeCloseTo(numbers * Math.min(1, differ / (1 / 2)), 3);
        const apart = values.flatMap((value, row) => (value === values[0] ? [] : [squared(result, 0, row, 'r')]));
        expect(Math.max(...apart)).toBeLessThanOrEqual(4 + 1e-4);
        expect(Math.min(...apart)).toBeGreaterThan(2);
      }),
      { numRuns: 40 },
    );
  });

  it('lets the two columns of a cycle count as one number', () => {
    const hours: FeatureValues = {
      feature: { source: 'h', kind: 'hour', group: 'hour' },
      values: Float64Array.from({ length: 24 }, (_, i) => i),
    };
    const result = scaled([hours]);
    expect(expected(result, 'h')).toBeCloseTo((2 * 24) / 23, 4);
    expect(squared(result, 0, 1)).toBeCloseTo(squared(result, 23, 0), 4);
  });

  it('lets a number and its indicator count as one number', () => {
    const half = scaled([ages([1, null, 3, null, 5, null]), ages([1, 2, 3, 4, 5, 6], 'other')]);
    expect(expected(half, 'age')).toBeCloseTo(expected(half, 'other'), 4);
    // One missing value in a hundred stands out by no more than a category would.
    const few = scaled([ages([null, ...Array.from({ length: 99 }, (_, i) => i)])]);
    expect(squared(few, 0, 50)).toBeLessThanOrEqual(4);
  });

  it('says what every feature adds to a random pair', () => {
    const values = rowsOf([5, 3, 2]);
    const result = scaled([category('r', values), ages([1, null, 2, 9, 4, 7, 7, null, 3, 3])], { category: 3 });
    for (const { name, expected: said } of result.scaler.features) expect(said).toBeCloseTo(expected(result, name), 4);
  });

  it('multiplies a group’s part of the squared distance by its weight, and leaves out what weighs nothing', () => {
    const features = [category('r', ['a', 'b', 'b', 'a', 'c']), ages([1, 2, 3, 5, 4])];
    const plain = scaled(features);
    const heavy = scaled(features, { category: 2.5 });
    expect(squared(heavy, 0, 1, 'r')).toBeCloseTo(2.5 * squared(plain, 0, 1, 'r'), 4);
    expect(squared(heavy, 0, 1, 'age')).toBe(squared(plain, 0, 1, 'age'));
    const without = scaled(features, { category: 0 });
    expect(without.scaler.columns).toEqual(['age']);
    expect(squared(without, 0, 1)).toBe(squared(plain, 0, 1, 'age'));
  });

  it('refuses weights of groups that are not there, below 0, and all 0', () => {
    const features = [category('r', ['a', 'b']), ages([1, 2])];
    expect(() => scaled(features, { regions: 2 })).toThrow(
      "weights.regions: Expected one of the groups of features (category, age), got 'regions'",
    );
    expect(() => scaled(features, { age: -1 })).toThrow('weights.age: Expected a number of at least 0, got -1');
    expect(() => scaled(features, { age: 0, category: 0 })).toThrow('with a weight above 0');
  });
});
