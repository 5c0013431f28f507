import type { Command } from 'commander';
import { describeCalendar } from '../dag/calendar.js';
import { dueMoment, latestDue, nextDates } from '../dag/timetable.js';
import { showClock } from '../dag/wall-clock.js';
import { scheduledKey } from '../workflows/search-attributes.js';
import { commandConfig } from './command-config.js';
import { plannedSchedules } from './planned-schedules.js';
import { stepsTo } from './schedule-apply.js';
import type { ScheduleStep } from './schedule-apply.js';
import { drawTable } from './table.js';
import { connectTemporal } from './temporal-client.js';
import type { TemporalClient } from './temporal-client.js';

/** The schedules of the configuration and of the server, each once. */
export async function listSchedules(command: Command, { json }: { readonly json?: true }): Promise<void> {
  const config = await commandConfig(command);
  const now = Date.now();
  const planned = plannedSchedules(config, now);
  const temporal = await connectTemporal(config);
  try {
    const listed = await Promise.all(
      (await stepsTo(temporal, planned, false)).map(async (step) => describeStep(temporal, step, now)),
    );
    if (json) console.log(JSON.stringify(listed));
    else if (listed.length === 0)
      console.log('no schedules: the configuration names none, and the server has none of ours');
    else console.log(listTable(listed));
  } finally {
    await temporal.close();
  }
}

interface ListedSchedule {
  readonly name: string;
  readonly dag: string | null;
  readonly calendar: string | null;
  readonly at: string | null;
  readonly timeZone: string | null;
  readonly paused: boolean;
  /** Why it is paused, or was resumed. */
  readonly note: string;
  /** How the server's is to the configuration's. */
  readonly configured: 'applied' | 'changed' | 'not applied' | 'not in the configuration';
  readonly next: { readonly fecha: string; readonly at: string } | null;
  /** The newest that the server started, and how it stands. */
  readonly last: { readonly fecha: string | null; readonly workflowId: string; readonly status: string } | null;
  /** Dates that were not run: the window to catch up was over, or an earlier run was at work. */
  readonly missed: number;
  readonly skipped: number;
}

const CONFIGURED = {
  create: 'not applied',
  update: 'changed',
  keep: 'applied',
  delete: 'not in the configuration',
  left: 'not in the configuration',
} as const;

async function describeStep(
  temporal: TemporalClient,
  { name, do: what, planned, found }: ScheduleStep,
  now: number,
): Promise<ListedSchedule> {
  const request = found === undefined ? planned?.request : found.request;
  const paused = found?.described.state.paused === true;
  const [next] = request === undefined || found === undefined || paused ? [] : nextDates(request, now, 1);
  const moment = next === undefined || request === undefined ? undefined : dueMoment(request, next);
  return {
    name,
    dag: request?.dag ?? null,
    calendar: request === undefined ? null : describeCalendar(request.calendar),
    at: request?.at ?? null,
    timeZone: request?.timeZone ?? null,
    paused,
    note: found?.described.state.note ?? '',
    configured: CONFIGURED[what],
    next: next === undefined || moment === undefined ? null : { fecha: next, at: new Date(moment).toISOString() },
    last: found === undefined ? null : await lastOf(temporal, found),
    missed: found?.described.info.numActionsMissedCatchupWindow ?? 0,
    skipped: found?.described.info.numActionsSkippedOverlap ?? 0,
  };
}

async function lastOf(
  { client }: TemporalClient,
  { described, request }: NonNullable<ScheduleStep['found']>,
): Promise<ListedSchedule['last']> {
  const newest = described.info.recentActions.at(-1);
  if (newest === undefined) return null;
  const { workflowId, firstExecutionRunId } = newest.action.workflow;
  // Its history may have expired.
  const run = await client.workflow
    .getHandle(workflowId, firstExecutionRunId)
    .describe()
    .catch(() => undefined);
  // Without jitter, where the server still has it.
  const scheduled = run?.typedSearchAttributes.get(scheduledKey) ?? newest.scheduledAt;
  const fecha = request === undefined ? undefined : latestDue(request, scheduled.getTime());
  return { fecha: fecha ?? null, workflowId, status: run?.status.name.toLowerCase() ?? 'unknown' };
}

function listTable(listed: readonly ListedSchedule[]): string {
  return drawTable(
    ['schedule', 'dag', 'dates', 'next', 'last', 'missed', 'state'],
    listed.map((one) => [
      one.name,
      one.dag,
      one.calendar === null ? null : `${one.calendar}, ${one.at} ${one.timeZone}`,
      one.next === null || one.timeZone === null ? null : showClock(Date.parse(one.next.at), one.timeZone),
      one.last === null ? null : `${one.last.fecha ?? one.last.workflowId} ${one.last.status}`,
      one.missed + one.skipped,
      stateOf(one),
    ]),
  );
}

function stateOf({ configured, paused, note }: ListedSchedule): string {
  // The server's own words, or those of `pause`, which begin so.
  const why = note.startsWith('paused') ? note : `paused: ${note}`;
  const state = paused ? why : 'active';
  if (configured === 'applied') return state;
  return configured === 'not applied' ? configured : `${state}; ${configured}`;
}
