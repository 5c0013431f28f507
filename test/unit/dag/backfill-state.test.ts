import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { actOnBackfill, backfillRefusal } from '../../../dag/backfill-control.js';
import type { BackfillAction } from '../../../dag/backfill-control.js';
import {
  backfillHeadline,
  backfillOutcome,
  countDates,
  countsLine,
  datesIn,
  initialBackfill,
  isOver,
  nextDates,
  withDate,
} from '../../../dag/backfill-state.js';
import type { BackfillState, DateStateName } from '../../../dag/backfill-state.js';
import { addDays } from '../../../dag/calendar-date.js';

const datesFrom = (count: number): readonly string[] =>
  Array.from({ length: count }, (_, at) => addDays('2017-03-06', at * 7));

const backfill = (count: number, maxRuns = 2): BackfillState =>
  initialBackfill('shop/2017', { dag: 'shop', dates: datesFrom(count), refused: {}, maxRuns });

/** Every date's state, given in the order of the dates. */
const standing = (...states: readonly DateStateName[]): BackfillState =>
  states.reduce(
    (state, name, at) => withDate(state, datesFrom(states.length)[at] ?? '', { state: name }),
    backfill(states.length),
  );

const EVA = { who: 'Eva', why: 'a test', at: 5 };

/** What happens to a backfill: a look for dates to start, an end of a run, a hold, an action of an operator. */
type Happening =
  | { readonly is: 'start' }
  | { readonly is: 'end'; readonly which: number; readonly as: 'success' | 'cached' | 'failed' | 'cancelled' }
  | { readonly is: 'hold' | 'release'; readonly which: number }
  | { readonly is: 'act'; readonly action: BackfillAction };

const happening: fc.Arbitrary<Happening> = fc.oneof(
  { weight: 4, arbitrary: fc.constant({ is: 'start' } as const) },
  {
    weight: 4,
    arbitrary: fc.record({
      is: fc.constant('end' as const),
      which: fc.nat(20),
      as: fc.constantFrom('success', 'cached', 'failed', 'cancelled'),
    }),
  },
  { weight: 2, arbitrary: fc.record({ is: fc.constantFrom('hold', 'release'), which: fc.nat(20) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      is: fc.constant('act' as const),
      action: fc.oneof(
        fc.constantFrom<BackfillAction>({ do: 'pause' }, { do: 'resume' }),
        fc.record({ do: fc.constant('resize' as const), maxRuns: fc.integer({ min: 0, max: 6 }) }),
      ),
    }),
  },
);

const picked = (fechas: readonly string[], which: number): string | undefined => fechas[which % fechas.length];

/** The state after it, and the dates that it started. */
function after(
  state: BackfillState,
  what: Happening,
): { readonly state: BackfillState; readonly started: readonly string[] } {
  if (what.is === 'start') {
    const started = nextDates(state);
    return { state: started.reduce((now, fecha) => withDate(now, fecha, { state: 'running' }), state), started };
  }
  if (what.is === 'act') {
    if (backfillRefusal(state, what.action) !== undefined) return { state, started: [] };
    return { state: actOnBackfill(state, what.action, EVA), started: [] };
  }
  const from = { end: ['running', 'held'], hold: ['running'], release: ['held'] } as const;
  const fecha = picked(datesIn(state, ...from[what.is]), what.which);
  if (fecha === undefined) return { state, started: [] };
  const to = what.is === 'end' ? what.as : what.is === 'hold' ? 'held' : 'running';
  return { state: withDate(state, fecha, { state: to }), started: [] };
}

describe('whatever happens to a backfill', () => {
  it('no date starts twice, none before its turn, none beyond the places, and every date ends', () => {
    fc.assert(
      fc.property(
        fc.nat(12),
        fc.integer({ min: 1, max: 5 }),
        fc.array(happening, { maxLength: 60 }),
        (count, maxRuns, happenings) => {
          let state = backfill(count, maxRuns);
          const started: string[] = [];
          const happen = (what: Happening): void => {
            const next = after(state, what);
            if (next.started.length > 0) {
              expect(datesIn(next.state, 'running').length).toBeLessThanOrEqual(state.maxRuns);
              expect(state.paused).toBe(false);
            }
            started.push(...next.started);
            state = next.state;
            expect(Object.values(countDates(state)).reduce((sum, n) => sum + n, 0)).toBe(count);
            expect(state.maxRuns).toBeGreaterThan(0);
          };
          for (const what of happenings) happen(what);
          if (state.paused) happen({ is: 'act', action: { do: 'resume' } });
          for (let step = 0; !isOver(state); step += 1) {
            expect(step).toBeLessThan(100);
            happen({ is: 'start' });
            happen({ is: 'end', which: 0, as: 'success' });
          }
          expect(started).toEqual(datesFrom(count));
          expect(datesIn(state, 'waiting', 'running', 'held')).toEqual([]);
        },
      ),
    );
  });
});

describe('the places of a backfill', () => {
  it('are taken by dates that run, and not by those that are held', () => {
    const [one, two, three] = datesFrom(5);
    expect(nextDates(backfill(5))).toEqual([one, two]);
    expect(nextDates(standing('running', 'running', 'waiting'))).toEqual([]);
    expect(nextDates(standing('held', 'running', 'waiting', 'waiting'))).toEqual([three]);
    // One that was released takes a place again: nothing starts until there is one.
    expect(nextDates(standing('running', 'running', 'running', 'waiting'))).toEqual([]);
  });

  it('go in the order in which the plan has the dates', () => {
    const dates = datesFrom(4).toReversed();
    const plan = { dag: 'shop', dates, refused: { '2017-01-01': 'no' }, maxRuns: 3 };
    expect(nextDates(initialBackfill('shop/x', plan))).toEqual(dates.slice(0, 3));
  });
});

describe('a backfill that is cancelled', () => {
  const cancel = { do: 'cancel', keepRunning: false } as const;

  it('starts nothing more, and waits for the runs that it started', () => {
    const state = actOnBackfill(standing('success', 'running', 'waiting'), cancel, EVA);
    expect(datesIn(state, 'cancelled')).toEqual(datesFrom(3).slice(2));
    expect([nextDates(state), isOver(state)]).toEqual([[], false]);
    const ended = withDate(state, datesFrom(3)[1] ?? '', { state: 'cancelled' });
    expect([isOver(ended), backfillOutcome(ended)]).toEqual([true, 'cancelled']);
  });

  it('does not wait for runs of others', () => {
    const joined = withDate(standing('success'), '2017-03-13', { state: 'running', joined: true });
    expect(isOver(actOnBackfill(joined, cancel, EVA))).toBe(true);
  });

  it('does not wait for what is kept running, also where that is said later', () => {
    const keep = { do: 'cancel', keepRunning: true } as const;
    expect(isOver(actOnBackfill(standing('running', 'waiting'), keep, EVA))).toBe(true);
    const cancelling = actOnBackfill(standing('running'), cancel, EVA);
    expect(backfillRefusal(cancelling, cancel)).toBe('it is being cancelled');
    expect(backfillRefusal(cancelling, { do: 'pause' })).toBe('it is being cancelled');
    expect(backfillRefusal(cancelling, keep)).toBeUndefined();
    const { audit, ...left } = actOnBackfill(cancelling, keep, EVA);
    expect(isOver({ ...left, audit })).toBe(true);
    expect(audit.map(({ action }) => action)).toEqual(['cancel', 'cancel, keeping what runs']);
  });
});

describe('what is told of a backfill', () => {
  it('counts its dates, what is done first', () => {
    expect(countsLine(standing('waiting', 'running', 'success', 'held', 'success', 'cached', 'failed'))).toBe(
      '7 dates: 2 success, 1 cached, 1 failed, 1 held, 1 running, 1 waiting',
    );
    expect(countsLine(backfill(1))).toBe('1 date: 1 waiting');
  });

  it('is a headline of the dates that failed, of many the first, with why', () => {
    const dates = datesFrom(6);
    const failed = dates
      .slice(0, 5)
      .reduce(
        (state, fecha) => withDate(state, fecha, { state: 'failed', error: { type: 'T', message: 'no rows' } }),
        backfill(6),
      );
    expect(backfillHeadline(failed)).toBe(
      `5 of 6 dates failed: ${dates
        .slice(0, 3)
        .map((fecha) => `${fecha} (no rows)`)
        .join(', ')} and 2 more`,
    );
    expect(backfillHeadline(standing('cancelled', 'success'))).toBe('1 of 2 dates were cancelled: 2017-03-06');
    expect(backfillHeadline(standing('success'))).toBe('');
  });

  it.each([
    ['success', ['success', 'cached', 'refused']],
    ['failed', ['success', 'failed']],
    ['failed', ['success', 'cancelled']],
  ] as const)('is %s after %j', (outcome, states) => {
    expect(backfillOutcome(standing(...states))).toBe(outcome);
  });
});
