import { describe, expect, it } from 'vitest';
import { heldOutRanks, rocArea } from '../../../kernels/held-out-ranks.js';

describe('held-out scores', () => {
  it('stand where they are among everyone, each of the sample counted with whom it stands for', () => {
    // Everyone: 2 held out and 2 x 4 others. Above 0.5: nobody but itself (counted half). Above 0.2: 0.5, and 0.3 for four.
    const ranks = heldOutRanks({
      heldOut: Float64Array.of(0.5, 0.2),
      others: Float64Array.of(0.3, 0.1),
      otherWeight: 4,
    });
    expect([...ranks]).toEqual([0.5 / 10, (1 + 4 + 0.5) / 10]);
  });

  it('give the area under the curve: how often one is above another, equal ones counted half', () => {
    expect(rocArea(Float64Array.of(3, 1), Float64Array.of(2, 1, 0))).toBe((3 + 1.5) / 6);
    expect(rocArea(Float64Array.of(1, 1), Float64Array.of(1, 1))).toBe(0.5);
    expect(rocArea(Float64Array.of(9), Float64Array.of(1, 2))).toBe(1);
  });
});
