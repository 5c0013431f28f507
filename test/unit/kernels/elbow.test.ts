import { describe, expect, it } from 'vitest';
import { type ClusteringScore, chooseK, findElbow } from '../../../kernels/elbow.js';

describe('findElbow', () => {
  it('finds where a curve of inertia bends', () => {
    // Scaled: k 0, .25, .5, .75, 1 and fallen 0, .7, .9, .95, 1. Differences: 0, .45, .4, .2, 0. The highest counts
    // because the last is more than a step of .25 below it.
    expect(findElbow([1, 2, 3, 4, 5], [100, 30, 10, 5, 0])).toBe(2);
    // Fallen 0, .5, .9, .95, 1: differences 0, .25, .4, .2, 0.
    expect(findElbow([1, 2, 3, 4, 5], [100, 50, 10, 5, 0])).toBe(3);
  });

  it('does not depend on the scale of the inertia', () => {
    expect(findElbow([1, 2, 3, 4, 5], [1100, 1030, 1010, 1005, 1000])).toBe(2);
    expect(findElbow([1, 2, 3, 4, 5], [1e9, 3e8, 1e8, 5e7, 0])).toBe(2);
  });

  it('minds the distance between ks', () => {
    // Scaled: k 0, .1, .2, 1 and fallen 0, .3, .8, 1. Differences: 0, .2, .6, 0, with a mean step of 1/3.
    expect(findElbow([2, 3, 4, 12], [10, 7, 2, 0])).toBe(4);
  });

  it('finds none in a straight line, a flat one, or one that bends the other way', () => {
    expect(findElbow([1, 2, 3, 4], [9, 6, 3, 0])).toBeNull();
    expect(findElbow([1, 2, 3, 4], [5, 5, 5, 5])).toBeNull();
    expect(findElbow([1, 2, 3, 4], [10, 9, 7, 0])).toBeNull();
  });

  it('finds none where the bend is less than a step', () => {
    // Differences 0, .2, .1, 0: none is more than a third below .2.
    expect(findElbow([0, 1, 2, 3], [30, 14, 7, 0])).toBeNull();
  });

  it('finds none in fewer than three points', () => {
    expect(findElbow([4], [10])).toBeNull();
    expect(findElbow([4, 5], [10, 0])).toBeNull();
  });

  it('takes the highest of several bends, the first of equal ones', () => {
    // Fallen 0, .5, .5, .5, .5, .5, 1, 1, 1 ... over eleven points: the bends at 1 and 6 both differ by .4.
    expect(findElbow([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10], [10, 5, 5, 5, 5, 5, 0, 0, 0, 0, 0])).toBe(1);
    // The second bend is higher: fallen .4 at 1, all at 6.
    expect(findElbow([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10], [10, 6, 6, 6, 6, 6, 0, 0, 0, 0, 0])).toBe(6);
  });

  it('refuses a curve that is none', () => {
    expect(() => findElbow([1, 2], [1])).toThrow(new RangeError('Expected one inertia for each of 2 ks, got 1'));
    expect(() => findElbow([2, 1], [1, 1])).toThrow(new RangeError('Expected ks to ascend, got 1 after 2'));
    expect(() => findElbow([1, 2], [1, Number.NaN])).toThrow(
      new RangeError('Expected a finite inertia for k 2, got NaN'),
    );
  });
});

/** Clusterings whose inertia falls in a straight line, from k 2. */
function straight(silhouettes: (number | null)[]): ClusteringScore[] {
  return silhouettes.map((silhouette, i) => ({ k: i + 2, inertia: 30 - 10 * i, silhouette }));
}

describe('chooseK', () => {
  it('takes the elbow, whatever the silhouettes are', () => {
    const inertias = [100, 30, 10, 5, 0];
    expect(chooseK(inertias.map((inertia, i) => ({ k: i + 1, inertia, silhouette: i / 10 })))).toBe(2);
  });

  it('takes the highest silhouette where there is no elbow, the lowest k of equal ones', () => {
    expect(chooseK(straight([0.1, 0.3, 0.3, 0.2]))).toBe(3);
    expect(chooseK(straight([null, -0.5, -0.3, null]))).toBe(4);
  });

  it('takes the lowest k where no silhouette is defined', () => {
    expect(chooseK(straight([null, null, null]))).toBe(2);
  });

  it('takes the k that is alone, and refuses to choose from none', () => {
    expect(chooseK([{ k: 7, inertia: 3, silhouette: null }])).toBe(7);
    expect(() => chooseK([])).toThrow(new RangeError('Expected at least one clustering to choose from, got none'));
  });
});
