import { join } from 'node:path';
import { z } from 'zod';
import type { CustomerSource } from '../../customers/customer-source.js';
import { artifactSchema } from '../artifact-schema.js';
import { defineActivity } from '../define-activity.js';
import type { TaskContext } from '../define-activity.js';
import { writeParquet } from '../write-parquet.js';
import { customerFiles, noRows } from './customer-files.js';
import { customerRows } from './customer-rows.js';
import type { IngestedCustomers } from './handles.js';
import { readCustomerFile } from './read-customer-file.js';
import type { FileRead } from './read-customer-file.js';

export interface IngestCustomersInput {
  readonly source: CustomerSource;
}

const filesOf = ({ source }: IngestCustomersInput, { store }: Pick<TaskContext, 'store'>) =>
  customerFiles(store, source);

/**
 * Reads the files of a customer table, cell by cell and as text: nothing is judged here. All files have the same headers
 * of those that the source maps; what it does not map is left out, and counted in the report.
 */
export const ingestCustomers = defineActivity<IngestCustomersInput, IngestedCustomers>({
  version: 1,
  cache: 'by-content',
  output: z.object({ raw: artifactSchema('customers_raw') }),
  fingerprint: filesOf,
  async run(input, context) {
    const { source } = input;
    const files = await filesOf(input, context);
    return context.withDuckDb('UTC', async (db, phase) => {
      const rows = await customerRows(db, source.columns);
      const reads: FileRead[] = [];
      try {
        for (const file of files) {
          phase(`reading ${file.name}`);
          reads.push(await readCustomerFile(context, source, file, rows));
        }
      } catch (error) {
        rows.discard();
        throw error;
      }
      const select = rows.end();
      const report = reportOf(reads);
      if (report.filas === 0) {
        throw noRows(source, files);
      }
      phase('writing customers');
      const file = join(context.scratch, 'customers.parquet');
      const written = await writeParquet(db, file, { select, orderBy: null });
      const raw = await context.put('customers_raw', file, { ...written, report });
      const of = files.length === 1 ? 'one file' : `${files.length} files`;
      return { output: { raw }, note: `${written.rows.toLocaleString('en')} rows of ${of}` };
    });
  },
});

/** What was read and what was left out. */
function reportOf(reads: readonly FileRead[]) {
  const sum = (of: (read: FileRead) => number): number => reads.reduce((total, read) => total + of(read), 0);
  const headers = new Set(reads.flatMap((read) => read.headers.filter((header) => header !== '')));
  const mapped = reads[0]?.mapped ?? 0;
  const sheets = new Set(reads.flatMap(({ sheet }) => sheet ?? []));
  return {
    archivos: reads.length,
    hojas: [...sheets].slice(0, 10),
    filas: sum(({ rows }) => rows),
    filas_en_blanco: sum(({ blankRows }) => blankRows),
    columnas: mapped,
    columnas_ignoradas: Math.max(0, headers.size - mapped),
    celdas_sin_encabezado: sum(({ cellsWithoutHeader }) => cellsWithoutHeader),
  };
}
