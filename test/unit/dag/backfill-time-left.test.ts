import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { initialBackfill } from '../../../dag/backfill-state.js';
import type { BackfillState, DateState } from '../../../dag/backfill-state.js';
import { roughly, timeLeft } from '../../../dag/backfill-time-left.js';
import { addDays } from '../../../dag/calendar-date.js';

const NOW = 1_000_000;

const backfill = (maxRuns: number, dates: readonly DateState[]): BackfillState => ({
  ...initialBackfill('shop/2017', { dag: 'shop', dates: [], refused: {}, maxRuns }),
  dates: Object.fromEntries(dates.map((date, at) => [addDays('2017-03-06', at), date])),
});

const took = (ms: number, endedAt = NOW): DateState => ({ state: 'success', startedAt: endedAt - ms, endedAt });
const running = (since: number): DateState => ({ state: 'running', startedAt: NOW - since });
const waiting: DateState = { state: 'waiting' };

describe('the time left', () => {
  it('is that of the dates that wait and run, by the mean of those that ended, over the places', () => {
    expect(timeLeft(backfill(1, [took(100), took(300), waiting, waiting, waiting]), NOW)).toBe(600);
    expect(timeLeft(backfill(2, [took(100), took(300), running(150), running(100), waiting, waiting]), NOW)).toBe(275);
  });

  it('is no less than one date takes while one waits, whatever the places', () => {
    expect(timeLeft(backfill(50, [took(200), waiting]), NOW)).toBe(200);
    expect(timeLeft(backfill(50, [took(200), waiting, waiting, waiting]), NOW)).toBe(200);
  });

  it('goes by the newest dates: what was cached before says nothing of what is computed now', () => {
    const cached = Array.from({ length: 100 }, (_, at): DateState => ({
      ...took(1, NOW - 100_000 + at),
      state: 'cached',
    }));
    const computed = Array.from({ length: 20 }, (_, at) => took(500, NOW - at));
    expect(timeLeft(backfill(1, [...cached, ...computed, waiting]), NOW)).toBe(500);
    expect(timeLeft(backfill(1, [...computed, ...cached, waiting]), NOW)).toBe(500);
  });

  it('is unknown before a date has ended, while the backfill is paused, and once it is cancelled', () => {
    expect(timeLeft(backfill(1, [running(5), waiting]), NOW)).toBeUndefined();
    expect(timeLeft({ ...backfill(1, [took(5), waiting]), paused: true }, NOW)).toBeUndefined();
    expect(timeLeft({ ...backfill(1, [took(5), waiting]), stopped: 'cancelling' }, NOW)).toBeUndefined();
  });

  it('is nothing where nothing is left, and grows with what waits', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 5_000 }), { minLength: 1, maxLength: 50 }),
        fc.nat(30),
        fc.integer({ min: 1, max: 10 }),
        (lengths, count, maxRuns) => {
          const ended = lengths.map((length) => took(length));
          const left = (waits: number): number | undefined =>
            timeLeft(backfill(maxRuns, [...ended, ...Array.from({ length: waits }, () => waiting)]), NOW);
          expect(left(0)).toBe(0);
          expect(left(count + 1) ?? 0).toBeGreaterThanOrEqual(left(count) ?? 0);
          expect(left(count + 1) ?? 0).toBeGreaterThan(0);
        },
      ),
    );
  });

  it.each([
    [400, 'about 1 s'],
    [59_000, 'about 59 s'],
    [150_000, 'about 3 min'],
    [9_000_000, 'about 2.5 h'],
  ])('%i ms reads as %s', (ms, text) => {
    expect(roughly(ms)).toBe(text);
  });
});
