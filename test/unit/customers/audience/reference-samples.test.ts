import { describe, expect, it } from 'vitest';
import { expectedFigures } from '../../../../customers/audience/expected-figures.js';
import { referenceSamples } from '../../../../customers/audience/reference-samples.js';

const rows = (from: number, to: number): Int32Array => Int32Array.from({ length: to - from }, (_, i) => from + i);

describe('referenceSamples', () => {
  it('holds every seed out once, and never compares it with itself', () => {
    const { reference, folds } = referenceSamples(rows(0, 53), rows(53, 400), 1);
    expect([...reference.seeds]).toEqual([...rows(0, 53)]);
    expect(reference.background).toHaveLength(347);
    expect(folds.flatMap(({ heldOut }) => [...heldOut]).toSorted((a, b) => a - b)).toEqual([...rows(0, 53)]);
    for (const { heldOut, reference: from } of folds) {
      expect(heldOut.length + from.seeds.length).toBe(53);
      expect([10, 11]).toContain(heldOut.length);
      expect(from.seeds.some((row) => heldOut.includes(row))).toBe(false);
    }
  });

  it('bounds whom it compares with, and says whom one of them stands for', () => {
    const { reference, folds } = referenceSamples(rows(0, 20_000), rows(20_000, 120_000), 1);
    expect([reference.seeds.length, reference.background.length]).toEqual([1500, 3000]);
    const [fold] = folds;
    expect([fold?.heldOut.length, fold?.probes.length, fold?.reference.seeds.length]).toEqual([400, 1000, 1500]);
    // 100 others for one probe, 10 seeds of the fold for one that is held out.
    expect(fold?.probeWeight).toBe(10);
  });

  it('is the same for the same seed, and another for another', () => {
    const draw = (seed: number) => referenceSamples(rows(0, 2000), rows(2000, 9000), seed);
    expect(draw(5)).toEqual(draw(5));
    expect(draw(5).reference.background).not.toEqual(draw(6).reference.background);
  });

  it('holds none out of under ten', () => {
    expect(referenceSamples(rows(0, 9), rows(9, 99), 1).folds).toEqual([]);
    expect(referenceSamples(rows(0, 10), rows(10, 99), 1).folds).toHaveLength(5);
  });
});

describe('expectedFigures', () => {
  it('is the share of held-out seeds within a size, and how much more that is than the size', () => {
    const ranks = [0.005, 0.03, 0.04, 0.09, 0.15, 0.6, 0.7, 0.8, 0.9, 0.95];
    const figures = new Map(expectedFigures(ranks).map(({ size, ...figure }) => [size, figure]));
    expect(figures.get(0.01)).toEqual({ recall: 0.1, lift: 10 });
    expect(figures.get(0.1)).toEqual({ recall: 0.4, lift: 4 });
    expect(figures.get(0.5)).toEqual({ recall: 0.5, lift: 1 });
    expect(expectedFigures([])).toEqual([]);
  });
});
