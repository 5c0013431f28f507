import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Neighbours } from '../../kernels/knn.js';
import type { Matrix } from '../../kernels/matrix.js';
import {
  coarseTables,
  fineTables,
  float32Matrix,
  groupedMatrix,
  naiveSquaredDistance,
  sklearnFigures,
  toRows,
} from '../unit/kernels/tables.js';

export interface NeighbourSearch {
  /** The nearest rows of `index` for each point. */
  query(index: Matrix, points: Matrix, k: number, exclude?: Int32Array): Promise<Neighbours>;
  /** The nearest other rows of each row. */
  ofAll(matrix: Matrix, k: number): Promise<Neighbours>;
}

/** What sorting the distances to all rows finds, in float64. */
function bySorting(table: number[][], points: number[][], k: number, exclude?: Int32Array): Neighbours {
  const found = points.map((point, query) =>
    table
      .map((other, row) => ({ row, distance: Math.sqrt(naiveSquaredDistance(point, other)) }))
      .filter(({ row }) => row !== exclude?.[query])
      .toSorted((a, b) => a.distance - b.distance || a.row - b.row)
      .slice(0, k),
  );
  return {
    k,
    indices: Int32Array.from(found.flat(), ({ row }) => row),
    distances: Float64Array.from(found.flat(), ({ distance }) => distance),
  };
}

/** What every version of the exact search does; properties are tried on `numRuns` tables. */
export function nearestRowsContract({ query, ofAll }: NeighbourSearch, numRuns = 100): void {
  const index = float32Matrix([
    [0, 0],
    [3, 4],
    [0, 1],
    [3, 4],
    [6, 8],
  ]);

  it('finds the nearest rows and their Euclidean distances, nearest first', async () => {
    const points = float32Matrix([
      [0, 0],
      [6, 8],
    ]);
    const { indices, distances } = await query(index, points, 3);
    expect([...indices]).toEqual([0, 2, 1, 4, 1, 3]);
    expect([...distances]).toEqual([0, 1, 5, 0, 5, 5]);
  });

  it('orders equal distances by row', async () => {
    const line = float32Matrix([[1], [-1], [1], [-1]]);
    expect([...(await query(line, float32Matrix([[0]]), 4)).indices]).toEqual([0, 1, 2, 3]);
    expect([...(await query(line, float32Matrix([[0]]), 2)).indices]).toEqual([0, 1]);
  });

  it('leaves a row out by its number, also where exact duplicates exist, and nothing for -1', async () => {
    const points = float32Matrix([
      [3, 4],
      [3, 4],
    ]);
    const { indices, distances } = await query(index, points, 2, Int32Array.of(1, 3));
    expect([...indices]).toEqual([3, 2, 1, 2]);
    expect(distances[0]).toBe(0);
    expect(distances[2]).toBe(0);
    expect([...(await query(index, float32Matrix([[3, 4]]), 1, Int32Array.of(-1))).indices]).toEqual([1]);
  });

  it('finds what sorting all distances finds, duplicates and ties included, to the bit where they are exact', async () => {
    await fc.assert(
      fc.asyncProperty(coarseTables, fc.nat(), fc.nat(), async (table, n, stranger) => {
        const matrix = float32Matrix(table);
        const k = 1 + (n % table.length);
        const exclude = Int32Array.from(table, (_, i) => (k < table.length && (i + stranger) % 3 > 0 ? i : -1));
        expect(await query(matrix, matrix, k, exclude)).toEqual(bySorting(table, table, k, exclude));
        if (k === table.length) return;
        const own = Int32Array.from(table, (_, i) => i);
        expect(await ofAll(matrix, k)).toEqual(bySorting(table, table, k, own));
      }),
      { numRuns },
    );
  });

  it('finds no row farther than one it leaves, for any numbers', async () => {
    await fc.assert(
      fc.asyncProperty(fineTables, fc.nat(), async (table, n) => {
        const matrix = float32Matrix(table);
        const rows = toRows(matrix);
        const k = 1 + (n % table.length);
        const { indices, distances } = await query(matrix, matrix, k);
        const expected = bySorting(rows, rows, k);
        for (const [at, distance] of distances.entries()) {
          expect(Math.abs(distance - (expected.distances[at] ?? Number.NaN))).toBeLessThanOrEqual(distance * 1e-12);
        }
        for (let q = 0; q < table.length; q++) expect(new Set(indices.subarray(q * k, (q + 1) * k)).size).toBe(k);
      }),
      { numRuns },
    );
  });

  it('finds all rows in order where all are equal, and one row alone', async () => {
    const equal = float32Matrix(Array.from({ length: 40 }, () => [0.1, 0, 0.7]));
    const { indices, distances } = await query(equal, float32Matrix([[0.1, 0, 0.7]]), 40);
    expect([...indices]).toEqual(Array.from({ length: 40 }, (_, i) => i));
    expect(distances.every((distance) => distance === 0)).toBe(true);
    expect([...(await ofAll(equal, 2)).indices.subarray(0, 6)]).toEqual([1, 2, 0, 2, 0, 1]);
    const one = await query(float32Matrix([[3, 4]]), float32Matrix([[0, 0]]), 1);
    expect([[...one.indices], [...one.distances]]).toEqual([[0], [5]]);
  });

  it('does not mind columns of zeros', async () => {
    const rows = toRows(groupedMatrix(60, 3, 3, 2));
    const padded = float32Matrix(rows.map(([a = 0, b = 0, c = 0]) => [0, a, b, c, 0]));
    expect((await ofAll(padded, 5)).indices).toEqual((await ofAll(float32Matrix(rows), 5)).indices);
  });

  it('agrees with scikit-learn, duplicates included', async () => {
    const { scaled, neighbours } = sklearnFigures();
    const matrix = float32Matrix(scaled);
    const k = neighbours.rows[0]?.length ?? 0;
    const exclude = Int32Array.from(scaled, (_, i) => i);
    for (const { indices, distances } of [await query(matrix, matrix, k, exclude), await ofAll(matrix, k)]) {
      expect([...indices]).toEqual(neighbours.rows.flat());
      for (const [i, distance] of neighbours.distances.flat().entries()) expect(distances[i]).toBeCloseTo(distance, 12);
      const twins = toRows({ rows: scaled.length, columns: k, values: distances }).filter(([nearest]) => nearest === 0);
      expect(twins).toHaveLength(16);
    }
  });

  it('refuses a k that is not there', async () => {
    const point = float32Matrix([[0, 0]]);
    for (const k of [0, 6]) {
      await expect(query(index, point, k)).rejects.toThrow(
        new RangeError(`Expected \`k\` to be 1..rows of the index (5), got ${k}`),
      );
    }
    await expect(query(index, point, 5, Int32Array.of(2))).rejects.toThrow(
      new RangeError('Expected `k` to be at most the rows left for query 0 (4), got 5'),
    );
    await expect(ofAll(float32Matrix([[1]]), 1)).rejects.toThrow(RangeError);
  });

  it('refuses exclusions that fit neither the queries nor the index', async () => {
    const point = float32Matrix([[0, 0]]);
    await expect(query(index, point, 1, new Int32Array(2))).rejects.toThrow(
      new RangeError('Expected `exclude` to have 1 entries, one a query, got 2'),
    );
    await expect(query(index, point, 1, Int32Array.of(5))).rejects.toThrow(
      new RangeError('Expected `exclude[0]` to be a row of the index (0..4) or -1, got 5'),
    );
  });

  it('refuses other columns, NaN, infinities, and matrices without rows or columns', async () => {
    await expect(query(index, float32Matrix([[1]]), 1)).rejects.toThrow(
      'Expected points of 2 columns, as the index has, got 1',
    );
    await expect(query(index, float32Matrix([[1, Number.NaN]]), 1)).rejects.toThrow(
      new RangeError('Expected finite values in points, got NaN at row 0, column 1'),
    );
    for (const infinite of [Infinity, -Infinity]) {
      const matrix = float32Matrix([[1], [2], [infinite]]);
      const message = `Expected finite values in matrix, got ${infinite} at row 2, column 0`;
      await expect(query(matrix, float32Matrix([[1]]), 1)).rejects.toThrow(new RangeError(message));
      await expect(ofAll(matrix, 1)).rejects.toThrow(new RangeError(message));
    }
    for (const empty of [float32Matrix([]), float32Matrix([[]])]) {
      await expect(query(empty, float32Matrix([[1]]), 1)).rejects.toThrow(RangeError);
      await expect(ofAll(empty, 1)).rejects.toThrow(RangeError);
    }
  });
}
