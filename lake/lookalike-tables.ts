import type { TableSchema } from './delta-schema.js';

/** The customers of a date, cleaned: the columns that every customer table may have, null where the source has none. */
export const CLIENTES_LIMPIOS: TableSchema = {
  name: 'clientes_limpios',
  description: 'One row a customer and date: who they are and how they buy, cleaned.',
  exported: true,
  columns: [
    { name: 'customer_id', type: 'string' },
    { name: 'gender', type: 'string' },
    { name: 'age', type: 'integer' },
    { name: 'income', type: 'double' },
    { name: 'tenure_months', type: 'double' },
    { name: 'total_orders', type: 'integer' },
    { name: 'frequency', type: 'double' },
    { name: 'days_since_last_purchase', type: 'integer' },
    { name: 'days_since_last_purchase_never', type: 'boolean' },
    { name: 'pct_reordered', type: 'double' },
    { name: 'avg_items_per_order', type: 'double' },
    { name: 'total_spent', type: 'double' },
    { name: 'region_clean', type: 'string' },
    { name: 'fav_category', type: 'string' },
    { name: 'signup_channel', type: 'string' },
    { name: 'vip_flag', type: 'boolean' },
    { name: 'vip_score', type: 'double' },
    { name: 'flags', type: 'string' },
    { name: 'fecha_modelo', type: 'date' },
  ],
};

/** All other columns of the source, a row a value: `valor` of numbers and yes or no (1, 0), `texto` of the rest. */
export const CLIENTES_ATRIBUTOS: TableSchema = {
  name: 'clientes_atributos',
  description: 'One row a customer, date and further column that has a value: a number, or a text.',
  columns: [
    { name: 'customer_id', type: 'string' },
    { name: 'atributo', type: 'string' },
    { name: 'valor', type: 'double' },
    { name: 'texto', type: 'string' },
    { name: 'fecha_modelo', type: 'date' },
  ],
};

/** Where each customer lies among the others: the coordinates that tell most of them apart. */
export const CLIENTES_PCA: TableSchema = {
  name: 'clientes_pca',
  description: 'One row a customer and date: its first three principal components, further ones as a JSON array.',
  columns: [
    { name: 'customer_id', type: 'string' },
    { name: 'pc1', type: 'double' },
    { name: 'pc2', type: 'double' },
    { name: 'pc3', type: 'double' },
    { name: 'componentes', type: 'string' },
    { name: 'fecha_modelo', type: 'date' },
  ],
};

/** What a run of `lookalikes` publishes of the customers, beside its audiences. */
export const LOOKALIKE_TABLES: readonly TableSchema[] = [CLIENTES_LIMPIOS, CLIENTES_ATRIBUTOS, CLIENTES_PCA];
