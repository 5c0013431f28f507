import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assignLeastCost } from '../../../kernels/assignment.js';
import { float64Matrix } from './tables.js';
import { statisticsFigures } from './statistics-figures.js';

/** The least cost over all pairings of the rows with columns, of which there are at least as many. */
function leastOfAll(costs: readonly (readonly number[])[], taken: ReadonlySet<number> = new Set()): number {
  const [first, ...others] = costs;
  if (first === undefined) return 0;
  return first.reduce((least, cost, column) => {
    if (taken.has(column)) return least;
    return Math.min(least, cost + leastOfAll(others, new Set([...taken, column])));
  }, Infinity);
}

const transposed = (costs: readonly (readonly number[])[]): number[][] =>
  (costs[0] ?? []).map((_, column) => costs.map((row) => row[column] ?? Number.NaN));

/** Sums of whole numbers are exact; few distinct ones make ties. */
const costTables = fc
  .record({
    rows: fc.integer({ min: 1, max: 6 }),
    columns: fc.integer({ min: 1, max: 6 }),
    most: fc.constantFrom(1, 4, 1000),
  })
  .chain(({ rows, columns, most }) =>
    fc.array(fc.array(fc.integer({ min: -most, max: most }), { minLength: columns, maxLength: columns }), {
      minLength: rows,
      maxLength: rows,
    }),
  );

describe('assignLeastCost', () => {
  it('pairs rows with columns at the least cost', () => {
    const { columns, cost } = assignLeastCost(
      float64Matrix([
        [4, 1, 3],
        [2, 0, 5],
        [3, 2, 2],
      ]),
    );
    expect([...columns]).toEqual([1, 0, 2]);
    expect(cost).toBe(5);
  });

  it('leaves columns over where there are more of them, and rows without one where there are more of those', () => {
    expect(assignLeastCost(float64Matrix([[7, 2, 9]]))).toEqual({ columns: Int32Array.of(1), cost: 2 });
    expect(assignLeastCost(float64Matrix([[7], [2], [9]]))).toEqual({ columns: Int32Array.of(-1, 0, -1), cost: 2 });
  });

  it('pairs every row or every column, each once, at the least cost of all pairings', () => {
    fc.assert(
      fc.property(costTables, (costs) => {
        const { columns, cost } = assignLeastCost(float64Matrix(costs));
        const width = costs[0]?.length ?? 0;
        const paired = [...columns].filter((column) => column !== -1);
        expect(paired).toHaveLength(Math.min(costs.length, width));
        expect(new Set(paired).size).toBe(paired.length);
        expect(cost).toBe(costs.reduce((sum, row, i) => sum + (row[columns[i] ?? -1] ?? 0), 0));
        expect(cost).toBe(leastOfAll(costs.length <= width ? costs : transposed(costs)));
      }),
      { numRuns: 300 },
    );
  });

  it('pays what scipy pays, for the same pairs where no others are as cheap', () => {
    for (const { costs, cost, columns } of statisticsFigures().assignments) {
      const found = assignLeastCost(float64Matrix(costs));
      expect(found.cost).toBeCloseTo(cost, 9);
      if (columns !== null) expect([...found.columns]).toEqual(columns);
    }
  });

  it('takes the lowest columns where all cost the same', () => {
    expect([...assignLeastCost(float64Matrix([1, 2, 3].map(() => [5, 5, 5, 5]))).columns]).toEqual([0, 1, 2]);
    expect([...assignLeastCost(float64Matrix([1, 2, 3, 4].map(() => [5, 5]))).columns]).toEqual([0, 1, -1, -1]);
  });

  it('ends also where costs are so uneven that the small ones drown', () => {
    const costs = float64Matrix([
      [1e148, 1e-10, 3],
      [-1e148, 1e100, 2],
      [0, -0, 1e20],
    ]);
    expect(assignLeastCost(costs).columns.toSorted()).toEqual(Int32Array.of(0, 1, 2));
  });

  it('refuses empty matrices, NaN, infinities, and what overflows', () => {
    expect(() => assignLeastCost(float64Matrix([]))).toThrow(
      new RangeError('Expected costs to have at least 1 row and 1 column, got 0 x 0'),
    );
    expect(() => assignLeastCost(float64Matrix([[]]))).toThrow('at least 1 row and 1 column, got 1 x 0');
    expect(() => assignLeastCost(float64Matrix([[1, Number.NaN]]))).toThrow(
      new RangeError('Expected finite values in costs, got NaN at row 0, column 1'),
    );
    for (const infinite of [Infinity, -Infinity]) {
      expect(() => assignLeastCost(float64Matrix([[1], [infinite]]))).toThrow(`got ${infinite} at row 1, column 0`);
    }
    expect(() => assignLeastCost(float64Matrix([[1e200]]))).toThrow('Expected values of at most 1e+148 in costs');
  });
});
