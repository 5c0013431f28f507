import { z } from 'zod';

/** The column types our published tables use, in Delta's names. */
export type DeltaType = 'string' | 'boolean' | 'integer' | 'long' | 'double' | 'date';

export interface TableSchema {
  /** Folder of the table below the lake's root, and the kind of the artifacts that are published to it. */
  readonly name: string;
  readonly description: string;
  /** Copies as csv and JSON lines go out with it, for people. */
  readonly exported?: true;
  /** Every column, the partition column among them, in the order readers see. */
  readonly columns: readonly { readonly name: string; readonly type: DeltaType }[];
}

/** Every published table is partitioned by this column, and by no other. */
export const PARTITION_COLUMN = 'fecha_modelo';

/** The `schemaString` of a table's `metaData` action. Source: Delta transaction log protocol, "Schema serialization format". */
export const schemaString = (table: TableSchema): string =>
  JSON.stringify({
    type: 'struct',
    fields: table.columns.map(({ name, type }) => ({ name, type, nullable: true, metadata: {} })),
  });

const schemaFields = z.object({ fields: z.array(z.object({ name: z.string(), type: z.unknown() })) });

/** Names and types in a `schemaString`, in order: what must agree, however another program serialized it. */
export const columnsIn = (schema: string): readonly string[] =>
  schemaFields
    .parse(JSON.parse(schema))
    .fields.map(({ name, type }) => `${name} ${typeof type === 'string' ? type : JSON.stringify(type)}`);

/** The table's columns as they stand inside a file: the partition's value is in the path only. */
export const fileColumns = (table: TableSchema): TableSchema['columns'] =>
  table.columns.filter((column) => column.name !== PARTITION_COLUMN);
