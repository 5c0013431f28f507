import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fitKnn, queryKnn } from '../../../kernels/knn.js';
import { nearestRowsContract } from '../../contract/knn-contract.js';
import {
  coarseTables,
  fineTables,
  float32Matrix,
  float64Matrix,
  groupedMatrix,
  naiveSquaredDistance,
} from './tables.js';

describe('queryKnn', () => {
  nearestRowsContract({
    query: async (matrix, points, k, exclude) => queryKnn(fitKnn(matrix), points, k, { exclude }),
    ofAll: async (matrix, k) =>
      queryKnn(fitKnn(matrix), matrix, k, { exclude: Int32Array.from({ length: matrix.rows }, (_, i) => i) }),
  });

  const index = fitKnn(
    float32Matrix([
      [0, 0],
      [3, 4],
      [0, 1],
      [3, 4],
      [6, 8],
    ]),
  );

  it('orders by the distance it reports: squares that differ may have the same root', () => {
    // The second square is one bit below the first.
    const [larger, smaller] = [1.0000000000000002 ** 2 + 1, 2 + 2 ** -52];
    expect(Math.sqrt(larger)).toBe(Math.sqrt(smaller));
    const close = fitKnn(
      float64Matrix([
        [1.0000000000000002, 1],
        [1, 1],
      ]),
    );
    const { indices, distances } = queryKnn(close, float64Matrix([[0, 0]]), 2);
    expect(distances[0]).toBe(distances[1]);
    expect([...indices]).toEqual([0, 1]);
    expect([...queryKnn(close, float64Matrix([[0, 0]]), 1).indices]).toEqual([0]);
  });

  it('leaves out what a predicate says, query by query', () => {
    const { indices } = queryKnn(
      index,
      float32Matrix([
        [3, 4],
        [3, 4],
      ]),
      2,
      {
        exclude: (query, row) => (query === 0 ? row !== 0 && row !== 4 : row === 1),
      },
    );
    expect([...indices]).toEqual([0, 4, 3, 2]);
  });

  it('finds what sorting all distances finds, to the bit where they are exact', () => {
    fc.assert(
      fc.property(coarseTables, fc.nat(), fc.nat(), (table, n, stranger) => {
        const k = 1 + (n % table.length);
        const exclude = Int32Array.from(table, (_, i) => (k < table.length && (i + stranger) % 3 > 0 ? i : -1));
        const { indices, distances } = queryKnn(fitKnn(float64Matrix(table)), float64Matrix(table), k, { exclude });
        for (const [query, point] of table.entries()) {
          const expected = table
            .map((other, row) => ({ row, distance: Math.sqrt(naiveSquaredDistance(point, other)) }))
            .filter(({ row }) => row !== exclude[query])
            .toSorted((a, b) => a.distance - b.distance || a.row - b.row)
            .slice(0, k);
          expect([...indices.subarray(query * k, (query + 1) * k)]).toEqual(expected.map(({ row }) => row));
          expect([...distances.subarray(query * k, (query + 1) * k)]).toEqual(expected.map(({ distance }) => distance));
        }
      }),
    );
  });

  it('finds no row farther than one it leaves, for any numbers', () => {
    fc.assert(
      fc.property(fineTables, fc.nat(), (table, n) => {
        const k = 1 + (n % table.length);
        const { indices, distances } = queryKnn(fitKnn(float64Matrix(table)), float64Matrix(table), k);
        for (const [query, point] of table.entries()) {
          const all = table.map((other) => Math.sqrt(naiveSquaredDistance(point, other))).toSorted((a, b) => a - b);
          for (let i = 0; i < k; i++) {
            const found = distances[query * k + i] ?? Number.NaN;
            expect(Math.abs(found - (all[i] ?? Number.NaN))).toBeLessThanOrEqual(found * 1e-12);
          }
          expect(new Set(indices.subarray(query * k, (query + 1) * k)).size).toBe(k);
        }
      }),
    );
  });

  it('computes in float64 from float32', () => {
    const points = groupedMatrix(50, 20, 3, 5);
    const wide = { ...points, values: Float64Array.from(points.values) };
    expect(queryKnn(fitKnn(points), points, 5)).toEqual(queryKnn(fitKnn(wide), wide, 5));
  });

  it('refuses a k that is not there', () => {
    const point = float32Matrix([[0, 0]]);
    expect(() => queryKnn(index, point, 0)).toThrow(
      new RangeError('Expected `k` to be 1..rows of the index (5), got 0'),
    );
    expect(() => queryKnn(index, point, 6)).toThrow(
      new RangeError('Expected `k` to be 1..rows of the index (5), got 6'),
    );
    expect(() => queryKnn(index, point, 5, { exclude: Int32Array.of(2) })).toThrow(
      new RangeError('Expected `k` to be at most the rows left for query 0 (4), got 5'),
    );
    expect(() => queryKnn(index, point, 1, { exclude: () => true })).toThrow('the rows left for query 0 (0), got 1');
  });

  it('refuses other columns, NaN, infinities and empty matrices', () => {
    expect(() => queryKnn(index, float32Matrix([[1]]), 1)).toThrow(
      'Expected points of 2 columns, as the index has, got 1',
    );
    expect(() => queryKnn(index, float32Matrix([[1, Number.NaN]]), 1)).toThrow(
      new RangeError('Expected finite values in points, got NaN at row 0, column 1'),
    );
    expect(() => fitKnn(float32Matrix([[Infinity]]))).toThrow('got Infinity at row 0, column 0');
    expect(() => fitKnn(float32Matrix([]))).toThrow('at least 1 row and 1 column, got 0 x 0');
  });
});
