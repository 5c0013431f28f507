import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { compareWays, evaluateDates } from '../../bench/audience/evaluate-dates.js';
import { WAYS } from '../../bench/audience/evaluate.js';
import { evaluationTables } from '../../bench/audience/evaluation-tables.js';
import { taskWorkspace } from '../support/single-tasks.js';
import { realData } from '../support/run-segmentation.js';

const folder = await realData('completejourney');

/** Cells apart from how the table is laid out. */
const cells = (line: string): string => line.replaceAll(/\s*\|\s*/g, '|').replaceAll(/ \([^)]*\)/g, '');

describe.skipIf(folder === undefined)('an audience of coupon redeemers', { timeout: 900_000 }, () => {
  it('redeems more often than the largest buyers, as the README says', async () => {
    const space = await taskWorkspace(2);
    try {
      const dates = await evaluateDates(space.deps, folder ?? '');
      const compared = compareWays(dates, 100);
      const { lifts, ahead } = compared.households;
      expect(ahead[WAYS.indexOf('spend')]?.estimate).toBeGreaterThan(0);
      expect(ahead[WAYS.indexOf('mean-distance')]?.low).toBeGreaterThan(0);
      expect(lifts[0]?.low).toBeGreaterThan(1);
      for (const { households, mailed, seeds } of dates) {
        expect(households.length).toBeGreaterThan(mailed.length);
        expect(seeds).toBeGreaterThan(200);
      }
      const readme = new Set((await readFile('README.md', 'utf8')).split('\n').map(cells));
      const figures = evaluationTables(dates, compared).filter((line) => /\d/.test(line));
      expect(figures.map(cells).filter((line) => !readme.has(line))).toEqual([]);
    } finally {
      await space.remove();
    }
  });
});
