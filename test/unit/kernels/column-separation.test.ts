import { describe, expect, it } from 'vitest';
import { columnSeparation } from '../../../kernels/column-separation.js';
import { float32Matrix } from './tables.js';

describe('columnSeparation', () => {
  it('is the difference of the means in standard deviations within the groups', () => {
    // Means 2 and 5, squared deviations 2 and 2 over four rows: deviation 1. Second column: the same in both groups.
    const points = float32Matrix([
      [1, 7],
      [3, 8],
      [4, 8],
      [6, 7],
    ]);
    expect([...columnSeparation(points, Int32Array.of(0, 1), Int32Array.of(2, 3))]).toEqual([3, 0]);
  });

  it('is 0 for a constant column and 10 for one that tells the groups apart without a doubt', () => {
    const points = float32Matrix([
      [1, 0.1],
      [1, 0.1],
      [1, 0.2],
    ]);
    expect([...columnSeparation(points, Int32Array.of(0, 1), Int32Array.of(2))]).toEqual([0, 10]);
  });

  it('refuses an empty group', () => {
    expect(() => columnSeparation(float32Matrix([[1]]), Int32Array.of(0), new Int32Array())).toThrow(
      'Expected rows in both groups',
    );
  });
});
