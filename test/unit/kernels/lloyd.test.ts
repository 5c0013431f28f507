import * as fc from 'fast-check';
import { kmeans } from 'ml-kmeans';
import { describe, expect, it } from 'vitest';
import { assignNearest } from '../../../kernels/assign-nearest.js';
import { fillEmptyClusters } from '../../../kernels/fill-empty-clusters.js';
import { type LloydResult, lloyd } from '../../../kernels/lloyd.js';
import type { Matrix } from '../../../kernels/matrix.js';
import { squaredDistance } from '../../../kernels/squared-distance.js';
import {
  coarseTables,
  fineTables,
  float64Matrix,
  groupedMatrix,
  naiveSquaredDistance,
  sklearnFigures,
  toRows,
} from './tables.js';

/** The first k rows as initial centroids: some of them may be equal. */
const starts = fc.tuple(fc.oneof(coarseTables, fineTables), fc.nat()).map(([table, n]) => {
  const k = 1 + (n % Math.min(table.length, 9));
  return { points: float64Matrix(table), initial: float64Matrix(table.slice(0, k)) };
});

function converge(points: Matrix<Float64Array>, initial: Matrix<Float64Array>, maxIterations = 1000): LloydResult {
  return lloyd(points, initial, { maxIterations, shiftTolerance: 0 });
}

/** Lloyd's algorithm with all distances measured in full every time. */
function plainLloyd(
  points: Matrix<Float64Array>,
  initial: Matrix<Float64Array>,
  maxIterations: number,
): Pick<LloydResult, 'labels' | 'centroids'> {
  const { columns, values } = points;
  let centroids = initial;
  let labels = new Int32Array(points.rows).fill(-1);
  for (let iteration = 0; ; iteration++) {
    const distances = new Float64Array(points.rows);
    const next = labels.map((_, i) => {
      const squares = Array.from({ length: initial.rows }, (_, c) =>
        squaredDistance(values, i * columns, centroids.values, c * columns, columns),
      );
      distances[i] = Math.min(...squares);
      return squares.indexOf(Math.min(...squares));
    });
    const converged = next.every((label, i) => label === labels[i]);
    labels = next;
    if (converged || iteration === maxIterations) return { labels, centroids };
    fillEmptyClusters(labels, distances, initial.rows);
    const rows = toRows(points);
    centroids = float64Matrix(
      toRows(centroids).map((centroid, cluster) => {
        const members = rows.filter((_, i) => labels[i] === cluster);
        if (members.length === 0) return centroid;
        return centroid.map((_, c) => members.reduce((sum, m) => sum + (m[c] ?? Number.NaN), 0) / members.length);
      }),
    );
  }
}

describe('assignNearest', () => {
  it('gives a point between two centroids to the lower one, whatever its label was', () => {
    const points = float64Matrix([[0], [1], [-1]]);
    const centroids = float64Matrix([[1], [-1]]);
    for (const hint of [-1, 0, 1]) {
      const labels = new Int32Array(3).fill(hint);
      assignNearest(points, centroids, labels, new Float64Array(3));
      expect([...labels]).toEqual([0, 0, 1]);
    }
  });

  it('gives the same labels and the same distances, bit for bit, from any labels', () => {
    fc.assert(
      fc.property(starts, fc.infiniteStream(fc.nat()), ({ points, initial }, hints) => {
        const plain = new Int32Array(points.rows).fill(-1);
        const distances = new Float64Array(points.rows);
        assignNearest(points, initial, plain, distances);
        const hinted = plain.map(() => Number(hints.next().value) % initial.rows);
        const before = hinted.slice();
        const hintedDistances = new Float64Array(points.rows);
        const changed = assignNearest(points, initial, hinted, hintedDistances);
        expect(hinted).toEqual(plain);
        expect(hintedDistances).toEqual(distances);
        expect(changed).toBe(before.filter((label, i) => label !== plain[i]).length);
      }),
    );
  });
});

describe('fillEmptyClusters', () => {
  it('moves the farthest points, one to each empty cluster in order', () => {
    const labels = Int32Array.of(0, 0, 0, 0);
    expect(fillEmptyClusters(labels, Float64Array.of(1, 9, 4, 9), 3)).toBe(2);
    expect([...labels]).toEqual([0, 1, 0, 2]);
  });

  it('leaves a point alone in its cluster where it is', () => {
    const labels = Int32Array.of(0, 1, 1);
    fillEmptyClusters(labels, Float64Array.of(100, 1, 2), 3);
    expect([...labels]).toEqual([0, 1, 2]);
  });

  it('leaves clusters empty when every point lies on its centroid', () => {
    const labels = Int32Array.of(0, 0);
    expect(fillEmptyClusters(labels, Float64Array.of(0, 0), 2)).toBe(0);
    expect([...labels]).toEqual([0, 0]);
  });
});

describe('lloyd', () => {
  it('finds the two pairs on a line', () => {
    const found = converge(float64Matrix([[0], [1], [10], [11]]), float64Matrix([[0], [1]]));
    // First {0} and {1, 10, 11}, then {0, 1} and {10, 11}; the third iteration changes no label.
    expect(toRows(found.centroids)).toEqual([[0.5], [10.5]]);
    expect([...found.labels]).toEqual([0, 0, 1, 1]);
    expect(found.inertia).toBe(1);
    expect(found.iterations).toBe(3);
  });

  it('stops after the iterations allowed, with labels that fit the centroids', () => {
    const found = converge(float64Matrix([[0], [1], [10], [11]]), float64Matrix([[0], [1]]), 1);
    expect(toRows(found.centroids)).toEqual([[0], [22 / 3]]);
    expect([...found.labels]).toEqual([0, 0, 1, 1]);
    expect(found.iterations).toBe(1);
    expect(found.inertia).toBeCloseTo(1 + (10 - 22 / 3) ** 2 + (11 - 22 / 3) ** 2, 12);
  });

  it('stops when the squared shifts of the centroids add up to the tolerance', () => {
    const points = float64Matrix([[0], [1], [10], [11]]);
    const initial = float64Matrix([[0.25], [10.25]]);
    // One iteration moves each centroid by 0.25.
    expect(lloyd(points, initial, { maxIterations: 9, shiftTolerance: 0.125 }).iterations).toBe(1);
    expect(lloyd(points, initial, { maxIterations: 9, shiftTolerance: 0.1249 }).iterations).toBe(2);
  });

  it('leaves the initial centroids as they are', () => {
    const initial = float64Matrix([[0], [1]]);
    converge(float64Matrix([[0], [1], [10]]), initial);
    expect(toRows(initial)).toEqual([[0], [1]]);
  });

  it('never lets the inertia rise from one iteration to the next', () => {
    fc.assert(
      fc.property(starts, ({ points, initial }) => {
        const { iterations } = converge(points, initial);
        let before = Infinity;
        for (let i = 1; i <= iterations; i++) {
          const { inertia } = converge(points, initial, i);
          expect(inertia).toBeLessThanOrEqual(before * (1 + 1e-12));
          before = inertia;
        }
      }),
    );
  });

  it('labels every point with its nearest centroid and adds up their distances', () => {
    fc.assert(
      fc.property(starts, fc.integer({ min: 1, max: 5 }), ({ points, initial }, maxIterations) => {
        const found = converge(points, initial, maxIterations);
        const centroids = toRows(found.centroids);
        let inertia = 0;
        for (const [i, point] of toRows(points).entries()) {
          const distances = centroids.map((centroid) => naiveSquaredDistance(point, centroid));
          const own = distances[found.labels[i] ?? -1] ?? Number.NaN;
          expect(own).toBeLessThanOrEqual(Math.min(...distances) * (1 + 1e-12));
          inertia += own;
        }
        expect(Math.abs(found.inertia - inertia)).toBeLessThanOrEqual(inertia * 1e-12);
      }),
    );
  });

  it('ends at the means of its clusters', () => {
    fc.assert(
      fc.property(starts, ({ points, initial }) => {
        const found = converge(points, initial);
        const centroids = toRows(found.centroids);
        for (let cluster = 0; cluster < centroids.length; cluster++) {
          const members = toRows(points).filter((_, i) => found.labels[i] === cluster);
          for (let c = 0; c < points.columns && members.length > 0; c++) {
            const mean = members.reduce((sum, member) => sum + (member[c] ?? Number.NaN), 0) / members.length;
            expect(Math.abs((centroids[cluster]?.[c] ?? Number.NaN) - mean)).toBeLessThan(1e-9);
          }
        }
      }),
    );
  });

  it('changes no label, and no bit of a centroid, by the distances it does not measure', () => {
    const scales = fc.constantFrom(1, 1e-150, 1e140);
    fc.assert(
      fc.property(starts, scales, ({ points, initial }, scale) => {
        const scaled = [points, initial].map((matrix) =>
          float64Matrix(toRows(matrix).map((r) => r.map((x) => x * scale))),
        );
        const [from, centroids] = [scaled[0] ?? points, scaled[1] ?? initial];
        const found = converge(from, centroids, 30);
        const plain = plainLloyd(from, centroids, 30);
        expect(found.labels).toEqual(plain.labels);
        expect(found.centroids).toEqual(plain.centroids);
      }),
      { numRuns: 300 },
    );
    for (const seed of [1, 2, 3, 4, 5, 6, 7, 8]) {
      const points = groupedMatrix(200, 3, 9, 20, seed);
      const wide = { ...points, values: Float64Array.from(points.values) };
      // From every other seed most clusters are empty at first.
      const far = (i: number): number => (seed % 2 === 0 && i > 1 ? 100 * i : 0);
      const initial = float64Matrix(
        toRows(wide)
          .slice(0, 9)
          .map((cells, i) => cells.map((x) => x + far(i))),
      );
      const found = converge(wide, initial, 100);
      const plain = plainLloyd(wide, initial, 100);
      expect(found.iterations).toBeGreaterThan(5);
      expect(found.labels).toEqual(plain.labels);
      expect(found.centroids).toEqual(plain.centroids);
    }
  });

  it('reaches the inertia of ml-kmeans from the same centroids', () => {
    for (const seed of [1, 2, 3]) {
      const rows = toRows(groupedMatrix(150, 4, 6, 5, seed));
      const found = converge(float64Matrix(rows), float64Matrix(rows.slice(0, 6)));
      const theirs = kmeans(rows, 6, { initialization: rows.slice(0, 6), maxIterations: 1000, tolerance: 0 });
      const inertia = rows.reduce(
        (sum, point, i) => sum + naiveSquaredDistance(point, theirs.centroids[theirs.clusters[i] ?? -1] ?? []),
        0,
      );
      expect([...found.labels]).toEqual(theirs.clusters);
      expect(found.inertia).toBeCloseTo(inertia, 8);
    }
  });
});

describe('lloyd beside scikit-learn', () => {
  const { scaled, given, empty } = sklearnFigures();
  const points = float64Matrix(scaled.map((cells) => cells.map(Math.fround)));
  const initial = float64Matrix(given.rows.map((i) => toRows(points)[i] ?? []));
  const columnVariance =
    toRows(points)
      .flat()
      .reduce((sum, x) => sum + x * x, 0) / points.values.length;

  it('finds the inertia of given centroids', () => {
    const distances = new Float64Array(points.rows);
    assignNearest(points, initial, new Int32Array(points.rows).fill(-1), distances);
    expect(distances.reduce((sum, x) => sum + x, 0)).toBeCloseTo(given.inertia_before, 9);
  });

  it.each([
    ['after three iterations', given.three_iterations, initial, 3, 0],
    ['at the default tolerance', given.default_tolerance, initial, 300, 1e-4 * columnVariance],
    ['at the end', given.converged, initial, 1000, 0],
    ['after an empty cluster was filled', empty.one_iteration, float64Matrix(empty.initial), 1, 0],
    ['at the end with a cluster empty at first', empty.converged, float64Matrix(empty.initial), 1000, 0],
  ])('has the same labels, inertia and centroids %s', (_, expected, from, maxIterations, shiftTolerance) => {
    const found = lloyd(points, from, { maxIterations, shiftTolerance });
    expect([...found.labels]).toEqual(expected.labels);
    expect(found.inertia).toBeCloseTo(expected.inertia, 9);
    expect(found.iterations).toBe(expected.iterations);
    for (const [c, value] of found.centroids.values.entries()) {
      expect(value).toBeCloseTo(expected.centroids.flat()[c] ?? Number.NaN, 9);
    }
  });
});
