import { WorkflowNotFoundError, WorkflowUpdateFailedError } from '@temporalio/client';
import { Command } from 'commander';
import { backfillQuery } from '../workflows/backfill.js';
import { backfillUpdate } from '../workflows/backfill-updates.js';
import type { BackfillRequest, BackfillUpdateName } from '../workflows/backfill-updates.js';
import { timeLeft } from '../dag/backfill-time-left.js';
import { backfillLines, backfillStanding } from './backfill-lines.js';
import { parseMaxRuns } from './backfill-request.js';
import { commandConfig } from './command-config.js';
import { Refused } from './operator-commands.js';
import { operatorName } from './run-request.js';
import { backfillHandle, ofBackfill } from './temporal-backfill.js';
import { connectTemporal } from './temporal-client.js';

interface ActOptions {
  readonly why: string;
  readonly as?: string;
  readonly json?: true;
  readonly keepRunning?: true;
  readonly maxRuns?: string;
}

const ID = 'such as segmentation/2017';

/** What people do with a backfill that was started. */
export const backfillOperators = (): Command[] => [
  new Command('status')
    .description('Says how a backfill stands: each date, what was cached, the time left, what operators did.')
    .argument('<id>', ID)
    .option('--json', 'as JSON')
    .action(async (id: string, { json }: { json?: true }, command: Command) => showStatus(command, id, json === true)),
  acting('pause', 'Lets a backfill start no more dates; what runs goes on.'),
  acting('resume', 'Lets a paused backfill go on.'),
  acting('cancel', 'Ends a backfill, and cancels the runs that it started.').option(
    '--keep-running',
    'leave those that it started to go on',
  ),
  acting('resize', 'Lets a backfill run more or fewer dates at once.').requiredOption(
    '--max-runs <n>',
    'so many dates at once',
  ),
];

const acting = (name: BackfillUpdateName, description: string): Command =>
  new Command(name)
    .description(description)
    .argument('<id>', ID)
    .requiredOption('--why <reason>', 'kept with the backfill')
    .option('--as <name>', 'who acts; default: the name of your user')
    .option('--json', 'as JSON')
    .action(async (id: string, options: ActOptions, command: Command) => act(command, id, name, options));

async function showStatus(command: Command, id: string, json: boolean): Promise<void> {
  const temporal = await connectTemporal(await commandConfig(command));
  try {
    const handle = backfillHandle(temporal, id);
    const { status } = await ofBackfill(id, handle.describe());
    const state = await handle.query(backfillQuery);
    const stands = backfillStanding(status.name, state);
    const now = Date.now();
    if (json)
      console.log(JSON.stringify({ backfill: state.id, status: stands, timeLeftMs: timeLeft(state, now), ...state }));
    else for (const line of backfillLines(`backfill ${state.id}: ${stands}`, state, now)) console.log(line);
  } finally {
    await temporal.close();
  }
}

async function act(command: Command, id: string, name: BackfillUpdateName, options: ActOptions): Promise<void> {
  const { why, as: who = operatorName(), json } = options;
  const request: BackfillRequest = {
    who,
    why,
    ...(options.keepRunning ? { keepRunning: true } : {}),
    ...(options.maxRuns === undefined ? {} : { maxRuns: parseMaxRuns(options.maxRuns) }),
  };
  const temporal = await connectTemporal(await commandConfig(command));
  try {
    const handle = backfillHandle(temporal, id);
    const done = await handle.executeUpdate(backfillUpdate(name), { args: [request] });
    console.log(json ? JSON.stringify({ backfill: id, action: done, who, why }) : `${id}: ${done}, by ${who}: ${why}`);
  } catch (error) {
    if (error instanceof WorkflowUpdateFailedError)
      throw new Refused(`${id}: ${error.cause?.message ?? error.message}`);
    if (error instanceof WorkflowNotFoundError)
      throw new Refused(`${id} is not running: \`segmenta backfills\` lists those there are`);
    throw error;
  } finally {
    await temporal.close();
  }
}
