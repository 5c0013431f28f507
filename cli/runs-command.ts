import { Command, Option } from 'commander';
import type { Config } from '../config/load-config.js';
import { RECORDED_OUTCOMES, tookMs, workOf } from '../dag/recorded-run.js';
import type { RecordedOutcome, RecordedRun } from '../dag/recorded-run.js';
import type { RunOrigin } from '../dag/run-origin.js';
import type { ObjectStore } from '../lake/object-store.js';
import { openStore } from '../lake/open-store.js';
import { findRuns, listRuns, readRun } from '../lake/run-catalog.js';
import { DAGS } from '../workflows/dags.js';
import { commandConfig } from './command-config.js';
import { countOf, dateOf, rangeOf, rangeOptions } from './date-range.js';
import type { DateRange } from './date-range.js';
import { findDag } from './find-dag.js';
import { openRuns } from './open-runs.js';
import type { RunServer } from './open-runs.js';
import { UNFINISHED, runLines } from './run-lines.js';

interface RunsOptions extends DateRange {
  readonly fecha?: string;
  readonly state?: RecordedOutcome;
  readonly kind?: RunOrigin['kind'];
  readonly n: number;
  readonly json?: true;
}

export function runsCommand(): Command {
  const command = new Command('runs')
    .description('Lists runs by their records, the newest first: how each ended, what it computed, what failed.')
    .argument('[dag]', 'of this DAG (default: of all)')
    .addOption(new Option('--fecha <date>', 'of this fecha_modelo').argParser(dateOf('--fecha')));
  for (const option of rangeOptions()) command.addOption(option);
  return command
    .addOption(new Option('--state <state>', 'that came to this').choices(RECORDED_OUTCOMES))
    .addOption(new Option('--kind <kind>', 'that were started by this').choices(['manual', 'scheduled', 'backfill']))
    .addOption(new Option('-n <runs>', 'at most so many').default(20).argParser(countOf('-n')))
    .option('--json', 'as JSON: of each run all that its record says')
    .action(async (id: string | undefined, options: RunsOptions, command: Command) => {
      const dag = id === undefined ? undefined : findDag(id).id;
      const range = rangeOf(options);
      const config = await commandConfig(command);
      const store = openStore(config.lake, config.s3);
      const server = await openRuns(config, dag === undefined ? Object.keys(DAGS) : [dag]);
      try {
        const { runs, listed } = await wantedRuns(store, server, dag, range, options);
        if (options.json) printJson(store, server, runs);
        else printLines(config, server, runs, { dag, listed, ...options });
      } finally {
        await server.close();
      }
    });
}

async function wantedRuns(
  store: ObjectStore,
  server: RunServer,
  dag: string | undefined,
  range: DateRange,
  { state, kind, n }: RunsOptions,
): Promise<{ readonly runs: readonly RecordedRun[]; readonly listed: number }> {
  const listed = await listRuns(store, { ...(dag === undefined ? {} : { dag }), ...range });
  const isMatch = (run: RecordedRun): boolean =>
    (state === undefined || run.outcome === state) && (kind === undefined || run.origin?.kind === kind);
  const recorded = new Set(listed.map(({ runId }) => runId));
  // Nothing of them has succeeded yet.
  const begun = [...server.open.values()].filter(({ runId, fecha }) => !recorded.has(runId) && isIn(fecha, range));
  const found = await findRuns(store, listed, n, async (one) => {
    const run = await server.completed(await readRun(store, one));
    return isMatch(run) ? run : undefined;
  });
  const runs = [...begun.filter(isMatch), ...found].slice(0, n);
  return { runs, listed: listed.length + begun.length };
}

const isIn = (fecha: string | null, { from, to }: DateRange): boolean =>
  (from === undefined || (fecha !== null && fecha >= from)) && (to === undefined || (fecha !== null && fecha <= to));

function printJson(store: ObjectStore, { address }: RunServer, runs: readonly RecordedRun[]): void {
  const said = runs.map((run) => ({ ...run, ...workOf(run), tookMs: tookMs(run) }));
  console.log(JSON.stringify({ lake: store.url, server: address, runs: said }));
}

function printLines(
  { lake }: Config,
  { address, absence }: RunServer,
  runs: readonly RecordedRun[],
  { dag, listed, state, kind }: RunsOptions & { readonly dag: string | undefined; readonly listed: number },
): void {
  const of = dag === undefined ? '' : ` of ${dag}`;
  const filter = [state, kind].filter((said) => said !== undefined).join(', ');
  if (runs.length === 0) {
    const none = listed === 0 ? `no run${of} left a record` : `none of ${listed} runs${of} is ${filter}`;
    console.log(`${none}, in lake ${lake}`);
  } else {
    const all = runs.length === listed ? '' : ` of ${listed}`;
    const said = filter === '' ? '' : `, ${filter}`;
    console.log(`${runs.length}${all} ${listed === 1 ? 'run' : 'runs'}${of}${said}, the newest first`);
    for (const line of runLines(runs, dag !== undefined)) console.log(line);
    if (runs.some(({ outcome }) => outcome === 'unfinished')) console.log(UNFINISHED);
  }
  if (address === null) console.log(`  runs at work are not told apart: ${absence}`);
}
