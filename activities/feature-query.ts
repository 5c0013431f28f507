import { column, text, textList } from '../lake/sql.js';
import { OTHERS } from './choose-categories.js';
import { UNKNOWN_RUBRO } from './map-events.js';

export interface FeatureOptions {
  readonly fecha: string;
  readonly rubros: readonly string[];
  readonly canales: readonly string[];
  readonly log1p: boolean;
  readonly digitalChannels: readonly string[];
}

interface Feature {
  readonly name: string;
  /** SQL over the sums of `p` (purchases), `c` (channels) and `v` (visits), one row a dni each. */
  readonly sql: string;
  /** A count or an amount, which `log1p` applies to; recency and shares are left as they are. */
  readonly heavyTailed: boolean;
}

/**
 * The features in their order. Frequency is a number of rows, a mean amount is per row and 0 where there is none, a
 * channel's share is of the customer's rows, recency is in days from the last row to `fecha`, at least 1.
 */
export function featuresOf({ fecha, rubros, canales }: FeatureOptions): readonly Feature[] {
  const counted = (name: string, sql: string): Feature => ({ name, sql, heavyTailed: true });
  const plain = (name: string, sql: string): Feature => ({ name, sql, heavyTailed: false });
  // Of rubros with columns of their own, `purchaseSums` has the features themselves.
  return [
    ...rubros.map((rubro, i) => plain(`frecuencia:${rubro}`, `f${i}`)),
    counted(`frecuencia:${OTHERS}`, 'f_rest'),
    ...rubros.map((rubro, i) => plain(`monto_medio:${rubro}`, `m${i}`)),
    counted(`monto_medio:${OTHERS}`, 'if(f_rest = 0, 0, m_rest / f_rest)'),
    plain('recencia_dias', `DATE ${text(fecha)} - p.ultima`),
    counted('transacciones', 'p.compras'),
    counted('monto_total', 'p.monto'),
    counted('monto_medio', 'p.monto::DOUBLE / p.compras'),
    counted('rubros_distintos', 'p.rubros'),
    ...[...canales, OTHERS].map((canal, i) => plain(`canal:${canal}`, `c${i}::DOUBLE / p.compras`)),
    plain('canal_digital', 'c.digital::DOUBLE / p.compras'),
    counted('lugares_distintos', 'v.lugares'),
    counted('meses_activos', 'v.meses'),
  ];
}

/** The select for the whole feature table: `dni`, then the features as doubles. Takes `purchases`, `channels`, `visits`. */
export function featureSelect(options: FeatureOptions): string {
  const values = featuresOf(options).map(
    ({ name, sql, heavyTailed }) => `${options.log1p && heavyTailed ? logged(sql) : double(sql)} AS ${column(name)}`,
  );
  return `SELECT p.dni, ${values.join(', ')}
    FROM (${purchaseSums(options)}) p JOIN (${channelSums(options)}) c USING (dni) JOIN visits v USING (dni)`;
}

const double = (sql: string): string => `(${sql})::DOUBLE`;

/** Odd around zero, so that refunds that outweigh purchases have a value too. */
const logged = (sql: string): string => `sign(${double(sql)}) * ln(1 + abs(${double(sql)}))`;

/**
 * Purchases are one row a dni and rubro, so a rubro's features are computed once for each of them, and looked up in a list of the
 * customer's own: most customers buy of few rubros. What is absent there is 0, of which the logarithm leaves 0.
 */
function purchaseSums({ rubros, log1p }: FeatureOptions): string {
  const valueOf = log1p ? logged : double;
  const at = rubros.map((_, i) => `list_position(codes, ${i}) AS at${i}`);
  const own = rubros.flatMap((_, i) => [`coalesce(counts[at${i}], 0) AS f${i}`, `coalesce(means[at${i}], 0) AS m${i}`]);
  const code = rubros.map((rubro, i) => `WHEN rubro = ${text(rubro)} THEN ${i}`);
  const rest = (name: string): string => `coalesce(sum(${name}) FILTER (code IS NULL), 0)::DOUBLE`;
  const lists = `SELECT dni, list(code) AS codes, list(${valueOf('compras')}) AS counts,
      list(${valueOf('monto::DOUBLE / compras')}) AS means, ${rest('compras')} AS f_rest, ${rest('monto')} AS m_rest,
      sum(compras) AS compras, sum(monto) AS monto, max(ultima) AS ultima,
      count(*) FILTER (rubro <> ${text(UNKNOWN_RUBRO)}) AS rubros
    FROM (SELECT *, CASE ${[...code, 'WHEN false THEN 0'].join(' ')} END AS code FROM purchases) GROUP BY dni`;
  return `SELECT ${['* EXCLUDE (codes, counts, means)', ...own].join(', ')} FROM (SELECT ${['*', ...at].join(', ')} FROM (${lists}))`;
}

function channelSums({ canales, digitalChannels }: FeatureOptions): string {
  const sums = byCategory('canal', canales).map((filter, i) => `coalesce(sum(compras) FILTER (${filter}), 0) AS c${i}`);
  const digital = `coalesce(sum(compras) FILTER (lower(canal) IN ${textList(digitalChannels)}), 0)`;
  return `SELECT dni, ${sums.join(', ')}, ${digital} AS digital FROM channels GROUP BY dni`;
}

/** One condition for each category, and a last one for all the others. */
const byCategory = (name: string, categories: readonly string[]): readonly string[] => [
  ...categories.map((category) => `${name} = ${text(category)}`),
  `(${name} IN ${textList(categories)}) IS NOT TRUE`,
];
