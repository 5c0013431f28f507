import { fileColumns } from '../lake/delta-schema.js';
import type { DeltaType, TableSchema } from '../lake/delta-schema.js';
import { column } from '../lake/sql.js';

const SQL_TYPES: { readonly [Type in DeltaType]: string } = {
  string: 'VARCHAR',
  boolean: 'BOOLEAN',
  integer: 'INTEGER',
  long: 'BIGINT',
  double: 'DOUBLE',
  date: 'DATE',
};

/** Selects a published table's columns from a relation that has them by name: in its order and types, less the partition column. */
export const laidOut = (table: TableSchema, from: string): string =>
  `SELECT ${fileColumns(table)
    .map(({ name, type }) => `${column(name)}::${SQL_TYPES[type]} AS ${column(name)}`)
    .join(', ')} FROM ${from}`;
