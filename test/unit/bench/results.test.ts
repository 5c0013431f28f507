import { describe, expect, it } from 'vitest';
import { judgeTargets, median, summarize } from '../../../bench/orchestrator/results.js';
import type { Series } from '../../../bench/orchestrator/rounds.js';

const NAMES = { segmenta: 'Segmenta', temporal: 'plain Temporal', dagster: 'Dagster' };

const chain = (key: string, seconds: Series['seconds']): Series => ({ key, workload: 'chain', seconds });

describe('median', () => {
  it('is the middle value, or between the middle two', () => {
    expect(median([9, 1, 3])).toBe(3);
    expect(median([9, 1, 3, 4])).toBe(3.5);
  });
});

describe('summarize', () => {
  it('compares with plain Temporal round by round, so that a slow round of both weighs nothing', () => {
    const results = summarize([chain('temporal', [1, 10, 1]), chain('segmenta', [1.2, 12, 1.2])], NAMES);
    expect(results.find(({ key }) => key === 'segmenta')?.ratio).toBeCloseTo(1.2);
  });

  it('lists the fastest first, counts the rounds that were run, and leaves out who ran none', () => {
    const series = [chain('dagster', [5, undefined, 7]), chain('temporal', [1, 2, 3]), chain('segmenta', [undefined])];
    expect(summarize(series, NAMES).map(({ name, seconds, min, max }) => [name, seconds.length, min, max])).toEqual([
      ['plain Temporal', 3, 1, 3],
      ['Dagster', 2, 5, 7],
    ]);
  });

  it('has no ratio without plain Temporal', () => {
    expect(summarize([chain('segmenta', [1])], NAMES)[0]?.ratio).toBeNull();
  });
});

describe('judgeTargets', () => {
  it('asks for 1.3 times plain Temporal at most, and to be ahead of the peers that ran', () => {
    const judge = (ours: number) =>
      judgeTargets(summarize([chain('temporal', [1]), chain('segmenta', [ours]), chain('dagster', [1.4])], NAMES));
    expect(judge(1.3).map(({ met }) => met)).toEqual([true, true]);
    expect(judge(1.39).map(({ met }) => met)).toEqual([false, true]);
    expect(judge(1.4).map(({ met }) => met)).toEqual([false, false]);
  });
});
