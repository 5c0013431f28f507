import { describe, expect, it } from 'vitest';
import { initialBackfill, withDate } from '../../../dag/backfill-state.js';
import type { BackfillState, DateState } from '../../../dag/backfill-state.js';
import { addDays } from '../../../dag/calendar-date.js';
import { drawBackfill } from '../../../dag/draw-backfill.js';

const dates = (count: number): readonly string[] =>
  Array.from({ length: count }, (_, at) => addDays('2017-03-06', at * 7));

const backfill = (states: readonly DateState[]): BackfillState =>
  states.reduce(
    (state, date, at) => withDate(state, dates(states.length)[at] ?? '', date),
    initialBackfill('shop/2017', { dag: 'shop', dates: dates(states.length), refused: {}, maxRuns: 4 }),
  );

const rows = (markdown: string): readonly string[] =>
  markdown
    .split('\n')
    .filter((line) => line.startsWith('| 2'))
    .map((line) => line.replaceAll(/\u00A0+/g, ' ').replaceAll(/\s+/g, ' '));

describe('drawBackfill', () => {
  it('has the figures, why dates failed, and a row a date', () => {
    const markdown = drawBackfill(
      backfill([
        { state: 'success', startedAt: 0, endedAt: 12_340, computed: 7 },
        { state: 'cached', startedAt: 0, endedAt: 1_000, joined: true },
        { state: 'failed', startedAt: 0, endedAt: 2_000, error: { type: 'BadInput', message: 'no `dni` in *.csv' } },
        { state: 'waiting' },
      ]),
      20_000,
    );
    expect(markdown.split('\n')[0]).toBe(
      '**4 dates: 1 success, 1 cached, 1 failed, 1 waiting**, about 6 s left; 4 at once',
    );
    expect(markdown).toContain(String.raw`1 of 4 dates failed: 2017-03-20 (no \`dni\` in \*.csv)`);
    expect(rows(markdown)).toEqual([
      '| 2017-03-06 | ✅ success | 12.3 s | 7 computed |',
      "| 2017-03-13 | ♻️ cached | 1.0 s | another's run |",
      String.raw`| 2017-03-20 | ❌ **failed** | 2.0 s | no \`dni\` in \*.csv |`,
      '| 2017-03-27 | ⏳ waiting | | |',
    ]);
  });

  it('of many dates shows what is held, failed and at work, and says how many more there are', () => {
    const done = Array.from({ length: 200 }, (): DateState => ({ state: 'success', startedAt: 0, endedAt: 1 }));
    const markdown = drawBackfill(backfill([...done, { state: 'running' }, { state: 'held' }]), 0);
    const shown = rows(markdown);
    expect(shown).toHaveLength(60);
    expect(shown[0]).toContain('held');
    expect(shown[1]).toContain('running');
    expect(markdown).toContain('142 more dates');
  });

  it('says that it is paused, and who did what', () => {
    const paused = { ...backfill([{ state: 'waiting' }]), paused: true };
    const markdown = drawBackfill({ ...paused, audit: [{ at: 0, who: 'ana', why: 'night', action: 'pause' }] }, 0);
    expect(markdown).toContain('⏸️ **Paused**');
    expect(markdown).toContain('- 1970-01-01 00:00 pause by ana: night');
  });
});
