import { describe, expect, it } from 'vitest';
import { silhouette, silhouettes } from '../../../kernels/silhouette.js';
import { silhouettesContract } from '../../contract/silhouettes-contract.js';
import { float32Matrix, groupedMatrix } from './tables.js';

describe('silhouettes', () => {
  silhouettesContract(async (matrix, labelings) => silhouettes(matrix, labelings));

  it('reads float32 and the same numbers in float64 alike', () => {
    const narrow = groupedMatrix(60, 3, 3, 4);
    const wide = { ...narrow, values: Float64Array.from(narrow.values) };
    const labels = Int32Array.from({ length: 60 }, (_, i) => i % 3);
    expect(silhouettes(wide, [labels])).toEqual(silhouettes(narrow, [labels]));
  });
});

describe('silhouette', () => {
  it('is the one score of one labeling', () => {
    const matrix = float32Matrix([[0], [1], [9], [10]]);
    const labels = Int32Array.of(0, 0, 1, 1);
    expect(silhouette(matrix, labels)).toBe(silhouettes(matrix, [labels])[0]);
    expect(silhouette(matrix, Int32Array.of(3, 3, 3, 3))).toBeNull();
  });
});
