import { Command, Option } from 'commander';
import { runParams } from '../config/run-params.js';
import { failureHeadline, runOutcome } from '../dag/run-state.js';
import type { RunState } from '../dag/run-state.js';
import { commandConfig } from './command-config.js';
import { findDag } from './find-dag.js';
import { outcomeLine, progressLines } from './progress-lines.js';
import { connectTemporal } from './temporal-client.js';
import { followRun, startRun } from './temporal-run.js';

interface RunOptions {
  readonly fecha: string;
  readonly param: readonly string[];
  readonly wait?: true;
  readonly local?: true;
  readonly json?: true;
}

export const runCommand = (): Command =>
  new Command('run')
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
    .option('--json', 'print the result as JSON, progress on standard error')
    .action(async (id: string, options: RunOptions, command: Command) => {
      const dag = findDag(id);
      const config = await commandConfig(command);
      const params = runParams(config, dag, options.fecha, options.param);
      const say = options.json ? console.error : console.log;
      const run = `${dag.id}/${options.fecha}`;
      const show = progressPrinter(say);

      if (options.local) {
        const stop = new AbortController();
        process.once('SIGINT', () => stop.abort(new Error('stopped by the user')));
        // Loaded here: the activities and their engine take longer to load than most commands take to run.
        const { runLocal } = await import('./run-local.js');
        const { state, outputs } = await runLocal(config, { dag, run, params, signal: stop.signal, onChange: show });
        report(run, state, outputs, options);
        return;
      }
      const temporal = await connectTemporal(config);
      try {
        const handle = await startRun(temporal, dag, params);
        say(`${run} started: ${temporal.runUrl(run, handle.runId)}`);
        if (!options.wait) {
          if (options.json) console.log(JSON.stringify({ run, runId: handle.runId }));
          return;
        }
        process.once('SIGINT', () => {
          console.error(`${run} goes on without this command`);
          process.exit(130);
        });
        const { state, outputs } = await followRun(temporal, handle, { onChange: show, say });
        report(run, state, outputs, options);
      } finally {
        await temporal.close();
      }
    });

/** Prints what changed since the last state it was given. */
export function progressPrinter(say: (line: string) => void): (state: RunState) => void {
  let last: RunState | undefined;
  return (state) => {
    for (const line of progressLines(last, state)) say(line);
    last = state;
  };
}

function report(run: string, state: RunState, outputs: unknown, { json }: RunOptions): void {
  const outcome = runOutcome(state);
  if (json) console.log(JSON.stringify({ run, outcome, tasks: state.tasks, outputs }));
  else console.log(outcomeLine(run, state, outcome));
  if (outcome === 'failed') console.error(failureHeadline(state));
  if (outcome !== 'success') process.exitCode = 1;
}
