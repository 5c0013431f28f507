import { describe, expect, it } from 'vitest';
import { judgeSize } from '../../../../customers/audience/judge-size.js';
import { overlaps } from '../../../../customers/audience/overlap.js';

describe('the size of an audience', () => {
  it.each([
    [undefined, 5000, 0.5],
    [100, 150, 0.5],
    [100, 50, 0.5],
    [0, 0, 0.5],
    [100, 100, 0],
  ])('may go from %s to %s within %s', (previous, now, maxChange) => {
    expect(judgeSize(previous, now, maxChange)).toBeUndefined();
  });

  it.each([
    [100, 151, 0.5, '151 clientes, antes 100 (+51 %; se admite ±50 %)'],
    [100, 49, 0.5, '49 clientes, antes 100 (-51 %; se admite ±50 %)'],
    [100, 0, 0.5, '0 clientes, antes 100 (-100 %; se admite ±50 %)'],
    [0, 1, 9, '1 clientes, antes 0 (estaba vacía)'],
    [1000, 1001, 0, '1001 clientes, antes 1000 (+0.1 %; se admite ±0 %)'],
  ])('has to be confirmed from %s to %s with %s', (previous, now, maxChange, reason) => {
    expect(judgeSize(previous, now, maxChange)).toBe(reason);
  });
});

describe('the overlap of audiences', () => {
  it('is who is in both, and their share of who is in either', () => {
    const others = new Map([
      ['b', ['2', '3', '4']],
      ['c', ['9']],
      ['d', []],
    ]);
    expect(overlaps(['1', '2', '3'], others)).toEqual([
      { audience: 'b', shared: 2, jaccard: 0.5 },
      { audience: 'c', shared: 0, jaccard: 0 },
      { audience: 'd', shared: 0, jaccard: 0 },
    ]);
    expect(overlaps([], new Map([['d', []]]))).toEqual([{ audience: 'd', shared: 0, jaccard: 0 }]);
  });
});
