import type { Command } from 'commander';
import { BadConfig } from '../config/bad-config.js';
import { runDue } from '../dag/deadline.js';
import { WEEKDAYS } from '../dag/calendar.js';
import { dueMoment, nextDates } from '../dag/timetable.js';
import { showClock } from '../dag/wall-clock.js';
import type { ScheduleRequest } from '../workflows/schedule-request.js';
import { commandConfig } from './command-config.js';
import { findDag } from './find-dag.js';
import { requestOf, schedule } from './server-schedules.js';
import { clockMismatch } from './server-times.js';
import { drawTable } from './table.js';
import { connectTemporal } from './temporal-client.js';

interface NextOptions {
  readonly count: string;
  readonly json?: true;
}

/** The coming dates of a schedule as the server has it. */
export async function showNext(command: Command, name: string, { count, json }: NextOptions): Promise<void> {
  const wanted = Number(count);
  if (!Number.isInteger(wanted) || wanted < 1 || wanted > 1_000) {
    throw new BadConfig(`-n: Expected a number of dates, 1..1000, got '${count}'`);
  }
  const temporal = await connectTemporal(await commandConfig(command));
  try {
    const found = await schedule(temporal, name);
    const request = requestOf(found);
    const now = Date.now();
    const dates = nextDates(request, now, wanted).map((fecha) => ({
      fecha,
      weekday: WEEKDAYS[new Date(fecha).getUTCDay()] ?? '',
      at: dueMoment(request, fecha),
      deadline: deadlineFor(request, fecha),
    }));
    const { paused, note = '' } = found.described.state;
    const mismatch = await clockMismatch(temporal, found, request, now);
    if (json) {
      const iso = (moment: number): string => new Date(moment).toISOString();
      const said = dates.map(({ at, deadline, ...date }) => ({
        ...date,
        at: iso(at),
        deadline: deadline === null ? null : iso(deadline),
      }));
      console.log(JSON.stringify({ schedule: name, paused, note, mismatch: mismatch ?? null, dates: said }));
      return;
    }
    console.log(
      drawTable(
        ['fecha_modelo', 'day', `starts, ${request.timeZone}`, 'is due by'],
        dates.map(({ fecha, weekday, at, deadline }) => [
          fecha,
          weekday,
          showClock(at, request.timeZone),
          deadline === null ? 'no deadline' : showClock(deadline, request.timeZone),
        ]),
      ),
    );
    if (paused) console.log(`${name} is paused, and starts none of them: ${note}`);
    if (mismatch !== undefined) console.error(`${name}: ${mismatch}`);
  } finally {
    await temporal.close();
  }
}

/** By the zone of the run, which may be another than that of the schedule. */
const deadlineFor = ({ dag, params }: ScheduleRequest, fecha: string): number | null =>
  runDue(findDag(dag).deadline, fecha, params) ?? null;
