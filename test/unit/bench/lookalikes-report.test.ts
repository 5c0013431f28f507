import { describe, expect, it } from 'vitest';
import { drawResults, summarize } from '../../../bench/lookalikes/report.js';

const run = (seconds: number, peakMiB: number | null = 100) => ({
  seconds,
  peakMiB,
  cpuSeconds: 2 * seconds,
  questionSeconds: 1,
  steps: { read: seconds / 2 },
  customers: 10,
});
const series = [
  { contender: { key: 'segmenta', name: 'ours' }, runs: [run(10, 50), run(40, 50), run(12, 50)] },
  { contender: { key: 'openpyxl', name: 'pandas' }, runs: [run(20), run(80), run(6)] },
  { contender: { key: 'calamine', name: 'never ran' }, runs: [] },
];

describe('the results of the bench of lookalikes', () => {
  it('are medians, and ratios of the same rounds', () => {
    expect(summarize(series)).toMatchObject([
      { key: 'segmenta', rounds: 3, seconds: 12, peakMiB: 50, ours: null, steps: { read: 6 } },
      { key: 'openpyxl', rounds: 3, seconds: 20, peakMiB: 100, ours: { seconds: 0.5, peakMiB: 0.5, cpuSeconds: 0.5 } },
    ]);
  });

  it('have no memory where the system does not tell', () => {
    const untold = [{ contender: { key: 'openpyxl', name: 'pandas' }, runs: [run(20, null)] }];
    expect(summarize(untold)).toMatchObject([{ peakMiB: null, ours: null }]);
  });

  it('say who is absent, and why', () => {
    expect(drawResults(summarize(series), { 'never ran': 'no Python' })).toContain('ABSENT: never ran: no Python');
  });
});
