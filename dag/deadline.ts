import { milliseconds } from './duration.js';
import type { Duration } from './duration.js';
import { readClock } from './wall-clock.js';

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
  return readClock(fecha, '00:00', timeZone).moment + milliseconds(after);
}

/**
 * When a run of `fecha` is due, by its DAG's deadline and the zone among its parameters (UTC without one). `undefined`
 * without a date or a deadline. Throws as `deadlineOf`: a DAG's schema need not check dates and zones.
 */
export function runDue(deadline: Duration | undefined, fecha: string | null, params: unknown): number | undefined {
  if (deadline === undefined || fecha === null) return undefined;
  const zone = typeof params === 'object' && params !== null && 'timeZone' in params ? params.timeZone : undefined;
  return deadlineOf(fecha, deadline, typeof zone === 'string' ? zone : 'UTC');
}
