import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Matrix } from '../../kernels/matrix.js';
import { coarseTables, float32Matrix, naiveSquaredDistance, sklearnFigures } from '../unit/kernels/tables.js';

export type Silhouettes = (matrix: Matrix, labelings: readonly Int32Array[]) => Promise<(number | null)[]>;

function byDefinition(table: number[][], labels: number[]): number | null {
  const clusters = [...new Set(labels)];
  if (clusters.length < 2) return null;
  const scores = table.map((point, i) => {
    const meanTo = (cluster: number): number => {
      const others = table.filter((_, j) => j !== i && labels[j] === cluster);
      return others.reduce((sum, other) => sum + Math.sqrt(naiveSquaredDistance(point, other)), 0) / others.length;
    };
    const within = meanTo(labels[i] ?? -1);
    const next = Math.min(...clusters.filter((cluster) => cluster !== labels[i]).map(meanTo));
    if (Number.isNaN(within) || Math.max(within, next) === 0) return 0;
    return (next - within) / Math.max(within, next);
  });
  return scores.reduce((sum, score) => sum + score, 0) / scores.length;
}

/** What every version of `silhouettes` does. */
export function silhouettesContract(silhouettes: Silhouettes): void {
  const silhouette = async (matrix: Matrix, labels: Int32Array): Promise<number | null> =>
    (await silhouettes(matrix, [labels]))[0] ?? null;

  it('scores each labeling as it would alone, and as its definition says', async () => {
    await fc.assert(
      fc.asyncProperty(coarseTables, fc.infiniteStream(fc.integer({ min: 0, max: 3 })), async (table, stream) => {
        const labelings = [0, 1, 2].map(() => Int32Array.from(table, () => Number(stream.next().value)));
        const scores = await silhouettes(float32Matrix(table), labelings);
        expect(scores).toHaveLength(3);
        for (const [l, labels] of labelings.entries()) {
          expect(scores[l]).toBe(await silhouette(float32Matrix(table), labels));
          const expected = byDefinition(table, [...labels]);
          if (expected === null) expect(scores[l]).toBeNull();
          else expect(scores[l]).toBeCloseTo(expected, 12);
        }
      }),
    );
  });

  it('agrees with scikit-learn', async () => {
    const { scaled, silhouettes: expected } = sklearnFigures();
    const labelings = expected.map(({ labels }) => Int32Array.from(labels));
    const scores = await silhouettes(float32Matrix(scaled), labelings);
    for (const [l, { mean }] of expected.entries()) expect(scores[l]).toBeCloseTo(mean, 9);
  });

  it('is the mean over the points of how much nearer their own cluster is than the next', async () => {
    // Own and next mean distance: 0 has 1 and 9.5; 1 has 1 and 8.5; 9 has 1 and 8.5; 10 has 1 and 9.5.
    const expected = (8.5 / 9.5 + 7.5 / 8.5 + 7.5 / 8.5 + 8.5 / 9.5) / 4;
    const matrix = float32Matrix([[0], [1], [9], [10]]);
    expect(await silhouette(matrix, Int32Array.of(0, 0, 1, 1))).toBeCloseTo(expected, 15);
    expect(await silhouette(matrix, Int32Array.of(1, 1, 4, 4))).toBe(
      await silhouette(matrix, Int32Array.of(0, 0, 1, 1)),
    );
  });

  it('is negative where points lie in the wrong cluster', async () => {
    const score = await silhouette(float32Matrix([[0], [9], [1], [10]]), Int32Array.of(0, 0, 1, 1));
    expect(score ?? Number.NaN).toBeLessThan(0);
  });

  it('gives 0 to a point alone in its cluster', async () => {
    // 0 has 1 and 9; 1 has 1 and 8; 9 is alone.
    const expected = (8 / 9 + 7 / 8 + 0) / 3;
    expect(await silhouette(float32Matrix([[0], [1], [9]]), Int32Array.of(0, 0, 1))).toBeCloseTo(expected, 15);
    expect(await silhouette(float32Matrix([[0], [1]]), Int32Array.of(0, 1))).toBe(0);
    const each = Int32Array.from({ length: 30 }, (_, i) => 29 - i);
    expect(await silhouette(float32Matrix([...each].map((x) => [x * x])), each)).toBe(0);
  });

  it('gives 0 where all points are the same, not NaN', async () => {
    expect(await silhouette(float32Matrix([[4], [4], [4], [4]]), Int32Array.of(0, 0, 1, 1))).toBe(0);
    expect(await silhouette(float32Matrix([[0], [0], [0], [0]]), Int32Array.of(0, 0, 1, 1))).toBe(0);
  });

  it('is null for fewer than two clusters, whatever their number is, and nothing for no labeling', async () => {
    expect(await silhouette(float32Matrix([[1], [2]]), Int32Array.of(0, 0))).toBeNull();
    expect(await silhouette(float32Matrix([[1], [2]]), Int32Array.of(3, 3))).toBeNull();
    expect(await silhouette(float32Matrix([[1]]), Int32Array.of(0))).toBeNull();
    expect(await silhouettes(float32Matrix([[1]]), [])).toEqual([]);
  });

  it('refuses labels that are not one of 0 or above for each row', async () => {
    const matrix = float32Matrix([[0], [1]]);
    await expect(silhouette(matrix, Int32Array.of(0))).rejects.toThrow(
      new RangeError('Expected 2 labels, one a row, got 1'),
    );
    await expect(silhouette(matrix, Int32Array.of(0, -1))).rejects.toThrow(
      new RangeError('Expected labels of 0 or above, got -1 at row 1'),
    );
  });

  it('refuses NaN, infinities, and matrices without rows or columns', async () => {
    for (const value of [Number.NaN, Infinity, -Infinity]) {
      await expect(silhouettes(float32Matrix([[1], [value]]), [Int32Array.of(0, 1)])).rejects.toThrow(
        new RangeError(`Expected finite values in matrix, got ${value} at row 1, column 0`),
      );
    }
    await expect(silhouettes(float32Matrix([]), [])).rejects.toThrow('at least 1 row and 1 column, got 0 x 0');
    await expect(silhouettes(float32Matrix([[]]), [])).rejects.toThrow('at least 1 row and 1 column, got 1 x 0');
  });
}
