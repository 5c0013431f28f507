import { isDeepStrictEqual } from 'node:util';
import type { ScheduleDescription } from '@temporalio/client';
import { OVERLAPS } from '../config/schedules.js';
import { describeCalendar } from '../dag/calendar.js';
import { showDuration } from '../dag/duration.js';
import type { ScheduleRequest } from '../workflows/schedule-request.js';
import type { PlannedSchedule } from './planned-schedules.js';
import { scheduleSpec } from './schedule-spec.js';
import type { ServerSchedule } from './server-schedules.js';

/** A schedule by what a person would change about it: `calendar`, `at`, `params.k`. */
export type ScheduleFields = ReadonlyMap<string, string>;

export interface FieldChange {
  readonly field: string;
  /** null where it is not there. */
  readonly before: string | null;
  readonly after: string | null;
}

export function changesBetween(before: ScheduleFields, after: ScheduleFields): readonly FieldChange[] {
  const fields = [...new Set([...after.keys(), ...before.keys()])];
  return fields
    .map((field) => ({ field, before: before.get(field) ?? null, after: after.get(field) ?? null }))
    .filter((change) => change.before !== change.after);
}

export const plannedFields = ({ request, options: { spec, action, policies } }: PlannedSchedule): ScheduleFields =>
  new Map([
    ...requestFields(request),
    ['jitter', lengthOf(spec.jitter)],
    ['overlap', overlapOf(policies?.overlap)],
    ['catchUp', lengthOf(policies?.catchupWindow)],
    ['pauseOnFailure', String(policies?.pauseOnFailure ?? false)],
    ...paramFields('params', request.params),
    ['workflow', `${String(action.workflowType)} as ${action.workflowId}`],
    ['times', OWN_TIMES],
  ]);

export const serverFields = ({ described: { spec, action, policies }, request }: ServerSchedule): ScheduleFields =>
  new Map([
    ...(request === undefined ? [] : requestFields(request)),
    ['jitter', lengthOf(spec.jitter)],
    ['overlap', overlapOf(policies.overlap)],
    ['catchUp', lengthOf(policies.catchupWindow)],
    ['pauseOnFailure', String(policies.pauseOnFailure)],
    ...(request === undefined ? [] : paramFields('params', request.params)),
    ['workflow', `${action.workflowType} as ${action.workflowId}`],
    ['times', request !== undefined && hasTimesOf(spec, request) ? OWN_TIMES : 'not those of the calendar'],
  ]);

/** The calendar is handed on to the runs as well: where somebody edits when the server starts them, the two differ. */
const OWN_TIMES = 'those of the calendar';

const requestFields = ({
  dag,
  calendar,
  at,
  timeZone,
  priority,
}: ScheduleRequest): readonly (readonly [string, string])[] => [
  ['dag', dag],
  ['calendar', describeCalendar(calendar)],
  ['at', at],
  ['timeZone', timeZone],
  ...(priority === undefined ? [] : [['priority', String(priority)] as const]),
];

function hasTimesOf({ jitter: _any, ...spec }: ScheduleDescription['spec'], request: ScheduleRequest): boolean {
  const said = Object.fromEntries(Object.entries(spec).filter(([, value]) => value !== undefined));
  return isDeepStrictEqual(said, scheduleSpec(request));
}

/** Parameters have parts of their own: a source's select is worth a line. */
function paramFields(path: string, value: unknown): readonly (readonly [string, string])[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return [[path, JSON.stringify(value) ?? 'null']];
  return Object.entries(value)
    .filter(([, part]) => part !== undefined)
    .flatMap(([name, part]) => paramFields(`${path}.${name}`, part));
}

/** Our plans and the server's descriptions have them in milliseconds. */
const lengthOf = (length: string | number | undefined): string => showDuration(Number(length ?? 0));

const overlapOf = (said: string | undefined): string =>
  Object.entries(OVERLAPS).find(([, theirs]) => theirs === said)?.[0] ?? String(said);
