import { Command, Option } from 'commander';
import { BadConfig } from '../config/bad-config.js';
import type { Config } from '../config/load-config.js';
import { shortHash } from '../dag/backfill-plan.js';
import type { BackfillPlan } from '../dag/backfill-plan.js';
import type { BackfillState } from '../dag/backfill-state.js';
import type { Dag } from '../dag/dag.js';
import { keepPlan } from '../lake/backfill-plans.js';
import { openStore } from '../lake/open-store.js';
import { backfillEndLine, backfillProgress } from './backfill-lines.js';
import { backfillOperators } from './backfill-operators.js';
import { expectPlan, requestedBackfill } from './backfill-request.js';
import type { BackfillOptions } from './backfill-request.js';
import { commandConfig } from './command-config.js';
import { findDag } from './find-dag.js';
import { planOptions } from './run-request.js';
import { followBackfill, startBackfill } from './temporal-backfill.js';
import { connectTemporal } from './temporal-client.js';

interface StartOptions extends BackfillOptions {
  readonly name?: string;
  readonly plan?: string;
  readonly dryRun?: true;
  readonly wait?: true;
  readonly json?: true;
}

/** Of the options of a single run, those that make sense for many. */
const RUN_OPTIONS: ReadonlySet<string | undefined> = new Set([
  '--select',
  '--exclude',
  '--refresh',
  '--hold-on-failure',
]);

/** `backfill <dag>` starts one; `backfill status|pause|resume|cancel|resize <id>` is for those there are. */
export function backfillCommand(): Command {
  const command = new Command('backfill')
    .description('Runs a DAG for the dates of a range.')
    .usage('<dag> --from <date> --to <date> [options] | <command> <id>')
    .addHelpText('after', '\n`segmenta backfill <dag> …` is short for `segmenta backfill start <dag> …`.');
  command.addCommand(startCommand(), { isDefault: true });
  for (const operator of backfillOperators()) command.addCommand(operator);
  return command;
}

function startCommand(): Command {
  const command = new Command('start')
    .description('Runs a DAG for the dates of a range, some at a time, below scheduled runs; follows those at work.')
    .argument('<dag>', 'its id, such as segmentation')
    .requiredOption('--from <date>', 'the first fecha_modelo, as YYYY-MM-DD')
    .requiredOption('--to <date>', 'the last one')
    .option('--every <step>', "from one date to the next: day, week, '2 weeks', month", 'week')
    .option('--max-runs <n>', 'so many dates at once', '4')
    .option('--only <which>', 'missing: never succeeded; failed: the newest run did not succeed; all', 'all')
    .option('--newest-first', 'the last date of the range first')
    .addOption(
      new Option('--param <name=value>', 'a parameter of the runs, above the configuration; may come again')
        .default([], 'none')
        .argParser((assignment: string, before: readonly string[]) => [...before, assignment]),
    )
    .option('--name <name>', "the backfill's id is <dag>/<name>; default: the beginning of its plan's hash")
    .option('--dry-run', 'say which dates would be run, and what each would compute; run nothing')
    .option('--plan <hash>', 'run what the dry run showed, or nothing')
    .option('--wait', 'show progress and end with the backfill; the exit status tells success')
    .option('--json', 'as JSON, progress on standard error');
  for (const option of planOptions()) if (RUN_OPTIONS.has(option.long)) command.addOption(option);
  return command.action(async (id: string, options: StartOptions, command: Command) => {
    const dag = findDag(id);
    const config = await commandConfig(command);
    const store = openStore(config.lake, config.s3);
    const plan = await requestedBackfill(config, store, dag, options);
    if (options.plan !== undefined) await expectPlan(store, plan, options.plan);
    if (options.dryRun) await dryRun(config, dag, plan, options);
    else if (plan.dates.length === 0) console.log(nothingToRun(plan, options));
    else await start(config, dag, plan, options);
  });
}

function nothingToRun({ refused }: BackfillPlan, { json, only }: StartOptions): string {
  if (json) return JSON.stringify({ dates: [], refused });
  return `Nothing to run: no date from the range is ${only === 'all' ? 'left' : only}`;
}

async function dryRun(config: Config, dag: Dag, plan: BackfillPlan, { json }: StartOptions): Promise<void> {
  const { forecastBackfill, forecastLines } = await import('./backfill-dry-run.js');
  const hash = await keepPlan(openStore(config.lake, config.s3), plan);
  const dates = await forecastBackfill(config, dag, plan);
  const { refused, maxRuns } = plan;
  if (json) console.log(JSON.stringify({ dag: dag.id, plan: hash, maxRuns, dates, refused }));
  else for (const line of forecastLines(plan, hash, dates)) console.log(line);
}

async function start(config: Config, dag: Dag, plan: BackfillPlan, options: StartOptions): Promise<void> {
  const hash = await keepPlan(openStore(config.lake, config.s3), plan);
  const id = `${dag.id}/${nameOf(options.name ?? shortHash(hash))}`;
  const say = options.json ? console.error : console.log;
  const temporal = await connectTemporal(config);
  try {
    const handle = await startBackfill(temporal, dag, id, plan);
    say(
      `backfill ${id} started: ${plan.dates.length} dates, plan ${shortHash(hash)}: ${temporal.runUrl(handle.workflowId)}`,
    );
    for (const [fecha, why] of Object.entries(plan.refused)) say(`  - ${fecha}  refused: ${why}`);
    if (!options.wait) {
      if (options.json)
        console.log(JSON.stringify({ backfill: id, plan: hash, dates: plan.dates, refused: plan.refused }));
      return;
    }
    process.once('SIGINT', () => {
      console.error(`backfill ${id} goes on without this command: \`segmenta backfill status ${id}\``);
      process.exit(130);
    });
    let last: BackfillState | undefined;
    const onChange = (state: BackfillState): void => {
      for (const line of backfillProgress(last, state)) say(line);
      last = state;
    };
    const { state, outcome, message } = await followBackfill(temporal, handle, plan, { onChange, say });
    if (options.json) console.log(JSON.stringify({ backfill: id, plan: hash, outcome, ...state }));
    else console.log(backfillEndLine(state, outcome));
    if (outcome !== 'success') process.exitCode = 1;
    if (outcome === 'failed' && message !== undefined && options.json) console.error(message);
  } finally {
    await temporal.close();
  }
}

function nameOf(name: string): string {
  if (/^\w[\w.-]*$/.test(name)) return name;
  throw new BadConfig(`--name: Expected letters, digits, - and _, got '${name}'`);
}
