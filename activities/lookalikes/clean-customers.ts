import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { z } from 'zod';
import { cleanColumn } from '../../customers/cleaning/clean-column.js';
import { headerReport } from '../../customers/cleaning/cleaning-report.js';
import type { CleaningReport, ColumnReport, HeaderReport } from '../../customers/cleaning/cleaning-report.js';
import { warningsOf } from '../../customers/cleaning/report-warnings.js';
import { headersOf } from '../../customers/column-rule.js';
import { ID_COLUMN } from '../../customers/customer-source.js';
import type { CustomerSource } from '../../customers/customer-source.js';
import { BadInput } from '../../lake/bad-input.js';
import type { DuckDb } from '../../lake/duckdb.js';
import { column, parquetFile } from '../../lake/sql.js';
import { artifactSchema } from '../artifact-schema.js';
import { defineActivity } from '../define-activity.js';
import { writeParquet } from '../write-parquet.js';
import type { ParquetCodec } from '../write-parquet.js';
import { cellLogSelect } from './cell-log.js';
import { chooseRows, cleanRows, valueColumns } from './clean-rows.js';
import type { MappedColumn } from './clean-rows.js';
import { storeDictionary } from './column-dictionary.js';
import type { ColumnDictionary } from './column-dictionary.js';
import { countContradictions, countRows } from './count-rows.js';
import { attributesSelect, fixedSelect } from './customer-layouts.js';
import type { CleanedCustomers, IngestedCustomers } from './handles.js';
import { readSpellings } from './read-spellings.js';

export interface CleanCustomersInput {
  readonly raw: IngestedCustomers['raw'];
  readonly source: CustomerSource;
  /** The run's date, as of which people are too old and two-digit years are read. */
  readonly fecha: string;
  /** Keeps every changed cell. */
  readonly cellLog: boolean;
  /** Of the files that are published. */
  readonly codec: ParquetCodec;
}

/**
 * Makes typed, readable values of the texts of a customer table, one row a customer, by the rules of docs/cleaning.md.
 * Nothing is changed or lost uncounted: the report has every change by column and rule.
 */
export const cleanCustomers = defineActivity<CleanCustomersInput, CleanedCustomers>({
  version: 2,
  cache: 'by-content',
  output: z.object({
    customers: artifactSchema('customers_clean'),
    report: artifactSchema('cleaning_report'),
    log: artifactSchema('cleaning_log').nullable(),
    clientes: artifactSchema('clientes_limpios'),
    atributos: artifactSchema('clientes_atributos'),
  }),
  async run({ raw, source, fecha, cellLog, codec }, context) {
    const rawFile = parquetFile(await context.open(raw));
    return context.withDuckDb('UTC', async (db, phase) => {
      await db.run(`CREATE VIEW raw AS SELECT * FROM ${rawFile}`);
      const { columns, reports } = await cleanColumns(db, source, fecha, phase);
      phase('putting rows together');
      await cleanRows(db, columns);
      await chooseRows(db, columns);
      const report = await reportOf(db, source, fecha, columns, reports);
      const file = (name: string): string => join(context.scratch, name);
      phase('writing customers');
      const names = [...valueColumns(columns), 'flags'].map(column).join(', ');
      const customers = await writeParquet(db, file('customers.parquet'), {
        select: `SELECT ${names} FROM kept`,
        orderBy: ID_COLUMN,
      });
      const cleaned = parquetFile(customers.file);
      const clientes = await writeParquet(db, file('clientes.parquet'), {
        select: fixedSelect(columns, cleaned, fecha),
        orderBy: ID_COLUMN,
        codec,
      });
      const atributos = await writeParquet(db, file('atributos.parquet'), {
        select: attributesSelect(columns, cleaned, fecha),
        orderBy: `${ID_COLUMN}, atributo`,
        codec,
      });
      if (cellLog) phase('writing the log');
      const log = cellLog
        ? await writeParquet(db, file('log.parquet'), {
            select: await cellLogSelect(db, columns),
            orderBy: 'row, "column", header',
          })
        : null;
      await writeFile(file('report.json'), `${JSON.stringify(report, null, 2)}\n`);
      const changed = sum(report, ({ cells }) => cells.changed);
      const unreadable = sum(report, ({ cells }) => cells.unreadable);
      const figures = { ...report.rows, changed, unreadable, warnings: report.warnings.slice(0, 10) };
      return {
        output: {
          customers: await context.put('customers_clean', customers.file, { ...customers, report: figures }),
          report: await context.put('cleaning_report', file('report.json'), {
            rows: columns.length,
            schema: Object.keys(report),
            report: figures,
          }),
          log: log === null ? null : await context.put('cleaning_log', log.file, log),
          clientes: await context.put('clientes_limpios', clientes.file, clientes),
          atributos: await context.put('clientes_atributos', atributos.file, atributos),
        },
        note: `${shown(customers.rows)} customers; ${shown(changed)} cells changed, ${shown(unreadable)} unreadable`,
      };
    });
  },
});

const shown = (count: number): string => count.toLocaleString('en');

/** Cleans column by column, so that only one column's texts are in memory at a time. */
async function cleanColumns(db: DuckDb, source: CustomerSource, fecha: string, phase: (name: string) => void) {
  // Names that differ by case alone are one column.
  const headers = new Map(
    (await db.describe('SELECT * FROM raw')).map(({ name }) => [name.toLowerCase(), name] as const),
  );
  const columns: MappedColumn[] = [];
  const reports: HeaderReport[][] = [];
  let tables = 0;
  for (const [name, rule] of Object.entries(source.columns)) {
    const found = headersOf(name, rule).flatMap((header) => headers.get(header.toLowerCase()) ?? []);
    if (found.length === 0) {
      const expected = headersOf(name, rule).join(', ');
      const message = `Expected a column ${expected} in the files, got ${[...headers.values()].filter((one) => one !== '_row').join(', ')}`;
      throw new BadInput(message, { source: source.name, column: name });
    }
    const from: ColumnDictionary[] = [];
    const told: HeaderReport[] = [];
    for (const header of found) {
      phase(`cleaning ${name}`);
      const { spellings, empty } = await readSpellings(db, header);
      const cleaned = cleanColumn(spellings, rule, fecha);
      // Heartbeats and other tasks of this worker get their turn.
      await setImmediate();
      from.push(await storeDictionary(db, `spellings_${tables++}`, header, rule, spellings, cleaned));
      told.push(headerReport(header, spellings, cleaned, empty));
    }
    columns.push({ name, rule, from });
    reports.push(told);
  }
  return { columns, reports };
}

async function reportOf(
  db: DuckDb,
  source: CustomerSource,
  fecha: string,
  columns: readonly MappedColumn[],
  reports: readonly (readonly HeaderReport[])[],
): Promise<CleaningReport> {
  const counted = await countRows(db);
  if (counted.rows.written === 0) {
    const what = counted.rows.read === 0 ? 'the files have no rows' : `none of the ${counted.rows.read} rows has an id`;
    throw new BadInput(`Expected customers, but ${what}`, { source: source.name, column: ID_COLUMN });
  }
  const byColumn: { [name: string]: ColumnReport } = {};
  for (const [i, mapped] of columns.entries()) {
    const contradictions = await countContradictions(db, mapped);
    byColumn[mapped.name] = { kind: mapped.rule.kind, from: reports[i] ?? [], contradictions };
  }
  return { source: source.name, fecha, ...counted, columns: byColumn, warnings: warningsOf(byColumn) };
}

const sum = (report: CleaningReport, of: (header: HeaderReport) => number): number =>
  Object.values(report.columns)
    .flatMap(({ from }) => from.map(of))
    .reduce((a, b) => a + b, 0);
