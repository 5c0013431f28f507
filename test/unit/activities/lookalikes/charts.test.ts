import { describe, expect, it } from 'vitest';
import { randomStream } from '../../../../kernels/random.js';
import { drawLiftCurve } from '../../../../activities/lookalikes/plots/lift-curve.js';
import { drawScatter } from '../../../../activities/lookalikes/plots/scatter.js';
import { expectWellFormed, textsOf } from './svg-texts.js';

const random = randomStream(7);
const cloud = (points: number, at: number) =>
  Array.from({ length: points }, () => [at + random.uniform(), random.uniform() + random.uniform()] as const);

const scatter = {
  title: 'Customers',
  xAxis: 'PC1 (31.2% of the variance)',
  yAxis: 'PC2 (14% of the variance)',
  rest: { name: 'other customers', points: cloud(4_700, 0) },
  marked: { name: 'VIP', points: [...cloud(299, 0.5), [1_000, 0] as const] },
  notes: ['A random sample of 5,000 of 100,000 customers.'],
};

describe('a scatter', () => {
  const svg = drawScatter(scatter);

  it('is a well-formed picture of half a megabyte at most, of 5,000 points', () => {
    expectWellFormed(svg);
    expect(svg.length).toBeLessThan(500_000);
  });

  it('names its axes and groups, and tells of the points that are too far off', () => {
    const texts = textsOf(svg);
    for (const text of [scatter.title, scatter.xAxis, scatter.yAxis, 'VIP', 'other customers', ...scatter.notes]) {
      expect(texts).toContain(text);
    }
    expect(texts).toContain('1 point lies outside and is not shown.');
    expect(texts.at(1)).toMatch(/other customers: 4700 points, 4700 shown; VIP: 300 points, 299 shown\.$/);
  });

  it('draws every point that it shows, one circle each', () => {
    const paths = [...svg.matchAll(/<path d="([^"]*)"[^>]* fill="#(8c8c8c|d55e00)"/g)];
    const circles = (colour: string): number[] =>
      paths.flatMap(([, path = '', fill]) => (fill === colour ? [(path.match(/M/g) ?? []).length] : []));
    // The legend has one of each colour.
    expect(circles('8c8c8c').toSorted((a, b) => a - b)).toEqual([1, 4_700]);
    expect(circles('d55e00').toSorted((a, b) => a - b)).toEqual([1, 299]);
  });

  it('has the same bytes whenever it is drawn', () => {
    drawScatter({ ...scatter, marked: null });
    expect(drawScatter(scatter)).toBe(svg);
  });

  it('does without marks, and with one point', () => {
    const alone = drawScatter({ ...scatter, rest: { name: 'customers', points: [[1, 1]] }, marked: null });
    expectWellFormed(alone);
    expect(alone).not.toContain('NaN');
  });

  it('draws two customers on a line, and no rounding across it', () => {
    const points = [[-2.2, -1e-16] as const, [2.2, 2e-16] as const];
    const two = drawScatter({ ...scatter, rest: { name: 'customers', points }, marked: null });
    expectWellFormed(two);
    expect(textsOf(two).filter((text) => text.startsWith('0.000'))).toEqual([]);
    expect(textsOf(two).filter((text) => text === '2')).toHaveLength(2);
  });
});

describe('a lift curve', () => {
  const curve = {
    title: 'Audience mejores',
    notes: ['From some of its 412 seeds.'],
    points: [0.01, 0.1, 0.5, 1].map((reach) => ({ reach, recall: Math.sqrt(reach), lift: Math.sqrt(reach) / reach })),
    chosen: 0.05,
  };
  const svg = drawLiftCurve(curve);

  it('is a well-formed picture, the same whenever it is drawn', () => {
    expectWellFormed(svg);
    drawLiftCurve({ ...curve, chosen: null });
    expect(drawLiftCurve(curve)).toBe(svg);
  });

  it('says recall and lift by size, beside a random choice', () => {
    const texts = textsOf(svg);
    expect(texts.at(1)).toBe(
      'Recall and lift by size: 1%: recall 10%, lift 10; 10%: recall 31.6%, lift 3.16; 50%: recall 70.7%, lift 1.41; 100%: recall 100%, lift 1.',
    );
    expect(texts).toEqual(expect.arrayContaining(['this audience', 'a random choice', 'chosen size', '10×', '100%']));
  });
});
