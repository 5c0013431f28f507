import type { Command } from 'commander';
import { ScheduleAlreadyRunning } from '@temporalio/client';
import { dueMoment, nextDates } from '../dag/timetable.js';
import { showClock } from '../dag/wall-clock.js';
import { commandConfig } from './command-config.js';
import { plannedSchedules } from './planned-schedules.js';
import type { PlannedSchedule } from './planned-schedules.js';
import { changesBetween, plannedFields, serverFields } from './schedule-fields.js';
import type { FieldChange } from './schedule-fields.js';
import { findSchedule, markOf, ourSchedules, requestOf, schedule } from './server-schedules.js';
import type { ServerSchedule } from './server-schedules.js';
import { clockMismatch } from './server-times.js';
import { Refused } from './operator-commands.js';
import { connectTemporal } from './temporal-client.js';
import type { TemporalClient } from './temporal-client.js';

export interface ApplyOptions {
  readonly dryRun?: true;
  readonly prune?: true;
  readonly json?: true;
}

/** What is to be done about one schedule. `left`: on the server, and not in the configuration. */
export interface ScheduleStep {
  readonly name: string;
  readonly do: 'create' | 'update' | 'keep' | 'delete' | 'left';
  readonly changes: readonly FieldChange[];
  readonly planned?: PlannedSchedule;
  readonly found?: ServerSchedule;
}

/** Says what differs between the configuration and the server, then makes the server's as the configuration's. */
export async function applySchedules(command: Command, { dryRun, prune, json }: ApplyOptions): Promise<void> {
  const config = await commandConfig(command);
  const now = Date.now();
  const planned = plannedSchedules(config, now);
  const temporal = await connectTemporal(config);
  try {
    const steps = await stepsTo(temporal, planned, prune === true);
    const say = json ? (): void => {} : console.log;
    say(`on ${temporal.address}, namespace ${config.temporal.namespace}:`);
    for (const step of steps) say(stepLines(step, now));
    if (steps.length === 0) say('no schedules: the configuration names none, and the server has none of ours');
    if (!dryRun) for (const step of steps) await take(temporal, step, now);
    else if (steps.some(({ do: what }) => what !== 'keep' && what !== 'left')) say('nothing was changed: --dry-run');
    if (json) {
      const said = steps.map(({ name, do: what, changes }) => ({ name, do: what, changes }));
      console.log(JSON.stringify({ server: temporal.address, dryRun: dryRun === true, schedules: said }));
    }
  } finally {
    await temporal.close();
  }
}

/** Throws a `BadConfig` where one of the names is taken by a schedule that is not ours. */
export async function stepsTo(
  temporal: TemporalClient,
  planned: readonly PlannedSchedule[],
  prune: boolean,
): Promise<readonly ScheduleStep[]> {
  const named: ScheduleStep[] = [];
  for (const one of planned) {
    const found = await findSchedule(temporal, one.name);
    const changes = changesBetween(found === undefined ? new Map() : serverFields(found), plannedFields(one));
    const change = changes.length === 0 ? 'keep' : 'update';
    named.push({
      name: one.name,
      do: found === undefined ? 'create' : change,
      changes,
      planned: one,
      ...(found === undefined ? {} : { found }),
    });
  }
  const rest: ScheduleStep[] = [];
  for (const name of await ourSchedules(temporal)) {
    if (planned.some((one) => one.name === name)) continue;
    // It lists with a delay: one that was deleted just now is none.
    const found = await findSchedule(temporal, name);
    if (found !== undefined) rest.push({ name, do: prune ? 'delete' : 'left', changes: [], found });
  }
  return [...named, ...rest];
}

async function take(
  temporal: TemporalClient,
  { name, do: what, planned, found }: ScheduleStep,
  now: number,
): Promise<void> {
  if (what === 'delete') await found?.handle.delete();
  if (planned === undefined || what === 'keep') return;
  if (found === undefined) await create(temporal, planned);
  // Paused or not, and why, it stays as it is.
  else await found.handle.update(({ state }) => ({ ...planned.options, state }));
  const applied = await schedule(temporal, name);
  const mismatch = await clockMismatch(temporal, applied, requestOf(applied), now);
  if (mismatch !== undefined) console.error(`${name}: ${mismatch}: update the time zones of one or the other`);
}

async function create({ client, taskQueue }: TemporalClient, { name, options }: PlannedSchedule): Promise<void> {
  try {
    await client.schedule.create({ scheduleId: name, ...options, memo: markOf(taskQueue) });
  } catch (error) {
    if (!(error instanceof ScheduleAlreadyRunning)) throw error;
    throw new Refused(`schedule ${name}: somebody else made it just now: apply again`, { cause: error });
  }
}

const SIGNS = { create: '+', update: '~', keep: '=', delete: '-', left: '?' } as const;

function stepLines({ name, do: what, changes, planned, found }: ScheduleStep, now: number): string {
  const words = {
    create: 'is new',
    update: 'changes',
    keep: 'is as configured',
    delete: 'is deleted: the configuration does not name it',
    left: 'is on the server, and the configuration does not name it: --prune deletes it',
  };
  const paused = found?.described.state.paused === true ? ', and is paused' : '';
  const wide = Math.max(0, ...changes.map(({ field }) => field.length));
  const lines = changes.map(({ field, before, after }) => {
    const change = what === 'create' ? after : `${before ?? '(nothing)'} -> ${after ?? '(nothing)'}`;
    return `    ${field.padEnd(wide)}  ${change}`;
  });
  const next = planned === undefined || what === 'keep' ? [] : [nextLine(planned, now)];
  return [`${SIGNS[what]} ${name} ${words[what]}${paused}`, ...lines, ...next].join('\n');
}

function nextLine({ request }: PlannedSchedule, now: number): string {
  const [next] = nextDates(request, now, 1);
  if (next === undefined) return '    no date is to come';
  return `    next: ${next}, at ${showClock(dueMoment(request, next), request.timeZone)}`;
}
