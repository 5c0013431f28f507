import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fitPca, projectPca } from '../../../kernels/pca.js';
import { symmetricEigen } from '../../../kernels/symmetric-eigen.js';
import { fineTables, float64Matrix, groupedMatrix, toRows } from './tables.js';

const dot = (a: readonly number[], b: readonly number[]): number => a.reduce((sum, x, i) => sum + x * (b[i] ?? 0), 0);

/** Tables of which every square sum is of an ordinary size. */
const tables = fineTables.filter((table) => table.length > 1);

describe('symmetricEigen', () => {
  it('finds the values of a matrix worked by hand, largest first', () => {
    const { values, vectors } = symmetricEigen(
      float64Matrix([
        [2, 1, 0],
        [1, 2, 0],
        [0, 0, 5],
      ]),
    );
    expect([...values].map((value) => Number(value.toFixed(12)))).toEqual([5, 3, 1]);
    const [, second] = toRows(vectors);
    expect(second?.map((x) => Math.abs(x))).toEqual([expect.closeTo(Math.SQRT1_2), expect.closeTo(Math.SQRT1_2), 0]);
  });

  it('leaves a diagonal matrix as it is, equal values in order of their columns', () => {
    const { values, vectors } = symmetricEigen(
      float64Matrix([
        [1, 0, 0],
        [0, 4, 0],
        [0, 0, 1],
      ]),
    );
    expect([...values]).toEqual([4, 1, 1]);
    expect(toRows(vectors)).toEqual([
      [0, 1, 0],
      [1, 0, 0],
      [0, 0, 1],
    ]);
  });

  it('refuses what is not square', () => {
    expect(() => symmetricEigen(float64Matrix([[1, 2]]))).toThrow('Expected a square matrix, got 1 x 2');
  });
});

describe('fitPca', () => {
  it('finds the line that points lie on', () => {
    const model = fitPca(
      float64Matrix([
        [0, 1],
        [3, 5],
        [6, 9],
      ]),
      2,
    );
    expect(toRows(model.components)[0]).toEqual([expect.closeTo(0.6), expect.closeTo(0.8)]);
    expect([...model.explainedVariance]).toEqual([expect.closeTo(25), expect.closeTo(0)]);
    expect([...model.explainedVarianceRatio]).toEqual([expect.closeTo(1), expect.closeTo(0)]);
    const projected = projectPca(model, float64Matrix([[9, 13]]));
    expect(projected.values[0]).toBeCloseTo(10);
  });

  it('gives components that are orthonormal, of falling variance, their largest loading positive', () => {
    fc.assert(
      fc.property(tables, (table) => {
        const matrix = float64Matrix(table);
        const { components, explainedVariance } = fitPca(matrix, matrix.columns);
        const rows = toRows(components);
        for (const [i, a] of rows.entries()) {
          for (const [j, b] of rows.entries()) expect(dot(a, b)).toBeCloseTo(i === j ? 1 : 0, 9);
          const largest = Math.max(...a.map(Math.abs));
          expect(a.some((loading) => loading >= largest * (1 - 1e-9))).toBe(true);
          if (i > 0) expect(explainedVariance[i]).toBeLessThanOrEqual(explainedVariance[i - 1] ?? 0);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('gives every row back from all of its coordinates, and keeps distances', () => {
    fc.assert(
      fc.property(tables, (table) => {
        const matrix = float64Matrix(table);
        const model = fitPca(matrix, matrix.columns);
        const axes = toRows(model.components);
        for (const [r, coordinates] of toRows(projectPca(model, matrix)).entries()) {
          for (let c = 0; c < matrix.columns; c++) {
            const back =
              (model.means[c] ?? 0) +
              dot(
                coordinates,
                axes.map((axis) => axis[c] ?? 0),
              );
            expect(Math.abs(back - (table[r]?.[c] ?? Number.NaN))).toBeLessThan(1e-8);
          }
        }
      }),
      { numRuns: 60 },
    );
  });

  it('explains the variance of the columns, all of it with all components', () => {
    const matrix = groupedMatrix(200, 7, 4, 3);
    const { explainedVariance, explainedVarianceRatio, components } = fitPca(matrix, 7);
    const projected = toRows(projectPca(fitPca(matrix, 7), matrix));
    for (const [k, variance] of explainedVariance.entries()) {
      const column = projected.map((row) => row[k] ?? Number.NaN);
      const mean = column.reduce((sum, x) => sum + x, 0) / column.length;
      expect(mean).toBeCloseTo(0, 9);
      expect(column.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (column.length - 1)).toBeCloseTo(variance, 9);
    }
    expect(explainedVarianceRatio.reduce((sum, ratio) => sum + ratio, 0)).toBeCloseTo(1, 12);
    expect(fitPca(matrix, 2).components.values).toEqual(components.values.slice(0, 14));
  });

  it('gives constant columns no part, and a table without variance ratios of 0', () => {
    const model = fitPca(
      float64Matrix([
        [0.1, 1],
        [0.1, 2],
        [0.1, 4],
      ]),
      2,
    );
    expect(toRows(model.components)).toEqual([
      [0, 1],
      [1, 0],
    ]);
    expect([...fitPca(float64Matrix([[3, 4]]), 2).explainedVarianceRatio]).toEqual([0, 0]);
  });

  it('chooses a sign by the first of several equal loadings', () => {
    const { components } = fitPca(
      float64Matrix([
        [1, 0],
        [0, 1],
        [1, 0],
      ]),
      1,
    );
    expect(toRows(components)[0]).toEqual([expect.closeTo(Math.SQRT1_2), expect.closeTo(-Math.SQRT1_2)]);
  });

  it('refuses more components than columns, and a matrix of other columns', () => {
    expect(() => fitPca(float64Matrix([[1, 2]]), 3)).toThrow('Expected `components` to be 1..columns (2), got 3');
    const model = fitPca(float64Matrix([[1, 2]]), 1);
    expect(() => projectPca(model, float64Matrix([[1]]))).toThrow('Expected a matrix of 2 columns');
  });
});
