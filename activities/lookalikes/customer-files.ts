import type { CustomerSource } from '../../customers/customer-source.js';
import { BadInput } from '../../lake/bad-input.js';
import type { ObjectStore } from '../../lake/object-store.js';
import { listFiles } from '../../lake/source-files.js';
import type { SourceFile } from '../../lake/source-files.js';
import { sameHeaders } from './customer-rows.js';
import type { RowTaker } from './customer-rows.js';
import { readCustomerFile } from './read-customer-file.js';
import type { ReadingContext } from './read-customer-file.js';

/** The files of a customer table, found and not opened yet. Throws `BadInput` where there are none. */
export const customerFiles = async (store: ObjectStore, source: CustomerSource): Promise<readonly SourceFile[]> =>
  listFiles(store, source.name, source, ['csv', 'xlsx']);

/** Files that hold nobody. */
export const noRows = (source: CustomerSource, files: readonly SourceFile[]): BadInput =>
  new BadInput(
    `the source has no rows: ${files.length === 1 ? 'this file holds' : 'its files hold'} a header at most`,
    { source: source.name, file: namesOf(files) },
  );

const NAMED = 3;

const namesOf = (files: readonly SourceFile[]): string => {
  const names = files.slice(0, NAMED).map(({ name }) => name);
  const more = files.length - names.length;
  return `${names.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
};

/**
 * Opens the files of a customer table and reads their headers and first rows, to find out before a run what
 * `ingestCustomers` would refuse there: formats, passwords, sheets, headers. Throws the same `BadInput`. Gives how many
 * headers are mapped.
 */
export async function checkCustomerFiles(
  context: ReadingContext,
  source: CustomerSource,
  files: readonly SourceFile[],
): Promise<{ readonly mapped: number }> {
  let mapped = 0;
  let rows = 0;
  const expectSame = sameHeaders();
  const taker: RowTaker = {
    begin: (file, headers, culprit) => {
      mapped = expectSame(file, headers, culprit).length;
    },
    add: () => {
      rows += 1;
      return false;
    },
  };
  for (const file of files) await readCustomerFile(context, source, file, taker);
  if (rows === 0) throw noRows(source, files);
  return { mapped };
}
