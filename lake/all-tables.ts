import { AUDIENCE_TABLES } from './audience-tables.js';
import type { TableSchema } from './delta-schema.js';
import { LOOKALIKE_TABLES } from './lookalike-tables.js';
import { PUBLISHED_TABLES } from './published-tables.js';
import { VENTAS_TIENDA } from './ventas-table.js';

/** Every table that a DAG publishes. A DAG of your own adds its tables here, for `show`, `history` and `revert`. */
export const ALL_TABLES: readonly TableSchema[] = [
  ...PUBLISHED_TABLES,
  VENTAS_TIENDA,
  ...LOOKALIKE_TABLES,
  ...AUDIENCE_TABLES,
];
