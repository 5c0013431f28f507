import { describe, expect, it } from 'vitest';
import { reportLines } from '../../../cli/gc-command.js';
import type { GcReport } from '../../../lake/gc/gc-report.js';

const REPORT: GcReport = {
  lake: 'file:///lake',
  dryRun: false,
  found: { 'artifacts/features': { objects: 3, bytes: 3_500_000 }, cache: { objects: 1, bytes: 40 } },
  kept: { 'artifacts/features': { 'named by a run': { objects: 1, bytes: 1_500_000 } } },
  removed: [{ key: 'cache/t/a.json', kind: 'cache', bytes: 40, why: 'what it names is gone' }],
  condemned: [
    { key: 'artifacts/features/a', kind: 'artifacts/features', bytes: 1_000_000, why: '' },
    { key: 'artifacts/features/b', kind: 'artifacts/features', bytes: 1_000_000, why: '' },
  ],
  waiting: [],
  due: '2026-11-22T00:00:00.000Z',
  left: 0,
};

/** Cells of a row of the table. */
const row = (lines: readonly string[], name: string): readonly string[] | undefined =>
  lines
    .join('\n')
    .split('\n')
    .map((line) => line.split('│').map((cell) => cell.trim()))
    .find(([, first]) => first === name)
    ?.slice(2, -1);

describe('what gc says', () => {
  it('is what became of each kind, with bytes, and when the rest may go', () => {
    const lines = reportLines(REPORT, '90 days', '1 day');
    expect(row(lines, 'artifacts/features')).toEqual(['3 (3.5 MB)', '', '2 (2.0 MB)', '']);
    expect(row(lines, 'cache')).toEqual(['1 (40 B)', '1 (40 B)', '', '']);
    expect(row(lines, 'all')).toEqual(['', '1 (40 B)', '2 (2.0 MB)', '']);
    expect(lines.slice(2)).toEqual([
      'stays: named by a run 1 (1.5 MB)',
      'what is condemned may go from 2026-11-22T00:00:00.000Z on, unless a run uses it before: run gc again then',
    ]);
  });

  it('is in the conditional in a dry run, and says when one gc is not enough', () => {
    const lines = reportLines({ ...REPORT, dryRun: true, left: 1_200 }, '90 days', '1 day');
    expect(lines[1]).toContain('would condemn');
    expect(lines.at(-1)).toBe('1,200 more objects are unused: the next gc goes on with them');
  });
});
