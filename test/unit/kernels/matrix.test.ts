import { describe, expect, it } from 'vitest';
import { checkMatrix, matrixForDistances, row } from '../../../kernels/matrix.js';
import { float32Matrix, float64Matrix } from './tables.js';

describe('row', () => {
  it('is a view: writing to it writes to the matrix', () => {
    const matrix = float32Matrix([
      [1, 2],
      [3, 4],
    ]);
    row(matrix, 1)[0] = 9;
    expect(matrix.values).toEqual(Float32Array.of(1, 2, 9, 4));
  });

  it.each([-1, 2, 0.5])('is not there for index %s of two rows', (i) => {
    const matrix = float32Matrix([[1], [2]]);
    expect(() => row(matrix, i)).toThrow(new RangeError(`Expected a row of 0..1, got ${i}`));
  });
});

describe('checkMatrix', () => {
  it.each([Number.NaN, Infinity, -Infinity])('names row and column of %s', (value) => {
    const values = Float32Array.from({ length: 12 }, (_, i) => (i === 11 ? value : i));
    expect(() => checkMatrix({ rows: 4, columns: 3, values })).toThrow(
      new RangeError(`Expected finite values in matrix, got ${value} at row 3, column 2`),
    );
  });

  it.each([
    [0, 3],
    [3, 0],
    [-1, 2],
    [1.5, 2],
  ])('refuses %s x %s', (rows, columns) => {
    expect(() => checkMatrix({ rows, columns, values: new Float32Array() }, 'points')).toThrow(
      new RangeError(`Expected points to have at least 1 row and 1 column, got ${rows} x ${columns}`),
    );
  });

  it('refuses values that are not rows x columns', () => {
    expect(() => checkMatrix({ rows: 2, columns: 3, values: new Float32Array(5) })).toThrow(
      new RangeError('Expected matrix of 2 x 3 to have 6 values, got 5'),
    );
  });
});

describe('matrixForDistances', () => {
  it('widens float32 exactly and does not copy float64', () => {
    const wide = float64Matrix([[0.1, 0.2]]);
    expect(matrixForDistances(wide).values).toBe(wide.values);
    expect(matrixForDistances(float32Matrix([[0.1, 0.2]])).values).toEqual(
      Float64Array.of(Math.fround(0.1), Math.fround(0.2)),
    );
  });

  it('refuses magnitudes whose squares would overflow', () => {
    expect(() => matrixForDistances(float64Matrix([[1, -1e150]]))).toThrow(
      new RangeError('Expected values of at most 1e+148 in matrix, got -1e+150 at row 0, column 1: scale the column'),
    );
  });
});
