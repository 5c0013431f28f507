import { assert, double, integer, property } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { drawHistogram } from '../../../../activities/lookalikes/plots/histogram.js';
import type { Histogram } from '../../../../activities/lookalikes/plots/histogram.js';
import { histogramScale, labelled, placeOf } from '../../../../activities/lookalikes/plots/histogram-scale.js';
import type { ColumnSummary } from '../../../../activities/lookalikes/plots/histogram-scale.js';
import { expectWellFormed, textsOf } from './svg-texts.js';

const summary = (changes: Partial<ColumnSummary>): ColumnSummary => ({
  count: 1000,
  min: 0,
  max: 100,
  median: 40,
  low: 1,
  high: 99,
  lowPositive: 1,
  whole: false,
  ...changes,
});

describe('the scale of a histogram', () => {
  it('is linear in round steps over the whole range where there is no tail', () => {
    const { kind, edges } = histogramScale(summary({}));
    expect(kind).toBe('linear');
    expect([edges[0], edges[1], edges.at(-1)]).toEqual([0, 5, 105]);
  });

  it('ends where few values are left, and begins away from zero where zero is far', () => {
    const { edges } = histogramScale(
      summary({ min: 1893, max: 20_000, low: 1940, high: 2000, median: 1970, whole: true }),
    );
    expect(edges[0]).toBeGreaterThan(1900);
    expect(edges.at(-1)).toBeLessThan(2010);
  });

  it('is logarithmic for a heavy tail, over the values above 0', () => {
    const { kind, edges } = histogramScale(
      summary({ min: 0, max: 1e7, low: 0, lowPositive: 1, high: 90_000, median: 100 }),
    );
    expect(kind).toBe('log');
    expect([edges[0], edges.at(-1)]).toEqual([1, 100_000]);
    expect(labelled({ kind, edges })).toEqual([1, 3, 10, 30, 100, 300, 1000, 3000, 10_000, 30_000, 100_000]);
  });

  it('has one bar for one value', () => {
    expect(histogramScale(summary({ min: 7, max: 7, median: 7, low: 7, high: 7, whole: true })).edges).toEqual([7, 8]);
    expect(histogramScale(summary({ min: 0, max: 0, median: 0, low: 0, high: 0 })).edges).toEqual([0, 1]);
  });

  it('has a place for every value from the low one to the high one, in ascending edges of a number people take in', () => {
    const value = double({ min: -1e9, max: 1e9, noNaN: true });
    assert(
      property(value, value, value, integer({ min: 0, max: 1 }), (a, b, c, whole) => {
        const [low = 0, median = 0, high = 0] = [a, b, c]
          .map((one) => (whole === 1 ? Math.round(one) : one))
          .toSorted((x, y) => x - y);
        const lowPositive = [low, median, high].find((one) => one > 0) ?? 0;
        const scale = histogramScale({
          count: 3,
          lowPositive,
          min: low - 1,
          max: high + 1,
          median,
          low,
          high,
          whole: whole === 1,
        });
        const { edges } = scale;
        expect(edges.length).toBeGreaterThanOrEqual(2);
        expect(edges.length).toBeLessThan(80);
        for (const [i, edge] of edges.entries()) if (i > 0) expect(edge).toBeGreaterThan(edges[i - 1] ?? Infinity);
        expect(edges[0]).toBeLessThanOrEqual(scale.kind === 'log' ? lowPositive : low);
        expect(edges.at(-1)).toBeGreaterThan(high);
        expect(placeOf(scale, median)).toBeGreaterThanOrEqual(-1e-6);
        expect(placeOf(scale, median)).toBeLessThanOrEqual(edges.length);
      }),
    );
  });
});

const histogram: Histogram = {
  title: 'Income <b>',
  axis: 'Income & more',
  scale: { kind: 'linear', edges: [0, 10, 20, 30] },
  counts: [5, 0, 7],
  before: [],
  after: [
    { label: '≥ 30', count: 2 },
    { label: 'never', count: 3 },
  ],
  median: 12.5,
  missing: 4,
};

describe('a histogram', () => {
  const svg = drawHistogram(histogram);

  it('is a well-formed picture of its own, without scripts and links', () => {
    expectWellFormed(svg);
    expect(svg).not.toMatch(/<script|href=|url\(http/);
  });

  it('says what it counts, also in words: the bars sum to the customers', () => {
    const texts = textsOf(svg);
    expect(texts).toContain('Income <b>');
    expect(texts).toContain('Customers');
    expect(texts).toContain('median 12.5');
    expect(texts).toContain('21 customers, 4 of them (19%) without a value and in no bar.');
    expect(texts.find((text) => text.startsWith('Income & more. '))).toBe(
      'Income & more. Customers by value: 0 to 10: 5; 10 to 20: 0; 20 to 30: 7; ≥ 30: 2; never: 3. Without a value: 4. Median: 12.5.',
    );
  });

  it('leaves room beside the bar of a single customer', () => {
    const scale = { kind: 'linear', edges: [30_000, 31_000] } as const;
    const alone = { ...histogram, scale, counts: [1], before: [], after: [], median: 30_000, missing: 0 };
    const one = drawHistogram(alone);
    expectWellFormed(one);
    expect(textsOf(one)).toContain('1 customer.');
    const [, width = ''] = /l(\S+) 0l0 \S+l\S+ 0Z"[^>]* fill="#0072b2"/.exec(one) ?? [];
    expect(Number(width)).toBeGreaterThan(20);
    expect(Number(width)).toBeLessThan(200);
  });

  it('has the same bytes whenever it is drawn', () => {
    drawHistogram({ ...histogram, title: 'Another' });
    expect(drawHistogram(histogram)).toBe(svg);
  });

  it('draws every bar as high as its count', () => {
    const heights = [...svg.matchAll(/<path d="M(\S+) (\S+)l(\S+) 0l0 (\S+)l\S+ 0Z"[^>]* fill="#(?:0072b2|a6cee8)"/g)];
    expect(heights.length).toBe(5);
  });
});
