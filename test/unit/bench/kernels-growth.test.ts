import { describe, expect, it } from 'vitest';
import { growthLines } from '../../../bench/kernels/growth.js';
import type { RowResult } from '../../../bench/kernels/measure-row.js';

const ours = { name: 'ours', ratio: null, atLeast: null, memoryRatio: null, memoryAtMost: null, agreement: null };

const at = (millions: number, seconds: number, peakMiB: number | null = 900): RowResult => ({
  group: 'growth',
  title: `features of ${millions}M`,
  sides: [{ ...ours, seconds: [seconds, seconds * 2, seconds / 2], peakMiB, failure: null }],
  size: { work: 'features', millions, memoryAtMostMiB: 1_000 },
  plain: null,
  notes: [],
  absent: null,
});

describe('the growth of a work', () => {
  it('is time by rows, from the median of each size, smallest first', () => {
    expect(growthLines([at(5, 10), at(1, 2)])).toEqual([
      '- GROWTH: features: 1M rows 2.00 s a million, 900 MiB; 5M rows 2.00 s a million, 900 MiB; ' +
        'time by rows grows by 0 % at most from one size to the next: reached; at most 1000 MiB: reached',
    ]);
  });

  it('is missed where one step of several grows by more than the tolerance', () => {
    const [line] = growthLines([at(1, 1), at(5, 6), at(25, 20)]);
    expect(line).toContain('grows by 20 % at most from one size to the next: MISSED');
  });

  it('is reached where a busy machine adds a little', () => {
    const [line] = growthLines([at(1, 1), at(5, 5.6)]);
    expect(line).toContain('grows by 12 % at most from one size to the next: reached');
  });

  it('judges the memory of the largest size', () => {
    expect(growthLines([at(5, 5, 1_200), at(1, 1)])[0]).toMatch(/at most 1000 MiB: MISSED$/);
    expect(growthLines([at(5, 5, 800), at(1, 1, 1_200)])[0]).toMatch(/at most 1000 MiB: reached$/);
  });

  it('says nothing of a single size, of absent rows, and of works without sizes', () => {
    expect(growthLines([at(1, 1, null)])).toEqual(['- GROWTH: features: 1M rows 1.00 s a million']);
    const { size: _, ...plain } = at(1, 1);
    expect(growthLines([plain, { ...at(5, 5), sides: [], absent: 'no room' }])).toEqual([]);
  });
});
