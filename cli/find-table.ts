import { BadConfig } from '../config/bad-config.js';
import type { TableSchema } from '../lake/delta-schema.js';
import { PUBLISHED_TABLES } from '../lake/published-tables.js';

export const TABLE_NAMES = PUBLISHED_TABLES.map(({ name }) => name).join(', ');

/** The published table of this name. */
export function findTable(name: string): TableSchema {
  const table = PUBLISHED_TABLES.find((candidate) => candidate.name === name);
  if (table === undefined) throw new BadConfig(`Expected one of the tables (${TABLE_NAMES}), got '${name}'`);
  return table;
}
