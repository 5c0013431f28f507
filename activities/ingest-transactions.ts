import { z } from 'zod';
import type { Artifact } from '../dag/artifact.js';
import { listSourceFiles, localSourceFile } from '../lake/source-files.js';
import type { SourceListing } from '../lake/source-files.js';
import type { SourceDefinition } from '../lake/source-definition.js';
import type { OpenedFile } from '../lake/source-tables.js';
import { checkGzip } from './check-gzip.js';
import { artifactSchema } from './artifact-schema.js';
import { defineActivity } from './define-activity.js';
import type { TaskContext } from './define-activity.js';
import { readAsOf } from './read-as-of.js';
import type { AsOf } from './read-as-of.js';

export interface IngestInput extends AsOf {
  /** In which zone a moment is a date, and `fecha` begins. */
  readonly timeZone: string;
}

export interface Ingested {
  /** Usable rows of the window: `dni, fecha, rubro, canal, monto, ubicacion, producto`, one an event. */
  readonly transactions: Artifact<'transactions'>;
  /** Every dni with a readable row before the date: `dni, motivo`; `motivo` is null for who has a usable row. */
  readonly customers: Artifact<'customers'>;
}

/**
 * Reads a source as of a date. What is dated on or after `fecha`, or was loaded after it began, leaves no trace in the
 * artifacts. Dropped rows are counted by reason in the report of `transactions`; so are rows whose date cannot be read,
 * which belong to no date and hence to no digest.
 */
export const ingestTransactions = defineActivity<IngestInput, Ingested>({
  version: 3,
  cache: 'by-content',
  output: z.object({ transactions: artifactSchema('transactions'), customers: artifactSchema('customers') }),
  fingerprint: ({ source }, { store }) => listSourceFiles(store, source),
  async run(input, context) {
    const { source, timeZone } = input;
    const files = await openFiles(context, source, await listSourceFiles(context.store, source));
    return context.withDuckDb(timeZone, async (db, phase) => {
      const { transactions, customers, counts } = await readAsOf(db, input, files, context.scratch, phase);
      const report = { ...counts, archivos: Object.values(files).flat().length };
      const [rows, people] = [transactions.rows.toLocaleString('en'), customers.rows.toLocaleString('en')];
      return {
        output: {
          transactions: await context.put('transactions', transactions.file, { ...transactions, report }),
          customers: await context.put('customers', customers.file, customers),
        },
        note: `${rows} rows of ${people} customers`,
      };
    });
  },
});

async function openFiles(context: TaskContext, source: SourceDefinition, listing: SourceListing) {
  const opened: { [files: string]: readonly OpenedFile[] } = {};
  for (const name of Object.keys(source.files)) {
    const files: OpenedFile[] = [];
    for (const file of listing[name] ?? []) {
      context.signal.throwIfAborted();
      context.progress({ phase: 'opening', file: file.name });
      const found = localSourceFile(context.store, context.cacheFolder, file);
      const path = await context.transferring(`fetching ${file.name}`, found);
      if (path.endsWith('.gz')) {
        const whole = checkGzip(path, { source: source.name, file: file.name }, context.signal);
        await context.transferring(`checking ${file.name}`, whole);
      }
      files.push({ ...file, path });
    }
    opened[name] = files;
  }
  return opened;
}
