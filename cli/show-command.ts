import { Command } from 'commander';
import { BadConfig } from '../config/bad-config.js';
import { openStore } from '../lake/open-store.js';
import { CLIENTES_SEGMENTADOS, SEGMENTOS } from '../lake/published-tables.js';
import { readTable } from '../lake/delta-log.js';
import { commandConfig } from './command-config.js';
import { findTable, TABLE_NAMES } from './find-table.js';
import { jsonText } from './json-text.js';
import { publishedFile, queryPartition } from './read-published.js';
import { drawTable } from './table.js';

interface ShowOptions {
  readonly fecha?: string;
  readonly limit: string;
  readonly json?: true;
}

export const showCommand = (): Command =>
  new Command('show')
    .description('Shows a published table: its dates, and rows of one of them.')
    .argument('<table>', TABLE_NAMES)
    .option('--fecha <date>', 'the partition (default: the newest)')
    .option('--limit <rows>', 'rows to show', '10')
    .option('--json', 'dates and rows as JSON')
    .action(async (name: string, options: ShowOptions, command: Command) => {
      const table = findTable(name);
      const limit = Number(options.limit);
      if (!Number.isInteger(limit) || limit < 0)
        throw new BadConfig(`--limit: Expected a number of rows, got '${options.limit}'`);
      const config = await commandConfig(command);
      const store = openStore(config.lake, config.s3);
      const file = await publishedFile(store, table.name, options.fecha);
      const columns = table.columns.map((column) => column.name);
      const order = columns.slice(0, 2).join(', ');
      const rows = await queryPartition(
        config,
        store,
        table,
        file,
        `SELECT * FROM partition ORDER BY ${order} LIMIT ${limit}`,
      );
      const { version, files } = await readTable(store, table.name);
      const partitions = files.map(({ fecha, rows, version, path }) => ({
        fecha,
        rows,
        version,
        path: `${table.name}/${path}`,
      }));
      if (options.json) {
        console.log(jsonText({ table: table.name, lake: store.url, version, fecha: file.fecha, partitions, rows }));
        return;
      }
      console.log(`${table.name} in ${store.url}, version ${version}`);
      console.log(drawTable(['fecha_modelo', 'rows', 'version', 'path'], partitions.map(Object.values)));
      console.log(`${file.fecha}, ${rows.length} of ${file.rows.toLocaleString('en')} rows`);
      console.log(
        drawTable(
          columns,
          rows.map((row) => columns.map((column) => row[column])),
        ),
      );
      if (table !== CLIENTES_SEGMENTADOS) return;
      const segments = await publishedFile(store, SEGMENTOS.name, file.fecha);
      console.log(await segmentsTable(config, store, segments));
    });

/** The segments of a date, for people. */
export async function segmentsTable(
  config: Parameters<typeof queryPartition>[0],
  store: Parameters<typeof queryPartition>[1],
  file: Parameters<typeof queryPartition>[3],
): Promise<string> {
  const rows = await queryPartition(config, store, SEGMENTOS, file, 'SELECT * FROM partition ORDER BY cluster_id');
  const columns = SEGMENTOS.columns.map(({ name }) => name).filter((name) => name !== 'fecha_modelo');
  return drawTable(
    columns,
    rows.map((row) => columns.map((column) => row[column])),
  );
}
