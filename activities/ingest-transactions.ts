import { z } from 'zod';
import type { Artifact } from '../dag/artifact.js';
import { BadInput } from '../lake/bad-input.js';
import { listSourceFiles } from '../lake/source-files.js';
import { artifactSchema } from './artifact-schema.js';
import { defineActivity } from './define-activity.js';
import { readAsOf } from './read-as-of.js';
import type { AsOf } from './read-as-of.js';
import { checkUnchanged, forgetStaged, stageSource } from './stage-source.js';

export interface IngestInput extends AsOf {
  /** In which zone a moment is a date, and `fecha` begins. */
  readonly timeZone: string;
}

export interface Ingested {
  /**
   * Usable rows of the window: `dni, fecha, rubro, canal, monto, ubicacion`, one an event. What was bought tells events apart and
   * is read no further.
   */
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
  version: 4,
  cache: 'by-content',
  output: z.object({ transactions: artifactSchema('transactions'), customers: artifactSchema('customers') }),
  fingerprint: ({ source }, { store }) => listSourceFiles(store, source),
  async run(input, context) {
    const { source, timeZone } = input;
    const staged = await stageSource(context, source, timeZone);
    return context.withDuckDb(timeZone, async (db, phase) => {
      phase('judging rows');
      const read = await readAsOf(db, input, staged, context.scratch, phase).catch(async (error: unknown) => {
        context.signal.throwIfAborted();
        // A file that was replaced meanwhile explains whatever was found in it.
        await checkUnchanged(context, source, staged.listing);
        if (!(error instanceof BadInput)) await forgetStaged(staged);
        throw error;
      });
      const { transactions, customers, counts } = read;
      const report = { ...counts, archivos: Object.values(staged.listing).flat().length };
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
