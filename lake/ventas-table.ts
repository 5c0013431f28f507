import type { TableSchema } from './delta-schema.js';

/** What the DAG `ventas` publishes: a store's sales of a date. */
export const VENTAS_TIENDA: TableSchema = {
  name: 'ventas_tienda',
  description: 'One row a store and date: units and amount sold.',
  columns: [
    { name: 'tienda', type: 'string' },
    { name: 'unidades', type: 'long' },
    { name: 'importe', type: 'double' },
    { name: 'fecha_modelo', type: 'date' },
  ],
};
