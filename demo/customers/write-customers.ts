import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { csvLine } from '../csv-line.js';
import type { Cell } from './cell.js';
import type { CustomerProfile } from './customer-profile.js';
import { countDirt, generateCustomers } from './generate-customers.js';
import type { CustomerOptions, PlantedCustomerDirt, RawRow } from './generate-customers.js';
import { inPieces } from './in-pieces.js';
import { rawColumns } from './raw-columns.js';
import { truthTable } from './truth-line.js';
import { writeXlsx } from './xlsx-file.js';

/** What was written, for a test or a report to compare with what is read back. */
export interface WrittenCustomers {
  readonly xlsxFile: string;
  readonly csvFile: string;
  /** `customer_id` and the clean value of every cell: `truth-line.ts`. Rows in order of the id, by code unit. */
  readonly truthFile: string;
  readonly planted: PlantedCustomerDirt;
}

/**
 * Writes a dirty table of customers into `folder`, made where missing: `customer_lookalike_raw_<n>.xlsx`, the same as
 * csv in the profile's delimiter and encoding, and its truth as `…-truth.csv` (UTF-8, comma). `<n>` is the number of
 * customers, `100k` for 100,000. The same options give the same bytes, with the same version of zlib.
 */
export async function writeCustomers(folder: string, options: CustomerOptions): Promise<WrittenCustomers> {
  const { profile, customers } = options;
  const size = customers % 1000 === 0 ? `${customers / 1000}k` : customers;
  const path = join(folder, `customer_lookalike_raw_${size}`);
  const written = { xlsxFile: `${path}.xlsx`, csvFile: `${path}.csv`, truthFile: `${path}-truth.csv` };
  await mkdir(folder, { recursive: true });

  const headers = rawColumns(profile).map(({ header }) => header);
  const { columns, truthOf } = truthTable(profile);
  const counts = countDirt(profile);
  const truths: (readonly [id: string, line: string])[] = [];
  function* table(onRow: (row: RawRow) => void): Generator<readonly Cell[]> {
    yield headers;
    for (const row of generateCustomers(options)) {
      onRow(row);
      yield row.cells.map(({ cell }) => cell);
    }
  }
  await writeXlsx(
    written.xlsxFile,
    'clientes',
    table((row) => {
      counts.add(row);
      const truth = truthOf(row);
      if (truth === undefined) return;
      truths.push([String(truth.customer_id), csvLine(columns.map((name) => text(truth[name] ?? null)))]);
    }),
  );
  await writeLines(
    written.csvFile,
    csvLines(
      table(() => {}),
      profile,
    ),
    profile.csv.encoding === 'latin-1' ? 'latin1' : 'utf8',
  );
  const sorted = truths.toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, line]) => line);
  await writeLines(written.truthFile, [csvLine(columns), ...sorted], 'utf8');
  return { ...written, planted: counts.planted };
}

const text = (value: string | number | boolean | null): string => (value === null ? '' : String(value));

function* csvLines(rows: Iterable<readonly Cell[]>, profile: CustomerProfile): Generator<string> {
  for (const row of rows)
    yield csvLine(
      row.map((cell) => csvText(cell, profile)),
      profile.csv.delimiter,
    );
}

/** As a spreadsheet of the profile's country exports it. */
function csvText(cell: Cell, { csv, decimal }: CustomerProfile): string {
  if (typeof cell !== 'object' || cell === null) {
    // Where a semicolon separates, a comma stands before decimals.
    return typeof cell === 'number' && csv.delimiter === ';' ? text(cell).replace('.', decimal) : text(cell);
  }
  if ('percent' in cell)
    return `${(cell.percent * 100).toFixed(1).replace('.', csv.delimiter === ';' ? decimal : '.')}%`;
  return cell.date;
}

async function writeLines(file: string, lines: Iterable<string>, encoding: 'utf8' | 'latin1'): Promise<void> {
  function* ended(): Generator<string> {
    for (const line of lines) yield `${line}\n`;
  }
  await pipeline(Readable.from(inPieces(ended(), encoding)), createWriteStream(file));
}
