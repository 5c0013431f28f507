import { WorkflowExecutionAlreadyStartedError, WorkflowFailedError } from '@temporalio/client';
import { CancelledFailure } from '@temporalio/common';
import type { Command } from 'commander';
import { BadConfig } from '../config/bad-config.js';
import { calendarDate } from '../dag/calendar-date.js';
import { datesUpTo, describeCalendar, hasDate } from '../dag/calendar.js';
import { dueMoment, latestDue } from '../dag/timetable.js';
import { showClock } from '../dag/wall-clock.js';
import type { ScheduleRequest } from '../workflows/schedule-request.js';
import { commandConfig } from './command-config.js';
import { Refused } from './operator-commands.js';
import { SCHEDULED_RUN } from './planned-schedules.js';
import { requestOf, schedule } from './server-schedules.js';
import { AlreadyRunning } from './temporal-run.js';
import { connectTemporal } from './temporal-client.js';

interface TriggerOptions {
  readonly fecha?: string;
  readonly force?: true;
  readonly wait?: true;
  readonly json?: true;
}

/**
 * Starts what the schedule starts, for the calendar's latest date or for one that is said; also while it is paused, and
 * whatever it says of overlaps.
 */
export async function triggerSchedule(command: Command, name: string, options: TriggerOptions): Promise<void> {
  const { force = false, wait, json } = options;
  const temporal = await connectTemporal(await commandConfig(command));
  try {
    const request = requestOf(await schedule(temporal, name));
    const fecha = triggeredDate(request, options.fecha, force, Date.now());
    const run = `${request.dag}/${fecha}`;
    const workflowId = `schedule:${name}/${fecha}`;
    const handle = await temporal.client.workflow
      .start(SCHEDULED_RUN, {
        workflowId,
        taskQueue: temporal.taskQueue,
        args: [{ ...request, fecha }],
        workflowIdReusePolicy: 'ALLOW_DUPLICATE',
        workflowIdConflictPolicy: 'FAIL',
        staticSummary: `${request.dag} of ${fecha}, by the schedule ${name}`,
      })
      .catch((error: unknown) => {
        if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
        const url = temporal.runUrl(workflowId);
        throw new AlreadyRunning(`${name} was triggered for ${fecha} already, and is at work: watch it at ${url}`);
      });
    const runId = handle.firstExecutionRunId;
    const said = { schedule: name, fecha, run, workflowId, runId };
    if (!json) console.log(`${name}: ${run} triggered: ${temporal.runUrl(workflowId, runId)}`);
    const outcome = wait ? await outcomeOf(handle.result()) : undefined;
    if (json) console.log(JSON.stringify({ ...said, ...(outcome === undefined ? {} : outcome) }));
    else if (outcome !== undefined) console.log(`${run}: ${outcome.outcome}`);
    if (outcome?.error !== undefined) console.error(outcome.error);
    if (outcome !== undefined && outcome.outcome !== 'success') process.exitCode = 1;
  } finally {
    await temporal.close();
  }
}

interface TriggeredOutcome {
  readonly outcome: 'success' | 'failed' | 'cancelled';
  readonly error?: string;
}

async function outcomeOf(result: Promise<unknown>): Promise<TriggeredOutcome> {
  try {
    await result;
    return { outcome: 'success' };
  } catch (error) {
    if (!(error instanceof WorkflowFailedError)) throw error;
    if (error.cause instanceof CancelledFailure) return { outcome: 'cancelled' };
    return { outcome: 'failed', error: error.cause?.message ?? error.message };
  }
}

/** Throws `Refused` where the date is none of the calendar's, or not due yet, and it is not forced. */
export function triggeredDate(request: ScheduleRequest, said: string | undefined, force: boolean, now: number): string {
  if (said === undefined) {
    const latest = latestDue(request, now);
    if (latest === undefined)
      throw new Refused(`${request.schedule}: no date of its calendar has come yet: say one with --fecha`);
    return latest;
  }
  const { success, error } = calendarDate.safeParse(said);
  if (!success) throw new BadConfig(`--fecha: ${error.issues[0]?.message}`);
  if (force) return said;
  const { schedule: name, calendar, timeZone } = request;
  if (!hasDate(calendar, said)) {
    const [before] = datesUpTo(calendar, said);
    throw new Refused(
      `${said} is none of the dates of ${name} (${describeCalendar(calendar)}); the one before it is ${before}. ` +
        '--force runs it all the same',
    );
  }
  const due = dueMoment(request, said);
  if (due > now) {
    throw new Refused(`${said} falls due at ${showClock(due, timeZone)}, which is to come. --force runs it now`);
  }
  return said;
}
