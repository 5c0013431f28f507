import type { TableSchema } from './delta-schema.js';

/** The customers of a date, one row a dni: which segment, what they buy most, how they rank. */
export const CLIENTES_SEGMENTADOS: TableSchema = {
  name: 'clientes_segmentados',
  description: 'One row a customer and date: segment, main rubro, scores in [0, 1].',
  exported: true,
  columns: [
    { name: 'dni', type: 'string' },
    { name: 'cluster_id', type: 'integer' },
    { name: 'cluster_nombre', type: 'string' },
    { name: 'rubro_top', type: 'string' },
    { name: 'score_supermercado', type: 'double' },
    { name: 'score_farmacia', type: 'double' },
    { name: 'score_restaurante', type: 'double' },
    { name: 'fecha_modelo', type: 'date' },
    { name: 'motivo', type: 'string' },
  ],
};

/** The score of every rubro that a customer bought; a pair that is absent scores 0. */
export const SCORES_RUBRO: TableSchema = {
  name: 'scores_rubro',
  description:
    'One row a customer, rubro bought and date: percentile rank of the amount among the buyers of the rubro.',
  columns: [
    { name: 'dni', type: 'string' },
    { name: 'rubro', type: 'string' },
    { name: 'score', type: 'double' },
    { name: 'fecha_modelo', type: 'date' },
  ],
};

/** What each segment of a date is like. */
export const SEGMENTOS: TableSchema = {
  name: 'segmentos',
  description: 'One row a segment and date: size, what sets it apart, averages a customer.',
  columns: [
    { name: 'cluster_id', type: 'integer' },
    { name: 'cluster_nombre', type: 'string' },
    { name: 'clientes', type: 'integer' },
    { name: 'participacion', type: 'double' },
    { name: 'rubro_distintivo', type: 'string' },
    { name: 'lift', type: 'double' },
    { name: 'compras_promedio', type: 'double' },
    { name: 'monto_promedio', type: 'double' },
    { name: 'recencia_mediana', type: 'double' },
    { name: 'fecha_modelo', type: 'date' },
  ],
};

export const PUBLISHED_TABLES: readonly TableSchema[] = [CLIENTES_SEGMENTADOS, SCORES_RUBRO, SEGMENTOS];
