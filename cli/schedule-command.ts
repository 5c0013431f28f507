import { Command } from 'commander';
import { commandConfig } from './command-config.js';
import { operatorName } from './run-request.js';
import { applySchedules } from './schedule-apply.js';
import type { ApplyOptions } from './schedule-apply.js';
import { listSchedules } from './schedule-list.js';
import { showNext } from './schedule-next.js';
import { triggerSchedule } from './schedule-trigger.js';
import { Refused } from './operator-commands.js';
import { schedule } from './server-schedules.js';
import type { ServerSchedule } from './server-schedules.js';
import { connectTemporal } from './temporal-client.js';

/** `segmenta schedule …`: docs/schedules.md. */
export const scheduleCommand = (): Command =>
  new Command('schedule')
    .description('Runs DAGs for the dates of a calendar, on time: what the configuration says under `schedules`.')
    .addCommand(apply())
    .addCommand(list())
    .addCommand(next())
    .addCommand(trigger())
    .addCommand(pause())
    .addCommand(resume())
    .addCommand(remove());

const apply = (): Command =>
  new Command('apply')
    .description(
      'Makes the schedules on the server those of the configuration; says first what differs. A schedule hands on the ' +
        'parameters and sources as they are now. Whether it is paused stays as it is.',
    )
    .option('--dry-run', 'say what differs, and change nothing')
    .option('--prune', 'delete those of ours on the server that the configuration does not name')
    .option('--json', 'as JSON')
    .action(async (options: ApplyOptions, command: Command) => applySchedules(command, options));

const list = (): Command =>
  new Command('list')
    .description('The schedules of the configuration and of the server: next and last date, dates that were not run.')
    .option('--json', 'as JSON')
    .action(async (options: { readonly json?: true }, command: Command) => listSchedules(command, options));

const next = (): Command =>
  named('next', 'The coming dates of a schedule as the server has it: when each starts, and by when it is due.')
    .option('-n, --count <dates>', 'how many', '5')
    .option('--json', 'as JSON')
    .action(async (name: string, options: { readonly count: string; readonly json?: true }, command: Command) =>
      showNext(command, name, options),
    );

const trigger = (): Command =>
  named(
    'trigger',
    "Runs the calendar's latest date now, or another one, as the schedule would; also while it is paused.",
  )
    .option('--fecha <date>', 'a date of the calendar that was due, as YYYY-MM-DD')
    .option('--force', 'also a date that is none of the calendar, or not due yet')
    .option('--wait', 'end with the run; the exit status tells success')
    .option('--json', 'as JSON')
    .action(async (name: string, options: object, command: Command) => triggerSchedule(command, name, options));

const pause = (): Command =>
  signed('pause', 'Lets a schedule start nothing more; dates that fall due meanwhile are not run.').action(
    async (name: string, options: SignedOptions, command: Command) =>
      change(command, name, options, 'paused', async ({ handle, described }, note) => {
        if (described.state.paused) throw new Refused(`${name} is paused already: ${described.state.note}`);
        await handle.pause(note);
      }),
  );

const resume = (): Command =>
  signed('resume', 'Lets a paused schedule go on with the dates that are to come.').action(
    async (name: string, options: SignedOptions, command: Command) =>
      change(command, name, options, 'resumed', async ({ handle, described }, note) => {
        if (!described.state.paused) throw new Refused(`${name} is not paused`);
        await handle.unpause(note);
      }),
  );

const remove = (): Command =>
  named('delete', 'Deletes a schedule from the server; runs that it started go on.')
    .option('--json', 'as JSON')
    .action(async (name: string, { json }: { readonly json?: true }, command: Command) =>
      change(command, name, { json }, 'deleted', async ({ handle }) => handle.delete()),
    );

const named = (name: string, description: string): Command =>
  new Command(name).description(description).argument('<schedule>', 'its name');

interface SignedOptions {
  readonly why?: string;
  readonly as?: string;
  readonly json?: true | undefined;
}

const signed = (name: string, description: string): Command =>
  named(name, description)
    .requiredOption('--why <reason>', 'kept with the schedule')
    .option('--as <name>', 'who acts; default: the name of your user')
    .option('--json', 'as JSON');

async function change(
  command: Command,
  name: string,
  { why, as: who = operatorName(), json }: SignedOptions,
  done: string,
  act: (found: ServerSchedule, note: string) => Promise<void>,
): Promise<void> {
  const temporal = await connectTemporal(await commandConfig(command));
  try {
    await act(await schedule(temporal, name), `${done} by ${who}: ${why}`);
    const signature = why === undefined ? {} : { who, why };
    if (json) console.log(JSON.stringify({ schedule: name, action: done, ...signature }));
    else console.log(`${name}: ${done}${why === undefined ? '' : `, by ${who}: ${why}`}`);
  } finally {
    await temporal.close();
  }
}
