import { describe, expect, it } from 'vitest';
import { orderCandidates, standings } from '../../../../customers/audience/order-candidates.js';
import { pickMembers } from '../../../../customers/audience/pick-members.js';

const standing = {
  score: Float64Array.of(0.2, 0.9, 0.5, 0.5, 0.5),
  distance: Float64Array.of(1, 9, 3, 2, 3),
};
const everyone = (): boolean => true;

describe('candidates', () => {
  it('are ordered by score, then by distance, then as they come', () => {
    expect([...orderCandidates(standing)]).toEqual([1, 3, 2, 4, 0]);
  });

  it('stand equal only where score and distance are', () => {
    expect([...standings(standing)]).toEqual([-3, 0, -2, -1, -2]);
  });
});

describe('pickMembers', () => {
  it('takes the best, with positions and the share of all who do not stand above', () => {
    expect(pickMembers(standing, everyone, { size: 2 })).toEqual([
      { at: 1, position: 1, percentile: 1 },
      { at: 3, position: 2, percentile: 0.8 },
    ]);
  });

  it('leaves out who may not be in it, and says percentiles among all', () => {
    expect(pickMembers(standing, (at) => at !== 1 && at !== 2, { size: 9 })).toEqual([
      { at: 3, position: 1, percentile: 0.8 },
      { at: 4, position: 2, percentile: 0.4 },
      { at: 0, position: 3, percentile: 0.2 },
    ]);
  });

  it.each([
    [{ reach: 0.4 }, everyone, 2],
    [{ reach: 0.41 }, everyone, 3],
    [{ reach: 0.5 }, (at: number) => at !== 1, 2],
    [{ reach: 1 }, everyone, 5],
    [{ minSimilarity: 0.8 }, everyone, 2],
    [{ minSimilarity: 0.8 }, (at: number) => at !== 1, 1],
    [{ minSimilarity: 0 }, everyone, 5],
    [{ size: 99 }, everyone, 5],
  ])('%j', (wanted, allowed, members) => {
    expect(pickMembers(standing, allowed, wanted)).toHaveLength(members);
  });

  it('is not misled by the rounding of a product', () => {
    const hundred = { score: new Float64Array(100), distance: new Float64Array(100) };
    expect(0.07 * 100).toBeGreaterThan(7);
    expect(pickMembers(hundred, everyone, { reach: 0.07 })).toHaveLength(7);
  });
});
