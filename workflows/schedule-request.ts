import { z } from 'zod';
import { calendarDate } from '../dag/calendar-date.js';
import { latestDue, timetableFields } from '../dag/timetable.js';

const name = z.string().min(1);

/**
 * What a schedule hands on to the runs it starts, fixed when it is applied: a run does not depend on a file that changes
 * meanwhile. Checked in the workflow: anyone may start one.
 */
export const scheduleRequest = z.strictObject({
  schedule: name,
  dag: name,
  ...timetableFields,
  /** Of the run, but for `fecha`. */
  params: z.record(z.string(), z.unknown()),
  priority: z.literal([1, 2, 3, 4, 5]).exactOptional(),
  /** The date, where somebody said one; else the calendar's latest at the time for which the schedule started it. */
  fecha: calendarDate.exactOptional(),
});

export type ScheduleRequest = z.infer<typeof scheduleRequest>;

/**
 * The date of a run that a schedule started, from the time for which it was to start: without jitter, whenever it did.
 * Started by hand in Temporal UI, that time is now. Throws a RangeError where there is no such time and no date.
 */
export function fechaOf(request: ScheduleRequest, scheduled: Date | undefined): string {
  if (request.fecha !== undefined) return request.fecha;
  if (scheduled === undefined) {
    throw new RangeError('Expected `fecha`, or the search attribute TemporalScheduledStartTime, got neither');
  }
  const fecha = latestDue(request, scheduled.getTime());
  if (fecha === undefined) {
    throw new RangeError(`Expected a calendar with a date up to ${scheduled.toISOString()}, got none`);
  }
  return fecha;
}
