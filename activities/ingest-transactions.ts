import { join } from 'node:path';
import { z } from 'zod';
import type { Artifact } from '../dag/artifact.js';
import { addDays } from '../dag/calendar-date.js';
import { BadInput } from '../lake/bad-input.js';
import { listSourceFiles, localSourceFile } from '../lake/source-files.js';
import type { SourceListing } from '../lake/source-files.js';
import type { SourceDefinition } from '../lake/source-definition.js';
import type { OpenedFile } from '../lake/source-tables.js';
import { text } from '../lake/sql.js';
import { checkGzip } from './check-gzip.js';
import { artifactSchema } from './artifact-schema.js';
import { defineActivity } from './define-activity.js';
import type { TaskContext } from './define-activity.js';
import { judgeEvents } from './judge-events.js';
import { mapEvents } from './map-events.js';
import { rowCounts } from './row-counts.js';
import type { RowCounts } from './row-counts.js';
import { writeParquet } from './write-parquet.js';

export interface IngestInput {
  readonly source: SourceDefinition;
  /** The run's date: rows dated before it are seen. */
  readonly fecha: string;
  /** Days before `fecha` that count. */
  readonly window: number;
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
  version: 2,
  cache: 'by-content',
  output: z.object({ transactions: artifactSchema('transactions'), customers: artifactSchema('customers') }),
  fingerprint: ({ source }, { store }) => listSourceFiles(store, source),
  async run(input, context) {
    const { source, fecha, window, timeZone } = input;
    const files = await openFiles(context, source, await listSourceFiles(context.store, source));
    return context.withDuckDb(timeZone, async (db, phase) => {
      phase('reading the source');
      const mapped = await mapEvents(db, source, files, fecha);
      const from = addDays(fecha, -window);
      phase('judging rows');
      const repeated = await judgeEvents(db, source, mapped);
      const counts = await rowCounts(db, from, mapped, repeated);
      checkCounts(input, from, counts);
      const inWindow = `fecha >= DATE ${text(from)}`;
      phase('writing transactions');
      const transactions = await writeParquet(db, join(context.scratch, 'transactions.parquet'), {
        select: `SELECT dni, fecha, rubro, canal, monto, ubicacion, producto FROM judged
          WHERE motivo IS NULL AND ${inWindow}`,
        orderBy: 'ALL',
      });
      phase('writing customers');
      const customers = await writeParquet(db, join(context.scratch, 'customers.parquet'), {
        select: `SELECT dni, CASE WHEN bool_or(motivo IS NULL AND ${inWindow}) THEN NULL
            WHEN bool_or(${inWindow}) THEN 'sin_filas_usables' ELSE 'sin_compras_en_ventana' END AS motivo
          FROM judged WHERE dni IS NOT NULL AND fecha IS NOT NULL AND motivo IS DISTINCT FROM 'carga_ilegible' GROUP BY dni`,
        orderBy: 'dni',
      });
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

function checkCounts({ source, fecha }: IngestInput, from: string, counts: RowCounts): void {
  const { mapeadas: mapped, fecha_ilegible: undated } = counts;
  const culprit = { source: source.name };
  if (mapped === 0) throw new BadInput('the source has no rows: its files hold a header at most', culprit);
  if (mapped === undated) {
    throw new BadInput(
      "Expected dates as YYYY-MM-DD, with or without a time, got none in any row: write strptime(…) in the source's `select`",
      { ...culprit, column: 'fecha', value: counts.fecha_ilegible_ejemplo ?? '' },
    );
  }
  if (counts.usables === 0) {
    const seen = counts.primera === null ? 'no row before the date' : `rows from ${counts.primera} to ${counts.ultima}`;
    throw new BadInput(
      `Expected usable rows dated from ${from} to before ${fecha}, got none: the source has ${seen}; ` +
        `dropped in the window: ${JSON.stringify(counts.descartadas)}`,
      culprit,
    );
  }
}
