import type { Artifact } from '../../dag/artifact.js';
import type { TableSchema } from '../../lake/delta-schema.js';
import { CLIENTES_ATRIBUTOS, CLIENTES_LIMPIOS, CLIENTES_PCA } from '../../lake/lookalike-tables.js';
import { publishPartition } from '../../lake/publish-partition.js';
import type { Published } from '../../lake/publish-partition.js';
import { defineActivity } from '../define-activity.js';
import type { TaskContext } from '../define-activity.js';
import { exportPartition } from '../export-partition.js';
import { checkCustomers } from './check-customers.js';
import type { CleanedCustomers, LookalikeIndex, Plot, ProjectedCustomers, ScaledCustomers } from './handles.js';
import { lookalikeTags } from './lookalike-tags.js';
import { isOfAudience } from './publish-audiences.js';
import { customers } from './plots/figures.js';
import { putBeside } from './put-beside.js';

export interface PublishCustomersInput {
  readonly fecha: string;
  readonly cleaned: CleanedCustomers;
  readonly scaler: ScaledCustomers['scaler'];
  readonly index: LookalikeIndex;
  readonly coordinates: ProjectedCustomers['coordinates'];
  readonly plots: readonly Plot[];
}

export interface PublishedCustomers {
  readonly tables: readonly Published[];
  /** Keys of the csv and JSON lines copies, of the report and the plots, below the lake's root. */
  readonly exports: readonly string[];
}

/**
 * Publishes the customers of a date, `clientes_limpios` last: who sees the new customers finds the rest. Its tags name
 * the index that belongs to them. Runs every time and changes nothing where the lake holds the same content.
 */
export const publishCustomers = defineActivity<PublishCustomersInput, PublishedCustomers>({
  version: 1,
  cache: 'never',
  async run(input, context) {
    const { fecha, cleaned, scaler, index, coordinates } = input;
    const files = {
      clientes: await context.open(cleaned.clientes),
      atributos: await context.open(cleaned.atributos),
      coordinates: await context.open(coordinates),
    };
    return context.withDuckDb('UTC', async (db, phase) => {
      phase('checking');
      await checkCustomers(db, files, cleaned.customers.rows);
      phase('committing');
      const publish = publisher(context, fecha);
      const atributos = await publish(CLIENTES_ATRIBUTOS, cleaned.atributos, {});
      const pca = await publish(CLIENTES_PCA, coordinates, {});
      const tags = lookalikeTags({ ...index, scaler, customers: cleaned.customers });
      const clientes = await publish(CLIENTES_LIMPIOS, cleaned.clientes, tags);
      phase('exporting');
      const copies = await exportPartition(db, context, CLIENTES_LIMPIOS, fecha, files.clientes);
      const beside = await putBeside(context, fecha, await filesBeside(input, context), (name) => !isOfAudience(name));
      const tables = [clientes, atributos, pca];
      const exports = [...copies, ...beside.copies];
      const unchanged = [...tables, ...exports].every((one) => one.unchanged) && beside.removed === 0;
      return {
        output: { tables, exports: exports.map(({ key }) => key) },
        note: `${unchanged ? 'unchanged' : customers(clientes.rows)}, version ${clientes.version}`,
        unchanged,
      };
    });
  },
});

const publisher =
  (context: TaskContext, fecha: string) =>
  async (table: TableSchema, artifact: Artifact, tags: { readonly [tag: string]: string }): Promise<Published> => {
    context.signal.throwIfAborted();
    const { store, run } = context;
    const partition = {
      table,
      fecha,
      file: await context.open(artifact),
      content: artifact,
      rows: artifact.rows,
      tags,
      run,
    };
    const published = await context.transferring(`publishing ${table.name}`, publishPartition(store, partition));
    context.progress({ phase: 'committed', table: table.name, version: published.version });
    return published;
  };

/** What lies beside the tables of a date: the cleaning's report, its cell log where one was asked for, the plots. */
async function filesBeside(
  { cleaned, plots }: PublishCustomersInput,
  context: Pick<TaskContext, 'open'>,
): Promise<ReadonlyMap<string, string>> {
  const files = new Map([['cleaning_report.json', await context.open(cleaned.report)]]);
  if (cleaned.log !== null) files.set('cleaning_log.parquet', await context.open(cleaned.log));
  for (const { name, svg } of plots) files.set(`${name}.svg`, await context.open(svg));
  return files;
}
