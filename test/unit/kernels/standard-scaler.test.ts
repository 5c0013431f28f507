import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fitStandardScaler, transformStandard } from '../../../kernels/standard-scaler.js';
import { fineTables, float64Matrix, sklearnFigures, toRows } from './tables.js';

describe('fitStandardScaler', () => {
  it('takes the mean and the population deviation of each column', () => {
    const scaler = fitStandardScaler(
      float64Matrix([
        [1, 10],
        [3, 10],
        [5, 40],
        [7, 40],
      ]),
    );
    expect(scaler).toEqual({ means: [4, 25], scales: [Math.sqrt(5), 15] });
  });

  it('turns a column of one value into zeros, also where its sum is not exact', () => {
    const constant = float64Matrix(Array.from({ length: 10 }, () => [0.1]));
    const scaler = fitStandardScaler(constant);
    expect(scaler).toEqual({ means: [0.1], scales: [1] });
    expect(transformStandard(scaler, constant).values).toEqual(new Float32Array(10));
  });

  it('takes a column for constant that varies within rounding error only', () => {
    const lastBit = float64Matrix([[1e8], [1e8 + 2 ** -26], [1e8], [1e8]]);
    expect(fitStandardScaler(lastBit).scales).toEqual([1]);
    const tiny = float64Matrix([[1e-300], [2e-300], [3e-300]]);
    expect(fitStandardScaler(tiny).scales).toEqual([1]);
  });

  it('gives one row a scale of 1', () => {
    expect(fitStandardScaler(float64Matrix([[3, -4]]))).toEqual({ means: [3, -4], scales: [1, 1] });
  });

  it('keeps the digits of a small variance beside a large mean', () => {
    const { scales } = fitStandardScaler(float64Matrix([[1e9 - 1], [1e9 + 1], [1e9 - 1], [1e9 + 1]]));
    expect(scales).toEqual([1]);
  });

  it('leaves columns of mean 0 and variance 1', () => {
    fc.assert(
      fc.property(fineTables, (table) => {
        const matrix = float64Matrix(table);
        const scaler = fitStandardScaler(matrix);
        const scaled = toRows(transformStandard(scaler, matrix));
        for (let c = 0; c < matrix.columns; c++) {
          const column = scaled.map((cells) => cells[c] ?? Number.NaN);
          const mean = column.reduce((sum, x) => sum + x, 0) / column.length;
          const variance = column.reduce((sum, x) => sum + (x - mean) ** 2, 0) / column.length;
          expect(Math.abs(mean)).toBeLessThan(1e-5);
          const constant = new Set(table.map((cells) => cells[c])).size === 1;
          if (constant) expect(variance).toBe(0);
          // Values below 1e-150 have squares below every float64.
          else if (table.some((cells) => Math.abs(cells[c] ?? 0) > 1e-3) && scaler.scales[c] !== 1) {
            expect(variance).toBeCloseTo(1, 5);
          }
        }
      }),
    );
  });

  it('refuses a variance that overflows', () => {
    expect(() => fitStandardScaler(float64Matrix([[0, 1e200]].concat([[0, -1e200]])))).toThrow(
      new RangeError('Expected column 1 to have a variance below 1.8e308: its values are too large'),
    );
  });

  it('refuses values that are not finite, and an empty matrix', () => {
    expect(() => fitStandardScaler(float64Matrix([[1], [Number.NaN]]))).toThrow('got NaN at row 1, column 0');
    expect(() => fitStandardScaler(float64Matrix([]))).toThrow(RangeError);
  });

  it('agrees with scikit-learn', () => {
    const { table, scaler, scaled } = sklearnFigures();
    const matrix = float64Matrix(table);
    const fitted = fitStandardScaler(matrix);
    for (const [c, mean] of scaler.means.entries()) {
      expect(Math.abs((fitted.means[c] ?? Number.NaN) / mean - 1)).toBeLessThan(1e-14);
      expect(Math.abs((fitted.scales[c] ?? Number.NaN) / (scaler.scales[c] ?? Number.NaN) - 1)).toBeLessThan(1e-14);
    }
    const transformed = toRows(transformStandard(fitted, matrix));
    for (const [i, expected] of scaled.entries()) {
      for (const [c, value] of expected.entries()) {
        // One unit in the last place of float32, and 2e-8 where the mean of 1e8 was rounded the other way.
        const allowed = Math.abs(value) * 2 ** -23 + 2e-8;
        expect(Math.abs((transformed[i]?.[c] ?? Number.NaN) - value)).toBeLessThanOrEqual(allowed);
      }
    }
  });
});

describe('transformStandard', () => {
  const scaler = { means: [0, 1], scales: [1, 2] };

  it('applies to rows it was not fitted to', () => {
    expect(toRows(transformStandard(scaler, float64Matrix([[5, 5]])))).toEqual([[5, 2]]);
  });

  it('refuses other columns than those of the scaler', () => {
    expect(() => transformStandard(scaler, float64Matrix([[1]]))).toThrow(
      new RangeError('Expected a matrix of 2 columns, as the scaler has, got 1'),
    );
  });

  it('refuses a value that float32 cannot hold once scaled', () => {
    expect(() => transformStandard(scaler, float64Matrix([[1, 1e40]]))).toThrow(
      new RangeError('Expected scaled values within float32, got 1e+40 at row 0, column 1'),
    );
  });
});
