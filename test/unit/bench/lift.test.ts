import { describe, expect, it } from 'vitest';
import { bestFirst, liftAt } from '../../../bench/audience/lift.js';
import type { Candidate } from '../../../bench/audience/lift.js';
import { compareLifts } from '../../../bench/audience/paired-bootstrap.js';

const candidates = (...said: readonly (readonly [number, boolean])[]): readonly Candidate[] =>
  said.map(([score, outcome], i) => ({ id: String(i), scores: [score, -score], outcome }));

const five = candidates([9, true], [7, true], [7, false], [3, true], [1, false]);
const lift = (share: number, way = 0, times = (): number => 1): number =>
  liftAt(five, bestFirst(five, way), way, share, times);

describe('lift', () => {
  it('is the rate among the best over that among all', () => {
    expect(lift(0.2)).toBeCloseTo(1 / (3 / 5), 12);
    expect(lift(1)).toBeCloseTo(1, 12);
    expect(lift(0.4, 1)).toBeCloseTo(0.5 / 0.6, 12);
  });

  it('counts those that are equal at the border with their share', () => {
    // One of the two at 7 fits: half of its outcome.
    expect(lift(0.4)).toBeCloseTo(1.5 / 2 / (3 / 5), 12);
  });

  it('counts who is drawn twice twice', () => {
    const times = (at: number): number => [2, 0, 0, 1, 2][at] ?? 0;
    expect(liftAt(five, bestFirst(five, 0), 0, 0.4, times)).toBeCloseTo(1 / (3 / 5), 12);
  });

  it('has intervals around the estimate; a way is never ahead of itself', () => {
    const many = Array.from({ length: 400 }, (_, i) => ({
      id: `h${i}`,
      scores: [i, (i * 7919) % 400],
      outcome: i % 3 === 0 || i > 330,
    }));
    const { lifts, ahead } = compareLifts([many, many], { share: 0.1, draws: 200, seed: 1 });
    expect(ahead[0]).toEqual({ estimate: 0, low: 0, high: 0 });
    for (const { estimate, low, high } of [...lifts, ahead[1] ?? { estimate: 0, low: 1, high: 0 }]) {
      expect(low).toBeLessThan(estimate);
      expect(high).toBeGreaterThan(estimate);
    }
    expect(ahead[1]?.low).toBeGreaterThan(0);
  });
});
