import { ID_COLUMN } from '../../customers/customer-source.js';
import { column, text } from '../../lake/sql.js';
import { neverColumn } from '../../customers/cleaned-types.js';
import type { MappedColumn } from './clean-rows.js';

type LayoutType = 'string' | 'integer' | 'double' | 'boolean';

/** The columns that every published customer table has, beside the id, `flags` and the date. */
const FIXED: { readonly [name: string]: LayoutType } = {
  gender: 'string',
  age: 'integer',
  income: 'double',
  tenure_months: 'double',
  total_orders: 'integer',
  frequency: 'double',
  days_since_last_purchase: 'integer',
  days_since_last_purchase_never: 'boolean',
  pct_reordered: 'double',
  avg_items_per_order: 'double',
  total_spent: 'double',
  region_clean: 'string',
  fav_category: 'string',
  signup_channel: 'string',
  vip_flag: 'boolean',
  vip_score: 'double',
};

const SQL_TYPE: { readonly [type in LayoutType]: string } = {
  string: 'VARCHAR',
  integer: 'INTEGER',
  double: 'DOUBLE',
  boolean: 'BOOLEAN',
};

interface Column {
  readonly name: string;
  readonly type: LayoutType | 'date';
  /** The SQL type of a number: whether it fits into an INTEGER. */
  readonly large: boolean;
}

function typedColumns(columns: readonly MappedColumn[]): Column[] {
  return columns.flatMap(({ name, rule, from }): Column[] => {
    const large = from.some(({ type }) => type === 'BIGINT');
    const own = { name, type: layoutType(rule.kind, rule.kind === 'number' && rule.integer), large };
    return rule.kind === 'days' ? [own, { name: neverColumn(name), type: 'boolean', large: false }] : [own];
  });
}

function layoutType(kind: string, integer: boolean): LayoutType | 'date' {
  if (kind === 'date') return 'date';
  if (kind === 'flag') return 'boolean';
  if (['id', 'text', 'category'].includes(kind)) return 'string';
  return integer || ['age', 'birth-year', 'days', 'hour', 'weekday'].includes(kind) ? 'integer' : 'double';
}

/** Whether a column has its place in the fixed layout. Whole numbers fit where decimals do; all else has to be the same. */
function isFixed({ name, type, large }: Column): boolean {
  const fixed = FIXED[name];
  if (fixed === undefined) return false;
  if (fixed === 'integer') return (type === 'integer' && !large) || type === 'double';
  return fixed === type || (fixed === 'double' && type === 'integer');
}

/** The layout of `clientes_limpios` over the table of cleaned customers. */
export function fixedSelect(columns: readonly MappedColumn[], customers: string, fecha: string): string {
  const there = new Map(typedColumns(columns).map((one) => [one.name, one] as const));
  const selected = Object.entries(FIXED).map(([name, type]) => {
    const own = there.get(name);
    const sql = SQL_TYPE[type];
    if (own === undefined || !isFixed(own)) return `NULL::${sql} AS ${name}`;
    // A column of whole numbers may be configured as one with decimals; what does not fit is not published here.
    return `${type === 'integer' && own.type === 'double' ? `try_cast(round(${column(name)}) AS ${sql})` : `${column(name)}::${sql}`} AS ${name}`;
  });
  return `SELECT ${ID_COLUMN}, ${selected.join(', ')}, flags, DATE ${text(fecha)} AS fecha_modelo FROM ${customers}`;
}

/** The layout of `clientes_atributos`: every value that has no place in the fixed one. */
export function attributesSelect(columns: readonly MappedColumn[], customers: string, fecha: string): string {
  const further = typedColumns(columns).filter((one) => one.name !== ID_COLUMN && !isFixed(one));
  const values = further.map(({ name, type }) => {
    const value = column(name);
    const isText = type === 'string' || type === 'date';
    const [number, said] = isText ? ['NULL::DOUBLE', `${value}::VARCHAR`] : [`${value}::DOUBLE`, 'NULL::VARCHAR'];
    return `{atributo: ${text(name)}, valor: ${number}, texto: ${said}}`;
  });
  const none = `{atributo: '', valor: NULL::DOUBLE, texto: NULL::VARCHAR}`;
  // One reading of the table, however many columns it has.
  return `SELECT ${ID_COLUMN}, one.*, DATE ${text(fecha)} AS fecha_modelo
    FROM (SELECT ${ID_COLUMN}, unnest([${[none, ...values].join(', ')}]) AS one FROM ${customers})
    WHERE one.valor IS NOT NULL OR one.texto IS NOT NULL`;
}
