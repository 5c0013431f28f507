// The SDK's own conversion: a request is in protobuf's timestamps, whose seconds are 64 bits wide.
import { msNumberToTs, requiredTsToMs } from '@temporalio/common/lib/time.js';
import type { ScheduleRequest } from '../workflows/schedule-request.js';
import { comingDates, dueMoment, nextDates } from '../dag/timetable.js';
import { showClock } from '../dag/wall-clock.js';
import type { ServerSchedule } from './server-schedules.js';
import type { TemporalClient } from './temporal-client.js';

/** So far ahead the server is asked: past the next two changes of clocks. */
const AHEAD_MS = 400 * 86_400_000;

/** The server gives times in whole seconds. */
const SECOND_MS = 1_000;

/** When the server would start a schedule, in epoch milliseconds, between two moments: with its jitter, at most 1000. */
export async function serverTimes(
  { client }: TemporalClient,
  scheduleId: string,
  from: number,
  to: number,
): Promise<readonly number[]> {
  const { namespace } = client.options;
  const span = { startTime: msNumberToTs(from), endTime: msNumberToTs(to) };
  const { startTime } = await client.workflowService.listScheduleMatchingTimes({ namespace, scheduleId, ...span });
  return startTime.map((time) => requiredTsToMs(time, 'startTime'));
}

/**
 * Where the coming dates by our clocks are not those by the server's, the first of them, in words: it knows other rules
 * of daylight saving time than this machine, and the workers.
 */
export async function clockMismatch(
  temporal: TemporalClient,
  { name, described }: ServerSchedule,
  request: ScheduleRequest,
  now: number,
): Promise<string | undefined> {
  const jitter = described.spec.jitter ?? 0;
  const horizon = now + AHEAD_MS;
  const told = await serverTimes(temporal, name, now, horizon + jitter);
  const [first] = nextDates(request, now, 1);
  // One that was due before now may start after it, by its jitter.
  const theirs = first === undefined ? told : told.filter((time) => jitter === 0 || time >= dueMoment(request, first));
  let place = 0;
  for (const date of comingDates(request, now)) {
    const due = dueMoment(request, date);
    if (due > horizon) break;
    const starts = theirs[place++];
    if (starts !== undefined && starts >= due && starts <= due + jitter + SECOND_MS) continue;
    const instead = starts === undefined ? 'does not start' : `starts at ${showClock(starts, request.timeZone)}`;
    return `the server has other rules for ${request.timeZone} than this machine: ${date} ${instead}`;
  }
  return undefined;
}
