import type { DuckDb } from '../lake/duckdb.js';
import type { SourceDefinition } from '../lake/source-definition.js';
import { text } from '../lake/sql.js';
import { keyColumn } from './map-events.js';

/** Why a row cannot be used. */
export interface Reason {
  readonly motivo: string;
  /** SQL for the rows it does not concern. */
  readonly unless: string;
}

const UNDATED: Reason = { motivo: 'fecha_ilegible', unless: 'fecha IS NOT NULL' };
const NAMELESS: Reason = { motivo: 'sin_dni', unless: 'dni IS NOT NULL' };

/** Reasons of rows with a date and a dni. */
const furtherReasons = (source: SourceDefinition, loadTimes: boolean): readonly Reason[] => [
  ...(loadTimes ? [{ motivo: 'carga_ilegible', unless: 'cargado_en IS NOT NULL' }] : []),
  { motivo: 'monto_ilegible', unless: 'monto IS NOT NULL' },
  ...(source.positiveAmounts ? [{ motivo: 'monto_no_positivo', unless: 'monto > 0' }] : []),
  ...(source.maxAmount === undefined ? [] : [{ motivo: 'monto_excesivo', unless: `monto <= ${source.maxAmount}` }]),
];

/** In the order in which they are looked at: the first that applies is a row's reason. */
export const reasonsOf = (source: SourceDefinition, loadTimes: boolean): readonly Reason[] => [
  UNDATED,
  NAMELESS,
  ...furtherReasons(source, loadTimes),
];

/** Makes `judged$` from the view `known$`: of rows with one event key only one. Says how many repeats of an event were left out. */
export async function judgeEvents(db: DuckDb, { eventKey }: SourceDefinition): Promise<number> {
  if (eventKey === undefined) {
    await db.run('CREATE VIEW judged$ AS SELECT * FROM known$');
    return 0;
  }
  await db.run(`CREATE TABLE judged$ AS SELECT * FROM known$ ${onePerEvent(eventKey)}`);
  const [rows] = await db.rows(`SELECT (SELECT count(*) FROM known$)::DOUBLE AS seen,
    (SELECT count(*) FROM judged$)::DOUBLE AS kept`);
  return Number(rows?.seen) - Number(rows?.kept);
}

/**
 * Of rows with one event key the last one loaded is kept, then the smallest: which one depends on the rows alone. Rows
 * with a readable date come before others, so that an unreadable repeat changes nothing. A row with a null in its key
 * is an event of its own.
 */
function onePerEvent(eventKey: readonly string[]): string {
  const keys = eventKey.map((_, n) => keyColumn(n));
  const alone = `CASE WHEN ${keys.map((key) => `${key} IS NULL`).join(' OR ')} THEN fila END`;
  const order = 'fecha IS NULL, cargado_en DESC NULLS LAST, dni, fecha, rubro, canal, monto, ubicacion, producto';
  return `QUALIFY row_number() OVER (PARTITION BY ${[...keys, alone].join(', ')} ORDER BY ${order}) = 1`;
}

/** SQL for the rows of `judged$` that count: of a window that begins at `from`, without a reason against them. */
export const isUsable = (from: string, reasons: readonly Reason[]): string =>
  [`fecha >= DATE ${text(from)}`, ...reasons.map(({ unless }) => unless)].join(' AND ');

/**
 * Makes the table `unused$` from the rows of `judged$` that are not usable, which are few, but for those before the window: `dni,
 * motivo, en_ventana, filas, primera, ultima, texto`. `motivo` is null where the row is only too old, and `en_ventana` without a
 * readable date.
 */
export async function createUnused(
  db: DuckDb,
  source: SourceDefinition,
  loadTimes: boolean,
  from: string,
): Promise<void> {
  const cases = furtherReasons(source, loadTimes).map((one) => `WHEN NOT (${one.unless}) THEN ${text(one.motivo)}`);
  // Whether there is a dni is told of a group: a view's column is computed again wherever it stands in a query.
  await db.run(`CREATE TABLE unused$ AS SELECT * REPLACE (CASE WHEN en_ventana IS NULL THEN ${text(UNDATED.motivo)}
      WHEN dni IS NULL THEN ${text(NAMELESS.motivo)} ELSE motivo END AS motivo)
    FROM (SELECT dni, CASE ${cases.join(' ')} END AS motivo, fecha >= DATE ${text(from)} AS en_ventana, count(*) AS filas,
      min(fecha) AS primera, max(fecha) AS ultima, min(fecha_texto) AS texto FROM judged$
      WHERE (${isUsable(from, reasonsOf(source, loadTimes))}) IS NOT TRUE GROUP BY ALL)`);
}
