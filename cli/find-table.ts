import { BadConfig } from '../config/bad-config.js';
import type { TableSchema } from '../lake/delta-schema.js';
import { ALL_TABLES } from '../lake/all-tables.js';

export const TABLE_NAMES = ALL_TABLES.map(({ name }) => name).join(', ');

/** The published table of this name. */
export function findTable(name: string): TableSchema {
  const table = ALL_TABLES.find((candidate) => candidate.name === name);
  if (table === undefined) throw new BadConfig(`Expected one of the tables (${TABLE_NAMES}), got '${name}'`);
  return table;
}
