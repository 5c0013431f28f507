// The SDK's own conversion: a request is in protobuf's timestamps, whose seconds are 64 bits wide.
import { msNumberToTs, requiredTsToMs } from '@temporalio/common/lib/time.js';
import type { ScheduleRequest } from '../workflows/schedule-request.js';
import { dueMoment, nextDates } from '../dag/timetable.js';
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
  const theirs = await serverTimes(temporal, name, now, now + AHEAD_MS);
  const ours = nextDates(request, now, theirs.length).map((date) => ({ date, due: dueMoment(request, date) }));
  for (const [i, { date, due }] of ours.entries()) {
    const starts = theirs[i] ?? 0;
    // One that was due just before, by its jitter, may be among theirs.
    if (i === 0 && starts < due && jitter > 0) return undefined;
    if (starts < due || starts > due + jitter + SECOND_MS) {
      const shown = showClock(starts, request.timeZone);
      return `the server has other rules for ${request.timeZone} than this machine: ${date} would start at ${shown}`;
    }
  }
  return undefined;
}
