import { describe, expect, it } from 'vitest';
import { pairFeatures } from '../../../customers/pair-features.js';

const features = ['a', 'b', 'c', 'd'].map((name, c) => ({ name, group: 'g', columns: [c], expected: 2 }));
const names = (shares: readonly { readonly feature: string }[]): string[] => shares.map(({ feature }) => feature);

describe('the features of a pair', () => {
  it('bring it together where it is more alike than a random pair, apart where its distance comes from', () => {
    const { all, together, apart } = pairFeatures(features, Float32Array.of(0, 0, 0, 0), Float32Array.of(0, 3, 1, 2));
    expect(all.map(({ contribution }) => contribution)).toEqual([0, 9, 1, 4]);
    expect(names(together)).toEqual(['a', 'c']);
    expect(names(apart)).toEqual(['b', 'd']);
  });

  it('all bring two equal points together', () => {
    const { together, apart } = pairFeatures(features, new Float32Array(4), new Float32Array(4));
    expect(names(together)).toEqual(['a', 'b', 'c']);
    expect(apart).toEqual([]);
  });

  it('take the columns of a source as one', () => {
    const region = { name: 'region', group: 'g', columns: [0, 1], expected: 2 };
    const { all } = pairFeatures([region], Float32Array.of(1, 0), Float32Array.of(0, 1));
    expect(all).toEqual([{ feature: 'region', contribution: 2, expected: 2 }]);
  });
});
