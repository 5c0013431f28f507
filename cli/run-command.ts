import { Command, Option } from 'commander';
import type { Config } from '../config/load-config.js';
import { runParams } from '../config/run-params.js';
import type { Dag } from '../dag/dag.js';
import { failureHeadline } from '../dag/run-state.js';
import type { RunState } from '../dag/run-state.js';
import { openStore } from '../lake/open-store.js';
import { commandConfig } from './command-config.js';
import { findDag } from './find-dag.js';
import { outcomeLine, progressLines } from './progress-lines.js';
import { planOptions, requestedPlan } from './run-request.js';
import type { PlanOptions } from './run-request.js';
import { connectTemporal } from './temporal-client.js';
import { followRun, startRun } from './temporal-run.js';
import type { FollowedRun } from './temporal-run.js';

interface RunCommandOptions extends PlanOptions {
  readonly fecha: string;
  readonly param: readonly string[];
  readonly wait?: true;
  readonly local?: true;
  readonly dryRun?: true;
  readonly json?: true;
}

/** A run as it was asked for. */
export interface AskedRun {
  readonly dag: Dag;
  /** `segmentation/2017-07-03` */
  readonly run: string;
  readonly params: { readonly fecha: string };
  readonly plan: Awaited<ReturnType<typeof requestedPlan>>;
}

export function runCommand(): Command {
  const command = new Command('run')
    .description('Runs a DAG for a date.')
    .argument('<dag>', 'its id, such as segmentation')
    .requiredOption('--fecha <date>', 'fecha_modelo, as YYYY-MM-DD')
    .addOption(
      new Option('--param <name=value>', 'a parameter of the run, above the configuration; may come again')
        .default([], 'none')
        .argParser((assignment: string, before: readonly string[]) => [...before, assignment]),
    )
    .option('--wait', 'show progress and end with the run; the exit status tells success')
    .option('--local', 'run in this process, without a Temporal server')
    .option('--dry-run', 'say what would be computed, cached or left out, and why; run nothing')
    .option('--json', 'print the result as JSON, progress on standard error');
  for (const option of planOptions()) command.addOption(option);
  return command.action(async (id: string, options: RunCommandOptions, command: Command) => {
    const dag = findDag(id);
    const config = await commandConfig(command);
    const params = runParams(config, dag, options.fecha, options.param);
    const plan = await requestedPlan(openStore(config.lake, config.s3), dag, options.fecha, options);
    const asked = { dag, params, plan, run: `${dag.id}/${options.fecha}` };
    if (options.dryRun) await dryRun(config, asked, options);
    else if (options.local) await runHere(config, asked, options);
    else await runOnTemporal(config, asked, options);
  });
}

// Loaded where they are needed: the activities and their engine take longer to load than most commands take to run.
async function dryRun(config: Config, asked: AskedRun, { json }: RunCommandOptions): Promise<void> {
  const { forecastRun, forecastTable } = await import('./dry-run.js');
  const forecast = await forecastRun(config, asked);
  console.log(json ? JSON.stringify({ run: asked.run, tasks: forecast }) : forecastTable(asked.run, forecast));
}

async function runHere(config: Config, asked: AskedRun, options: RunCommandOptions): Promise<void> {
  const { runLocal } = await import('./run-local.js');
  const stop = new AbortController();
  process.once('SIGINT', () => stop.abort(new Error('stopped by the user')));
  const onChange = progressPrinter(options.json ? console.error : console.log);
  report(asked.run, await runLocal(config, { ...asked, signal: stop.signal, onChange }), options);
}

async function runOnTemporal(
  config: Config,
  { dag, run, params, plan }: AskedRun,
  options: RunCommandOptions,
): Promise<void> {
  const say = options.json ? console.error : console.log;
  const temporal = await connectTemporal(config);
  try {
    const started = await startRun(temporal, dag, params, plan);
    say(`${run} started: ${temporal.runUrl(run, started.runId)}`);
    if (!options.wait) {
      if (options.json) console.log(JSON.stringify({ run, runId: started.runId }));
      return;
    }
    process.once('SIGINT', () => {
      console.error(`${run} goes on without this command`);
      process.exit(130);
    });
    report(run, await followRun(temporal, started, { onChange: progressPrinter(say), say }), options);
  } finally {
    await temporal.close();
  }
}

/** Prints what changed since the last state it was given. */
export function progressPrinter(say: (line: string) => void): (state: RunState) => void {
  let last: RunState | undefined;
  return (state) => {
    for (const line of progressLines(last, state)) say(line);
    last = state;
  };
}

function report(run: string, { state, outcome, outputs, failure }: FollowedRun, { json }: RunCommandOptions): void {
  const error = failure === undefined ? {} : { error: failure };
  if (json) console.log(JSON.stringify({ run, outcome, tasks: state.tasks, outputs, ...error }));
  else console.log(outcomeLine(run, state, outcome));
  if (outcome === 'failed') {
    console.error(failure === undefined ? failureHeadline(state) : `${failure.type}: ${failure.message}`);
  }
  if (outcome !== 'success') process.exitCode = 1;
}
