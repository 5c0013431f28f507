import { Command, Option } from 'commander';
import { cadenceOf, missingDates } from '../dag/date-cadence.js';
import type { Dag } from '../dag/dag.js';
import type { RecordedRun } from '../dag/recorded-run.js';
import { tablesOfDag } from '../lake/dag-partitions.js';
import type { DagTable } from '../lake/dag-partitions.js';
import type { ObjectStore } from '../lake/object-store.js';
import { openStore } from '../lake/open-store.js';
import { inLanes } from '../lake/lanes.js';
import { READS, listRuns, readRun } from '../lake/run-catalog.js';
import type { ListedRun } from '../lake/run-catalog.js';
import { commandConfig } from './command-config.js';
import { countOf, rangeOf, rangeOptions } from './date-range.js';
import type { DateRange } from './date-range.js';
import { findDag } from './find-dag.js';
import { openRuns } from './open-runs.js';
import type { RunServer } from './open-runs.js';
import { gridLines } from './partition-grid.js';
import type { Grid, GridRow } from './partition-grid.js';

interface PartitionsOptions extends DateRange {
  readonly n: number;
  /** False with `--no-gaps`. */
  readonly gaps: boolean;
  readonly json?: true;
}

export function partitionsCommand(): Command {
  const command = new Command('partitions')
    .description('Shows dates by tasks: what the newest run of each date computed, and what is published of it.')
    .argument('<dag>', 'its id, such as segmentation');
  for (const option of rangeOptions()) command.addOption(option);
  return command
    .addOption(new Option('-n <dates>', 'the newest so many dates').default(30).argParser(countOf('-n')))
    .option('--no-gaps', 'leave out dates without a run and a partition, told by the distance of the others')
    .option('--json', 'as JSON')
    .action(async (id: string, options: PartitionsOptions, command: Command) => {
      const dag = findDag(id);
      const range = rangeOf(options);
      const config = await commandConfig(command);
      const store = openStore(config.lake, config.s3);
      const server = await openRuns(config, [dag.id]);
      try {
        const { every, total, ...grid } = await readGrid(store, server, dag, range, options);
        if (options.json) console.log(JSON.stringify(asJson(dag, store, server, every, grid)));
        else for (const line of lines(dag, config.lake, server, every, total, grid)) console.log(line);
      } finally {
        await server.close();
      }
    });
}

interface ReadGrid extends Grid {
  /** Days from one date to the next, as most are. */
  readonly every: number | undefined;
  /** Dates there would be without `-n`. */
  readonly total: number;
}

async function readGrid(
  store: ObjectStore,
  server: RunServer,
  dag: Dag,
  range: DateRange,
  { n, gaps }: PartitionsOptions,
): Promise<ReadGrid> {
  const [listed, held] = await Promise.all([listRuns(store, { dag: dag.id, ...range }), tablesOfDag(store, dag.id)]);
  const runs = byDate(listed, server);
  const isIn = (date: string): boolean => date >= (range.from ?? '') && date <= (range.to ?? '9999');
  const published = held.flatMap(({ partitions }) => [...partitions.keys()]);
  // Also those that are published outside the range: they tell what is missing in it.
  const known = [...new Set([...runs.keys(), ...published])];
  const every = gaps ? cadenceOf(known) : undefined;
  const missing = every === undefined ? [] : missingDates(known, every, range);
  const dates = [...known, ...missing].filter(isIn).toSorted().toReversed();
  const rows = await inLanes(
    dates.slice(0, n),
    async (fecha) => readRow(store, server, fecha, runs.get(fecha), held),
    READS,
  );
  return {
    tasks: dag.tasks.map(({ id }) => id),
    tables: held.map(({ table }) => table),
    rows,
    every,
    total: dates.length,
  };
}

interface RunsOfDate {
  readonly listed: readonly ListedRun[];
  /** At work, and nothing of it has succeeded yet. */
  readonly begun: RecordedRun | undefined;
}

function byDate(listed: readonly ListedRun[], { open }: RunServer): ReadonlyMap<string, RunsOfDate> {
  const recorded = new Set(listed.map(({ runId }) => runId));
  const dates = new Map<string, RunsOfDate>();
  for (const run of listed) {
    if (run.fecha === null) continue;
    dates.set(run.fecha, { listed: [...(dates.get(run.fecha)?.listed ?? []), run], begun: undefined });
  }
  for (const run of open.values()) {
    if (run.fecha === null || recorded.has(run.runId)) continue;
    dates.set(run.fecha, { listed: dates.get(run.fecha)?.listed ?? [], begun: run });
  }
  return dates;
}

async function readRow(
  store: ObjectStore,
  server: RunServer,
  fecha: string,
  { listed, begun }: RunsOfDate = { listed: [], begun: undefined },
  held: readonly DagTable[],
): Promise<GridRow> {
  const newest = listed[0];
  const recorded = newest === undefined ? null : await server.completed(await readRun(store, newest));
  return {
    fecha,
    runs: listed.length + (begun === undefined ? 0 : 1),
    run: begun ?? recorded,
    partitions: held.map(({ partitions }) => partitions.get(fecha) ?? null),
  };
}

function asJson(dag: Dag, store: ObjectStore, server: RunServer, every: number | undefined, grid: Grid): object {
  const { tasks, tables, rows } = grid;
  const dates = rows.map(({ partitions, ...row }) => ({
    ...row,
    partitions: Object.fromEntries(tables.map((table, i) => [table, partitions[i] ?? null])),
  }));
  return { dag: dag.id, lake: store.url, server: server.address, every: every ?? null, tasks, tables, dates };
}

function lines(
  dag: Dag,
  lake: string,
  { address, absence }: RunServer,
  every: number | undefined,
  total: number,
  grid: Grid,
): string[] {
  const { rows } = grid;
  const absent = address === null ? [`  runs at work are not told apart: ${absence}`] : [];
  if (rows.length === 0) return [`no run of ${dag.id} left a record, in lake ${lake}`, ...absent];
  const count = rows.length === total ? `${total}` : `the newest ${rows.length} of ${total}`;
  const apart = every === undefined ? '' : `, ${every === 1 ? 'one a day' : `one every ${every} days`}`;
  return [`${dag.id}: ${count} ${total === 1 ? 'date' : 'dates'}${apart}`, ...gridLines(grid), ...absent];
}
