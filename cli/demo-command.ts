import { basename, dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { BadConfig } from '../config/bad-config.js';
import { loadConfig } from '../config/load-config.js';
import { isCustomerSource } from '../config/any-source.js';
import type { Config } from '../config/load-config.js';
import { runParams } from '../config/run-params.js';
import type { Dag } from '../dag/dag.js';
import { argentina } from '../demo/customers/argentina.js';
import { writeCustomers } from '../demo/customers/write-customers.js';
import { writeDemoData } from '../demo/write-demo-data.js';
import { AUDIENCE_TABLES, AUDIENCIAS_RESUMEN } from '../lake/audience-tables.js';
import { openStore } from '../lake/open-store.js';
import { readTable } from '../lake/delta-log.js';
import { LOOKALIKE_TABLES } from '../lake/lookalike-tables.js';
import { PUBLISHED_TABLES, SEGMENTOS } from '../lake/published-tables.js';
import { lookalikesDag } from '../workflows/lookalikes-dag.js';
import { segmentationDag } from '../workflows/segmentation-dag.js';
import { startDevServices } from './dev-services.js';
import { outcomeLine } from './progress-lines.js';
import { publishedFile, queryPartition } from './read-published.js';
import { progressPrinter } from './run-command.js';
import { segmentsTable } from './show-command.js';
import { drawTable } from './table.js';
import { connectTemporal } from './temporal-client.js';
import { followRun, startRun } from './temporal-run.js';

/** Three consecutive Mondays at the end of the generated data. */
const FECHAS = ['2026-11-16', '2026-11-23', '2026-11-30'];
/** As many as the name of the file in `configs/lookalikes-demo.yaml` says. */
const CUSTOMERS = 20_000;

const configNamed = (name: string): string => fileURLToPath(new URL(`../../configs/${name}`, import.meta.url));

export const demoCommand = (): Command =>
  new Command('demo')
    .description(
      'Generates card transactions and a dirty customer table, and runs `segmentation` for three weekly dates and ' +
        '`lookalikes` for one on a local Temporal server.',
    )
    .option('--keep', 'leave the server and the worker running')
    .action(async ({ keep }: { readonly keep?: true }) => {
      const config = await demoConfig('demo.yaml');
      const ofCustomers = await demoConfig('lookalikes-demo.yaml');
      const services = await startDevServices(config, { detached: keep === true, say: console.log });
      const interrupted = (): void => void services.stop().finally(() => process.exit(130));
      process.once('SIGINT', interrupted).once('SIGTERM', interrupted);
      let succeeded = false;
      try {
        const { rows, files, customers } = await writeDemoData(demoFolder(config));
        const [people, lines] = [customers.total.toLocaleString('en'), rows.toLocaleString('en')];
        console.log(`generated ${lines} transactions of ${people} customers in ${files.length} files`);
        const { xlsxFile } = await writeCustomers(customersFolder(ofCustomers), {
          profile: argentina,
          seed: 7,
          customers: CUSTOMERS,
        });
        console.log(`generated a dirty table of ${CUSTOMERS.toLocaleString('en')} customers, ${basename(xlsxFile)}`);
        const temporal = { ...config.temporal, address: services.address, ui: services.ui };
        succeeded =
          (await runDates({ ...config, temporal }, segmentationDag, FECHAS)) &&
          (await runDates({ ...ofCustomers, temporal }, lookalikesDag, FECHAS.slice(-1)));
        if (succeeded) await showResults(config);
        if (succeeded) {
          console.log(
            '\nlook further with: npx segmenta show clientes_segmentados --config configs/demo.yaml\n' +
              '                   npx segmenta lookalikes 0 --config configs/lookalikes-demo.yaml',
          );
        }
        console.log(`Temporal UI  ${services.ui ?? `of the server at ${services.address}`}`);
      } finally {
        if (keep === true && succeeded) {
          console.log(`server and worker go on; end them with: kill ${services.pids.toReversed().join(' ')}`);
        } else {
          await services.stop();
        }
      }
      process.exitCode = succeeded ? 0 : 1;
    });

/** Generated customers stay out of a lake that the environment names: the demo's own is below `.segmenta/`. */
const withoutLake = (env: NodeJS.ProcessEnv): NodeJS.ProcessEnv => ({ ...env, SEGMENTA_LAKE: undefined });

const demoConfig = async (name: string): Promise<Config> =>
  loadConfig({ file: configNamed(name), cwd: process.cwd(), env: withoutLake(process.env) });

/** Where the demo's configuration looks for the customer table. */
function customersFolder({ file, sources }: Config): string {
  const { clientes } = sources;
  const path = clientes !== undefined && isCustomerSource(clientes) ? clientes.path[0] : undefined;
  if (path === undefined) throw new BadConfig(`${file}: Expected the customer table 'clientes'`);
  return dirname(path);
}

/** Where the demo's configuration looks for the transactions. */
function demoFolder({ file, sources }: Config): string {
  const { tarjetas } = sources;
  const path = tarjetas === undefined || isCustomerSource(tarjetas) ? undefined : tarjetas.files.transacciones?.path[0];
  if (path === undefined) throw new BadConfig(`${file}: Expected the source tarjetas with the files transacciones`);
  return dirname(path);
}

async function runDates<Params extends object>(
  config: Config,
  dag: Dag<Params>,
  fechas: readonly string[],
): Promise<boolean> {
  const temporal = await connectTemporal(config);
  try {
    for (const fecha of fechas) {
      const started = await startRun(temporal, dag, runParams(config, dag, fecha, []));
      console.log(`\n${started.id}  ${temporal.runUrl(started.id, started.runId)}`);
      const { state, outcome } = await followRun(temporal, started, {
        onChange: progressPrinter(console.log),
        say: console.log,
      });
      console.log(outcomeLine(started.id, state, outcome));
      if (outcome !== 'success') return false;
    }
    return true;
  } finally {
    await temporal.close();
  }
}

async function showResults(config: Config): Promise<void> {
  const store = openStore(config.lake, config.s3);
  console.log(`\nsegments of ${FECHAS.at(-1)}`);
  console.log(await segmentsTable(config, store, await publishedFile(store, SEGMENTOS.name, FECHAS.at(-1))));
  const audiences = await publishedFile(store, AUDIENCIAS_RESUMEN.name, FECHAS.at(-1));
  console.log(`\naudiences of ${audiences.fecha}`);
  const columns = ['audiencia', 'clientes', 'semillas', 'estado', 'lift_10', 'recall_10'];
  const query = `SELECT ${columns.join(', ')} FROM partition ORDER BY audiencia`;
  const rows = await queryPartition(config, store, AUDIENCIAS_RESUMEN, audiences, query);
  console.log(
    drawTable(
      columns,
      rows.map((row) => columns.map((column) => row[column])),
    ),
  );
  console.log(`\npublished in ${store.url}`);
  for (const { name } of [...PUBLISHED_TABLES, ...LOOKALIKE_TABLES, ...AUDIENCE_TABLES]) {
    const { files } = await readTable(store, name);
    for (const file of files) console.log(`  ${name}/${file.path}  ${file.rows.toLocaleString('en')} rows`);
  }
}
