import { isCalendarDate } from './calendar-date.js';
import { milliseconds } from './duration.js';

/** When clocks in a zone show a time of a date, and how often they do. */
export interface ClockReading {
  /** In epoch milliseconds: the first time they show it, or, where they leave it out, the moment of the change. */
  readonly moment: number;
  /** 1; 0 where clocks change over it forwards, 2 where they change back across it. */
  readonly times: 0 | 1 | 2;
}

/** A time of the day, `00:00` to `23:59`. */
export const CLOCK_TIME = /^([01]\d|2[0-3]):[0-5]\d$/;

const DAY = milliseconds('1 day');

/**
 * When clocks in a zone show a time of a date:
 *
 *     readClock('2027-03-15', '06:00', 'America/New_York'); // { moment: 2027-03-15T10:00Z, times: 1 }
 *     readClock('2027-03-14', '02:30', 'America/New_York'); // { moment: 2027-03-14T07:00Z, times: 0 }: 03:00 there
 *     readClock('2027-11-07', '01:30', 'America/New_York'); // { moment: 2027-11-07T05:30Z, times: 2 }: and 06:30Z
 *
 * Of a date that a zone left out (Pacific/Apia, 2011-12-30) every time is the moment of the change. So a later date, or
 * a later time of the date, is never at an earlier moment. Throws a RangeError for a date that does not exist, no time,
 * or a zone that this machine does not know.
 *
 * No zone is a whole day off UTC, so the moment is within a day of the reading in UTC. No zone ever changed its clocks
 * twice within those two days, so there is at most one change to look for.
 */
export function readClock(date: string, time: string, timeZone: string): ClockReading {
  if (!isCalendarDate(date)) throw new RangeError(`Expected a date that exists, as YYYY-MM-DD, got '${date}'`);
  if (!CLOCK_TIME.test(time)) throw new RangeError(`Expected a time of the day such as '06:00', got '${time}'`);
  const offsetAt = offsetsOf(timeZone);
  const inUtc = Date.parse(`${date}T${time}:00Z`);
  const before = offsetAt(inUtc - DAY);
  const after = offsetAt(inUtc + DAY);
  if (before === after) return { moment: inUtc - before, times: 1 };
  const change = firstWhere((moment) => offsetAt(moment) === after, inUtc - DAY, inUtc + DAY);
  const shownBefore = inUtc - before < change;
  const shownAfter = inUtc - after >= change;
  if (shownBefore) return { moment: inUtc - before, times: shownAfter ? 2 : 1 };
  return shownAfter ? { moment: inUtc - after, times: 1 } : { moment: change, times: 0 };
}

/** Whether clocks in the zone are set otherwise at two moments: so they were changed in between. */
export function clocksDiffer(timeZone: string, from: number, to: number): boolean {
  const offsetAt = offsetsOf(timeZone);
  return offsetAt(from) !== offsetAt(to);
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

/** A format takes long to make, and a schedule asks for thousands of moments in one zone. */
const formats = new Map<string, Intl.DateTimeFormat>();

/** By how many milliseconds clocks in the zone are ahead of UTC at a moment. */
function offsetsOf(timeZone: string): (moment: number) => number {
  const format = formats.get(timeZone) ?? new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'longOffset' });
  formats.set(timeZone, format);
  return (moment) => {
    const text = format.formatToParts(moment).find((part) => part.type === 'timeZoneName')?.value ?? '';
    const match = OFFSET.exec(text);
    if (match === null) throw new RangeError(`Expected an offset such as 'GMT-05:00' for ${timeZone}, got '${text}'`);
    const { sign, hours = 0, minutes = 0, seconds = 0 } = match.groups ?? {};
    const ahead = 1_000 * (3_600 * Number(hours) + 60 * Number(minutes) + Number(seconds));
    return sign === '-' ? -ahead : ahead;
  };
}

/** A moment as clocks in the zone show it: `2027-03-15 06:00 -04:00`. */
export function showClock(moment: number, timeZone: string): string {
  const offset = offsetsOf(timeZone)(moment);
  const shown = new Date(moment + offset).toISOString();
  const minutes = Math.abs(Math.trunc(offset / 60_000));
  const [hours, rest] = [Math.trunc(minutes / 60), minutes % 60].map((part) => String(part).padStart(2, '0'));
  return `${shown.slice(0, 10)} ${shown.slice(11, 16)} ${offset < 0 ? '-' : '+'}${hours}:${rest}`;
}
