import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { silhouette, silhouettes } from '../../../kernels/silhouette.js';
import { coarseTables, float32Matrix, float64Matrix, naiveSquaredDistance, sklearnFigures } from './tables.js';

describe('silhouette', () => {
  it('is the mean over the points of how much nearer their own cluster is than the next', () => {
    // Own and next mean distance: 0 has 1 and 9.5; 1 has 1 and 8.5; 9 has 1 and 8.5; 10 has 1 and 9.5.
    const expected = (8.5 / 9.5 + 7.5 / 8.5 + 7.5 / 8.5 + 8.5 / 9.5) / 4;
    expect(silhouette(float32Matrix([[0], [1], [9], [10]]), Int32Array.of(0, 0, 1, 1))).toBeCloseTo(expected, 15);
  });

  it('is negative where points lie in the wrong cluster', () => {
    expect(silhouette(float32Matrix([[0], [9], [1], [10]]), Int32Array.of(0, 0, 1, 1))).toBeLessThan(0);
  });

  it('gives 0 to a point alone in its cluster', () => {
    // 0 has 1 and 9; 1 has 1 and 8; 9 is alone.
    const expected = (8 / 9 + 7 / 8 + 0) / 3;
    expect(silhouette(float32Matrix([[0], [1], [9]]), Int32Array.of(0, 0, 1))).toBeCloseTo(expected, 15);
    expect(silhouette(float32Matrix([[0], [1]]), Int32Array.of(0, 1))).toBe(0);
  });

  it('gives 0 where all points are the same, not NaN', () => {
    expect(silhouette(float32Matrix([[4], [4], [4], [4]]), Int32Array.of(0, 0, 1, 1))).toBe(0);
  });

  it('is null for fewer than two clusters, whatever their number is', () => {
    expect(silhouette(float32Matrix([[1], [2]]), Int32Array.of(0, 0))).toBeNull();
    expect(silhouette(float32Matrix([[1], [2]]), Int32Array.of(3, 3))).toBeNull();
    expect(silhouette(float32Matrix([[1]]), Int32Array.of(0))).toBeNull();
  });

  it('does not mind numbers that are left out', () => {
    const matrix = float32Matrix([[0], [1], [9], [10]]);
    expect(silhouette(matrix, Int32Array.of(1, 1, 4, 4))).toBe(silhouette(matrix, Int32Array.of(0, 0, 1, 1)));
  });

  it('refuses labels that are not one of 0 or above for each row', () => {
    const matrix = float32Matrix([[0], [1]]);
    expect(() => silhouette(matrix, Int32Array.of(0))).toThrow(new RangeError('Expected 2 labels, one a row, got 1'));
    expect(() => silhouette(matrix, Int32Array.of(0, -1))).toThrow(
      new RangeError('Expected labels of 0 or above, got -1 at row 1'),
    );
  });

  it('agrees with scikit-learn', () => {
    const { scaled, silhouettes: expected } = sklearnFigures();
    for (const { labels, mean } of expected) {
      expect(silhouette(float32Matrix(scaled), Int32Array.from(labels))).toBeCloseTo(mean, 9);
    }
  });
});

describe('silhouettes', () => {
  it('scores each labeling as it would alone, and as its definition says', () => {
    fc.assert(
      fc.property(coarseTables, fc.infiniteStream(fc.integer({ min: 0, max: 3 })), (table, stream) => {
        const labelings = [0, 1, 2].map(() => Int32Array.from(table, () => Number(stream.next().value)));
        const scores = silhouettes(float64Matrix(table), labelings);
        for (const [l, labels] of labelings.entries()) {
          expect(scores[l]).toBe(silhouette(float64Matrix(table), labels));
          const expected = byDefinition(table, [...labels]);
          if (expected === null) expect(scores[l]).toBeNull();
          else expect(scores[l]).toBeCloseTo(expected, 12);
        }
      }),
    );
  });
});

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
