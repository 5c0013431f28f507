import { describe, expect, it } from 'vitest';
import type { PairFeatures } from '../../../customers/pair-features.js';
import { pairFeatures, seenFrom } from '../../../customers/pair-features.js';
import { float32Matrix } from '../kernels/tables.js';

const features = ['a', 'b', 'c', 'd'].map((name, c) => ({ name, group: 'g', columns: [c], expected: 2 }));
const names = (shares: PairFeatures['all']): string[] => shares.map(({ feature }) => feature);

/** The features of the first row and the second, seen among all. */
function pairOf(rows: readonly (readonly number[])[], of = features): PairFeatures {
  const points = float32Matrix(rows);
  const sample = Int32Array.from(rows.keys());
  return pairFeatures(seenFrom(of, points, 0, sample), Float32Array.from(rows[1] ?? []));
}

describe('the features of a pair', () => {
  it('bring it together where it is more alike than a random pair, apart where its distance comes from', () => {
    const { all, together, apart } = pairOf([
      [0, 0, 0, 0],
      [0, 3, 1, 2],
      [2, 0, 2, 0],
    ]);
    expect(all.map(({ contribution }) => contribution)).toEqual([0, 9, 1, 4]);
    expect(names(together)).toEqual(['a', 'c']);
    expect(names(apart)).toEqual(['b', 'd']);
  });

  it('bring it together the more, the fewer others come as close', () => {
    const { all, together } = pairOf([
      [1, 1, 1, 1],
      [1, 1, 1.5, 1],
      [1, 0, 0, 0],
      [1, 1, 0, 0],
      [0, 0, 0, 0],
    ]);
    // Of the four others farther than the second: one in a, two in b, three in c and d.
    expect(all.map(({ closerThan }) => closerThan)).toEqual([0.25, 0.5, 0.75, 0.75]);
    expect(names(together)).toEqual(['c', 'd', 'b']);
  });

  it('all bring two equal points together', () => {
    const { together, apart } = pairOf([
      [1, 2, 3, 4],
      [1, 2, 3, 4],
    ]);
    expect(names(together)).toEqual(['a', 'b', 'c']);
    expect(apart).toEqual([]);
  });

  it('take the columns of a source as one', () => {
    const region = { name: 'region', group: 'g', columns: [0, 1], expected: 2 };
    const { all } = pairOf(
      [
        [1, 0],
        [0, 1],
      ],
      [region],
    );
    expect(all).toEqual([{ feature: 'region', contribution: 2, expected: 2, closerThan: 0 }]);
  });
});
