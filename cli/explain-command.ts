import { Command, Option } from 'commander';
import { explainRun } from '../dag/explain-run.js';
import { tablesOfDag } from '../lake/dag-partitions.js';
import type { DagTable } from '../lake/dag-partitions.js';
import { openStore } from '../lake/open-store.js';
import { commandConfig } from './command-config.js';
import { dateOf } from './date-range.js';
import { explainLines } from './explain-lines.js';
import { runsToExplain } from './explained-runs.js';
import { findDag } from './find-dag.js';
import { openRuns } from './open-runs.js';

interface ExplainOptions {
  readonly fecha: string;
  readonly run?: string;
  readonly against?: string;
  readonly json?: true;
}

export const explainCommand = (): Command =>
  new Command('explain')
    .description(
      'Explains a run by its records: inputs, parameters, versions, artifacts, and what changed, task by task.',
    )
    .argument('<dag>', 'its id, such as segmentation')
    .addOption(
      new Option('--fecha <date>', 'fecha_modelo of the run').argParser(dateOf('--fecha')).makeOptionMandatory(),
    )
    .option('--run <run>', 'which one of the date, by its run id (default: the newest)')
    .option('--against <date or run>', 'what it is compared with (default: the last date before with a success)')
    .option('--json', 'as JSON')
    .action(async (id: string, { fecha, run, against, json }: ExplainOptions, command: Command) => {
      const dag = findDag(id);
      const config = await commandConfig(command);
      const store = openStore(config.lake, config.s3);
      const request = { dag: dag.id, fecha, ...(run === undefined ? {} : { run }) };
      const runs = await runsToExplain(store, { ...request, ...(against === undefined ? {} : { against }) });
      const tables = await tablesOfDag(store, dag.id);
      const known = runs.whole.run;
      // Only Temporal tells one that is at work from one that was killed.
      const server = known.outcome === 'unfinished' ? await openRuns(config, [dag.id]) : undefined;
      const whole = { ...runs.whole, run: (await server?.completed(known)) ?? known };
      await server?.close();
      const explanation = explainRun(dag, whole, runs.against, runs.earlier);
      const { ofDate } = runs;
      if (json) console.log(JSON.stringify({ lake: store.url, ...explanation, published: published(tables, fecha) }));
      else for (const line of explainLines({ explanation, tables, ofDate })) console.log(line);
    });

const published = (tables: readonly DagTable[], fecha: string): object =>
  Object.fromEntries(tables.map(({ table, partitions }) => [table, partitions.get(fecha) ?? null]));
