import type { DuckDb } from '../lake/duckdb.js';
import type { SourceDefinition } from '../lake/source-definition.js';
import { keyColumn } from './map-events.js';

/**
 * Makes `judged` from the table `mapped`: each row with the reason (`motivo`) why it is not usable, or null, and of rows with
 * one event key only one. Says how many repeats of an event key were left out.
 */
export async function judgeEvents(
  db: DuckDb,
  source: SourceDefinition,
  { loadTimes }: { readonly loadTimes: boolean },
): Promise<number> {
  const judged = `SELECT *, ${reasonOf(source, loadTimes)} AS motivo FROM mapped`;
  if (source.eventKey === undefined) {
    await db.run(`CREATE VIEW judged AS ${judged}`);
    return 0;
  }
  await db.run(`CREATE TABLE judged AS ${judged} ${onePerEvent(source.eventKey)}`);
  const [rows] = await db.rows(`SELECT (SELECT count(*) FROM mapped)::DOUBLE AS seen,
    (SELECT count(*) FROM judged)::DOUBLE AS kept`);
  return Number(rows?.seen) - Number(rows?.kept);
}

/**
 * Of rows with one event key the last one loaded is kept, then the smallest: which one depends on the rows alone. Rows
 * with a readable date come before others, so that an unreadable repeat changes nothing. A row with a null in its key
 * is an event of its own.
 */
function onePerEvent(eventKey: readonly string[]): string {
  const keys = eventKey.map((_, n) => keyColumn(n));
  const alone = `CASE WHEN ${keys.map((key) => `${key} IS NULL`).join(' OR ')} THEN rowid END`;
  const order = 'fecha IS NULL, cargado_en DESC NULLS LAST, dni, fecha, rubro, canal, monto, ubicacion, producto';
  return `QUALIFY row_number() OVER (PARTITION BY ${[...keys, alone].join(', ')} ORDER BY ${order}) = 1`;
}

/** SQL for the first reason why a row cannot be used; null where it can. */
function reasonOf(source: SourceDefinition, loads: boolean): string {
  const reasons = [
    `WHEN fecha IS NULL THEN 'fecha_ilegible'`,
    `WHEN dni IS NULL THEN 'sin_dni'`,
    ...(loads ? [`WHEN cargado_en IS NULL THEN 'carga_ilegible'`] : []),
    `WHEN monto IS NULL THEN 'monto_ilegible'`,
    ...(source.positiveAmounts ? [`WHEN monto <= 0 THEN 'monto_no_positivo'`] : []),
    ...(source.maxAmount === undefined ? [] : [`WHEN monto > ${source.maxAmount} THEN 'monto_excesivo'`]),
  ];
  return `CASE ${reasons.join(' ')} END`;
}
