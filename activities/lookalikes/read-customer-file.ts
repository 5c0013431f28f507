import type { CustomerSource } from '../../customers/customer-source.js';
import { BadInput } from '../../lake/bad-input.js';
import { localSourceFile } from '../../lake/source-files.js';
import type { SourceFile } from '../../lake/source-files.js';
import { firstRows } from '../../lake/tables-in/first-rows.js';
import { readTable } from '../../lake/tables-in/read-table.js';
import type { TableFormat } from '../../lake/tables-in/read-table.js';
import type { Reading, TableFile, TableRead } from '../../lake/tables-in/table-visitor.js';
import type { TaskContext } from '../define-activity.js';
import type { RowTaker } from './customer-rows.js';
import { mapHeaders } from './map-headers.js';
import type { MappedHeader } from './map-headers.js';

export interface FileRead extends TableRead {
  /** The file's, the empty ones among them. */
  readonly headers: readonly string[];
  readonly mapped: number;
}

const BEAT_BYTES = 1024 ** 2;

/** What reading takes of a task; a command may read as well. */
export type ReadingContext = Pick<TaskContext, 'store' | 'cacheFolder' | 'signal' | 'transferring' | 'progress'>;

/** Reads one file of a customer table into `rows`. */
export async function readCustomerFile(
  context: ReadingContext,
  source: CustomerSource,
  file: SourceFile,
  rows: RowTaker,
): Promise<FileRead> {
  const { store, cacheFolder, signal } = context;
  const path = await context.transferring(`fetching ${file.name}`, localSourceFile(store, cacheFolder, file));
  const table: TableFile = { source: source.name, name: file.name, path };
  if (file.format === 'parquet') throw new RangeError(`Expected a csv or an xlsx file, got '${file.name}'`);
  const format: TableFormat = { ...source, format: file.format };
  const reading: Reading = { signal, progress: beats(context, file.name) };
  const culprit = { source: source.name, file: file.name };
  let headers: readonly string[] = [];
  let count = 0;
  let unfit: unknown;
  const mapped = (names: readonly string[]): readonly MappedHeader[] => {
    try {
      return mapHeaders(source.columns, names, culprit);
    } catch (error) {
      unfit = error;
      throw error;
    }
  };
  const visitor = {
    header: (names: readonly string[]) => {
      headers = names;
      const found = mapped(names);
      rows.begin(file.name, found, culprit);
      count = found.length;
      return found.map((one) => one.column);
    },
    row: (values: readonly (string | null)[]) => rows.add(values),
  };
  try {
    return { ...(await readTable(table, format, visitor, reading)), headers, mapped: count };
  } catch (error) {
    if (unfit === undefined || error !== unfit) throw error;
    throw await withHeaderBelow(source, table, format, reading, error);
  }
}

/** Heartbeats as bytes are read. */
function beats(context: ReadingContext, file: string): (bytes: number) => void {
  let told = 0;
  return (bytes) => {
    // Each part of a workbook counts from 0.
    if (bytes < told) told = 0;
    if (bytes - told < BEAT_BYTES) return;
    told = bytes;
    context.progress({ phase: `reading ${file}`, bytes });
  };
}

const LOOKED_AT = 20;

/** Says so where the header is further below, under a title. */
async function withHeaderBelow(
  source: CustomerSource,
  table: TableFile,
  format: TableFormat,
  reading: Reading,
  error: unknown,
): Promise<unknown> {
  if (!(error instanceof BadInput)) return error;
  // Whatever else is amiss in the file has not been asked for.
  const rows = await firstRows(table, format, LOOKED_AT, reading).catch(() => []);
  const below = rows.find(({ texts }) => isHeader(source, texts));
  if (below === undefined) return error;
  return new BadInput(
    `Expected the header in row 1, got it in row ${below.row}: delete the rows above it`,
    { source: source.name, file: table.name, row: 1 },
    { cause: error },
  );
}

function isHeader({ columns }: CustomerSource, texts: readonly string[]): boolean {
  try {
    return mapHeaders(columns, texts, {}).length > 0;
  } catch {
    return false;
  }
}
