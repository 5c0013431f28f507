import type { TableSchema } from './delta-schema.js';

/** Who is in each published audience of a date. One that is held for confirmation has no rows. */
export const AUDIENCIAS: TableSchema = {
  name: 'audiencias',
  description: 'One row an audience, date and member: place, score, percentile among all who could be in it.',
  exported: true,
  columns: [
    { name: 'audiencia', type: 'string' },
    { name: 'customer_id', type: 'string' },
    { name: 'posicion', type: 'integer' },
    { name: 'score', type: 'double' },
    { name: 'percentil', type: 'double' },
    { name: 'origen', type: 'string' },
    { name: 'fecha_modelo', type: 'date' },
  ],
};

/**
 * What each audience of a date is. `clientes` is how many it has; `clientes_publicados` how many of them are published,
 * or, of one that is held, how many were published last: what the next version is compared with.
 */
export const AUDIENCIAS_RESUMEN: TableSchema = {
  name: 'audiencias_resumen',
  description:
    "One row an audience and date: size, seeds, expected figures, and whether it is 'publicada' or 'retenida'.",
  exported: true,
  columns: [
    { name: 'audiencia', type: 'string' },
    { name: 'clientes', type: 'integer' },
    { name: 'clientes_publicados', type: 'integer' },
    { name: 'semillas', type: 'integer' },
    { name: 'candidatos', type: 'integer' },
    { name: 'puntaje', type: 'string' },
    { name: 'k', type: 'integer' },
    { name: 'estado', type: 'string' },
    { name: 'motivo', type: 'string' },
    { name: 'confirmada_por', type: 'string' },
    { name: 'confirmada_porque', type: 'string' },
    { name: 'lift_10', type: 'double' },
    { name: 'recall_10', type: 'double' },
    { name: 'origen', type: 'string' },
    { name: 'fecha_modelo', type: 'date' },
  ],
};

export const AUDIENCE_TABLES: readonly TableSchema[] = [AUDIENCIAS, AUDIENCIAS_RESUMEN];
