import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  countInBins,
  populationStability,
  quantileEdges,
  stabilityOfCounts,
} from '../../../kernels/population-stability.js';
import { statisticsFigures } from './statistics-figures.js';

const samples = fc
  .array(fc.oneof(fc.integer({ min: -4, max: 4 }), fc.double({ min: -5, max: 5, noNaN: true })), { minLength: 1 })
  .map((values) => Float64Array.from(values));

const counts = fc
  .array(fc.tuple(fc.nat({ max: 50 }), fc.nat({ max: 50 })), { minLength: 1 })
  .map((bins) => [...bins, [1, 1] as const])
  .map((bins) => [bins.map(([e]) => e), bins.map(([, a]) => a)] as const);

describe('quantileEdges', () => {
  it('cuts a sample into parts of the same size', () => {
    expect([...quantileEdges(Float64Array.of(8, 1, 7, 2, 6, 3, 5, 4), 4)]).toEqual([2, 4, 6]);
  });

  it('has an edge once, and none at the largest value', () => {
    expect([...quantileEdges(Float64Array.of(1, 2, 2, 2, 2, 3, 3, 3), 8)]).toEqual([1, 2]);
    expect([...quantileEdges(Float64Array.of(4, 4, 4), 10)]).toEqual([]);
  });

  it('has no more bins than distinct values, and none without a value of the sample', () => {
    fc.assert(
      fc.property(samples, fc.integer({ min: 1, max: 40 }), (sample, bins) => {
        const edges = quantileEdges(sample, bins);
        const filled = countInBins(edges, sample);
        expect(filled.length).toBeLessThanOrEqual(bins);
        expect(Math.min(...filled)).toBeGreaterThan(0);
        expect(filled.reduce((sum, count) => sum + count, 0)).toBe(sample.length);
      }),
    );
  });
});

describe('countInBins', () => {
  it('counts a value at an edge in the bin that ends there', () => {
    expect([...countInBins(Float64Array.of(2, 4), Float64Array.of(-9, 2, 2.5, 4, 4.1, 9))]).toEqual([2, 2, 2]);
    expect([...countInBins(new Float64Array(), Float64Array.of(1, 2))]).toEqual([2]);
  });
});

describe('stabilityOfCounts', () => {
  it('adds up how far each share is from what was expected', () => {
    const index = 0.3 * Math.log(0.8 / 0.5) + -0.3 * Math.log(0.2 / 0.5);
    expect(stabilityOfCounts([50, 50], [80, 20])).toBeCloseTo(index, 15);
  });

  it('counts an empty bin as half a row, and leaves out what is empty in both', () => {
    const index = -0.2 * Math.log(0.8 / 1) + (0.2 - 0.5 / 4) * Math.log(0.2 / (0.5 / 4));
    expect(stabilityOfCounts([4, 0, 0], [8, 2, 0])).toBeCloseTo(index, 15);
  });

  it('is 0 for the same shares, never below, and the same when the two are exchanged', () => {
    fc.assert(
      fc.property(counts, fc.constantFrom(1, 2, 8), ([expected, actual], times) => {
        const index = stabilityOfCounts(expected, actual);
        expect(index).toBeGreaterThanOrEqual(0);
        expect(index).toBeLessThan(Infinity);
        expect(stabilityOfCounts(actual, expected)).toBeCloseTo(index, 12);
        expect(
          stabilityOfCounts(
            expected,
            expected.map((count) => count * times),
          ),
        ).toBe(0);
      }),
    );
  });

  it('agrees with numpy on counts of categories', () => {
    const { counts, index } = statisticsFigures().categories;
    expect(stabilityOfCounts(...counts)).toBeCloseTo(index, 14);
  });

  it('refuses counts of different bins, below 0, not finite, and of nothing', () => {
    expect(() => stabilityOfCounts([1], [1, 2])).toThrow(
      new RangeError('Expected counts of the same bins, got 1 expected ones and 2 actual ones'),
    );
    for (const wrong of [-1, Number.NaN, Infinity]) {
      expect(() => stabilityOfCounts([1, 2], [1, wrong])).toThrow(
        new RangeError(`Expected finite counts of 0 or above in \`actual\`, got ${wrong} in bin 1`),
      );
    }
    expect(() => stabilityOfCounts([0, 0], [1, 2])).toThrow(
      new RangeError('Expected `expected` to have at least one row, got none'),
    );
  });
});

describe('populationStability', () => {
  it('agrees with numpy on samples, their bins and counts', () => {
    for (const { samples, bins, edges, counts, index } of statisticsFigures().stability) {
      const [expected, actual] = samples.map((values) => Float64Array.from(values));
      if (expected === undefined || actual === undefined) throw new Error('Expected two samples');
      const found = populationStability(expected, actual, { bins });
      expect([...found.edges]).toEqual(edges);
      expect([[...found.expected], [...found.actual]]).toEqual(counts);
      expect(found.index).toBeCloseTo(index, 13);
    }
  });

  it('has ten bins where nothing else is asked for, and reads float32', () => {
    const sample = Float32Array.from({ length: 100 }, (_, i) => i);
    const found = populationStability(sample, sample);
    expect(found.expected).toHaveLength(10);
    expect(found.index).toBe(0);
  });

  it('refuses samples without values, values that are not finite, and bins that are not there', () => {
    const sample = Float64Array.of(1, 2);
    expect(() => populationStability(new Float64Array(), sample)).toThrow(
      new RangeError('Expected `expected` to have at least one value, got none'),
    );
    expect(() => populationStability(sample, Float64Array.of(1, Number.NaN))).toThrow(
      new RangeError('Expected finite values in `actual`, got NaN at 1'),
    );
    expect(() => populationStability(Float64Array.of(-Infinity), sample)).toThrow('got -Infinity at 0');
    expect(() => populationStability(sample, sample, { bins: 0 })).toThrow(
      new RangeError('Expected `bins` to be at least 1, got 0'),
    );
  });
});
