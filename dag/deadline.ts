import { isCalendarDate } from './calendar-date.js';
import { milliseconds } from './duration.js';
import type { Duration } from './duration.js';

/**
 * When something about a date is due, in epoch milliseconds: `after` later than the start of `fecha` in a time zone.
 *
 *     deadlineOf('2026-11-16', '30 hours', 'America/Bogota'); // 2026-11-17T06:00 in Bogota
 *
 * Throws a RangeError for a date that does not exist, a zone that this machine does not know, or no duration.
 * The start of a date is the first moment at which clocks in the zone show it: midnight, and where clocks change
 *
 * - over midnight forwards (America/Sao_Paulo, 2018-11-04): the moment of the change, which then shows 01:00;
 * - back to or across midnight (America/Havana, 2024-11-03), so that it comes twice: the first one;
 * - across a whole date that the zone thus leaves out (Pacific/Apia, 2011-12-30): the moment of the change.
 *
 * So a later date never starts earlier. `after` is time that passes, not time on the clock: where clocks change on that
 * date, `'6 hours'` is not 06:00.
 */
export function deadlineOf(fecha: string, after: Duration, timeZone: string): number {
  return startOfDate(fecha, timeZone) + milliseconds(after);
}

const DAY = milliseconds('1 day');

/**
 * No zone is a whole day off UTC, so the date starts within a day of its midnight in UTC. No zone ever changed its
 * clocks twice within those two days, so there is at most one change to look for.
 */
function startOfDate(fecha: string, timeZone: string): number {
  if (!isCalendarDate(fecha)) throw new RangeError(`Expected a date that exists, as YYYY-MM-DD, got '${fecha}'`);
  const offsetAt = offsetsOf(timeZone);
  const midnightInUtc = Date.parse(`${fecha}T00:00:00Z`);
  const before = offsetAt(midnightInUtc - DAY);
  const after = offsetAt(midnightInUtc + DAY);
  const midnightBefore = midnightInUtc - before;
  if (before === after) return midnightBefore;
  const change = firstWhere((moment) => offsetAt(moment) === after, midnightInUtc - DAY, midnightInUtc + DAY);
  return midnightBefore < change ? midnightBefore : Math.max(change, midnightInUtc - after);
}

/** The first whole number above `low` for which `test` holds, where it does for `high` and, once it does, from then on. */
function firstWhere(test: (value: number) => boolean, low: number, high: number): number {
  let [fails, holds] = [low, high];
  while (holds - fails > 1) {
    const middle = Math.floor((fails + holds) / 2);
    if (test(middle)) holds = middle;
    else fails = middle;
  }
  return holds;
}

/** Such as `GMT-05:00`, or with seconds before zones had standard time. */
const OFFSET = /^GMT(?:(?<sign>[+-])(?<hours>\d\d):(?<minutes>\d\d)(?::(?<seconds>\d\d))?)?$/;

/** By how many milliseconds clocks in the zone are ahead of UTC at a moment. */
function offsetsOf(timeZone: string): (moment: number) => number {
  const format = new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'longOffset' });
  return (moment) => {
    const text = format.formatToParts(moment).find((part) => part.type === 'timeZoneName')?.value ?? '';
    const match = OFFSET.exec(text);
    if (match === null) throw new RangeError(`Expected an offset such as 'GMT-05:00' for ${timeZone}, got '${text}'`);
    const { sign, hours = 0, minutes = 0, seconds = 0 } = match.groups ?? {};
    const ahead = 1_000 * (3_600 * Number(hours) + 60 * Number(minutes) + Number(seconds));
    return sign === '-' ? -ahead : ahead;
  };
}
