import type { ScheduleOptions } from '@temporalio/client';
import { BadConfig } from '../config/bad-config.js';
import type { Config } from '../config/load-config.js';
import { scheduleParams } from '../config/run-params.js';
import { OVERLAPS } from '../config/schedules.js';
import type { ScheduleEntry } from '../config/schedules.js';
import type { Dag } from '../dag/dag.js';
import { milliseconds } from '../dag/duration.js';
import { unevenDate } from '../dag/timetable.js';
import type { Timetable } from '../dag/timetable.js';
import { DAGS } from '../workflows/dags.js';
import type { ScheduleRequest } from '../workflows/schedule-request.js';
import { scheduleSpec } from './schedule-spec.js';

/** A schedule as the configuration wants it on the server. */
export interface PlannedSchedule {
  readonly name: string;
  readonly dag: Dag;
  readonly request: ScheduleRequest;
  readonly options: Pick<ScheduleOptions, 'spec' | 'action' | 'policies'>;
}

/** The name of the workflow that a schedule starts. */
export const SCHEDULED_RUN = 'scheduledRun';

/** All that the configuration names, in its order. Throws a `BadConfig` that names the key. `now` in epoch milliseconds. */
export const plannedSchedules = (config: Config, now: number): readonly PlannedSchedule[] =>
  Object.keys(config.schedules).map((name) => plannedSchedule(config, name, now));

function plannedSchedule(config: Config, name: string, now: number): PlannedSchedule {
  const entry = config.schedules[name];
  if (entry === undefined) throw new RangeError(`Expected a schedule of the configuration, got '${name}'`);
  const key = `${config.file}: schedules.${name}`;
  const { calendar, at, timeZone = config.timeZone, priority } = entry;
  const dag = Object.hasOwn(DAGS, entry.dag) ? DAGS[entry.dag] : undefined;
  if (dag === undefined) {
    throw new BadConfig(`${key}.dag: Expected one of the DAGs (${Object.keys(DAGS).join(', ')}), got '${entry.dag}'`);
  }
  checkTime(key, { calendar, at, timeZone }, now);
  const request: ScheduleRequest = {
    schedule: name,
    dag: dag.id,
    calendar,
    at,
    timeZone,
    params: scheduleParams(config, name, dag),
    ...(priority === undefined ? {} : { priority }),
  };
  return { name, dag, request, options: scheduleOptions(request, config.temporal.taskQueue, entry) };
}

/** What the server is told of a schedule that hands on `request`. */
export function scheduleOptions(
  request: ScheduleRequest,
  taskQueue: string,
  {
    jitter,
    overlap,
    catchUp,
    pauseOnFailure,
  }: Pick<ScheduleEntry, 'jitter' | 'overlap' | 'catchUp' | 'pauseOnFailure'>,
): PlannedSchedule['options'] {
  return {
    spec: { ...scheduleSpec(request), jitter: milliseconds(jitter) },
    action: {
      type: 'startWorkflow',
      workflowType: SCHEDULED_RUN,
      // The server appends the time.
      workflowId: `schedule:${request.schedule}`,
      taskQueue,
      args: [request],
      staticSummary: `${request.dag} by the schedule ${request.schedule}`,
    },
    policies: { overlap: OVERLAPS[overlap], catchupWindow: milliseconds(catchUp), pauseOnFailure },
  };
}

/** Rules of daylight saving time meet every date of a calendar within this time, or they are not made yet. */
const YEARS_AHEAD = 30;

/**
 * Refuses a time that clocks leave out or show twice on a date of the calendar: the server would leave out the date, or
 * run it twice, or once and an hour late, depending on the zone.
 */
function checkTime(key: string, timetable: Timetable, now: number): void {
  const today = new Date(now).toISOString().slice(0, 10);
  const span = { from: today, to: `${Number(today.slice(0, 4)) + YEARS_AHEAD}-12-31` };
  const uneven = unevenDate(timetable, span);
  if (uneven === undefined) return;
  const { at, timeZone } = timetable;
  const [hour = 0] = at.split(':').map(Number);
  const even = [1, -1, 2, -2, 3, -3, 4, 5, 6]
    .map((hours) => `${String((hour + hours + 24) % 24).padStart(2, '0')}${at.slice(2)}`)
    .find((other) => unevenDate({ ...timetable, at: other }, span) === undefined);
  throw new BadConfig(
    `${key}.at: Expected a time that clocks in ${timeZone} show once on each date of the calendar, got ${at}, which they ` +
      `${uneven.times === 0 ? 'leave out' : 'show twice'} on ${uneven.date}` +
      (even === undefined ? '' : `: take ${even}, for instance`),
  );
}
