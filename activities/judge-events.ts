import type { DuckDb } from '../lake/duckdb.js';
import type { SourceDefinition } from '../lake/source-definition.js';
import { text } from '../lake/sql.js';
import { keyColumn } from './map-events.js';
import type { MappedEvents } from './map-events.js';

/**
 * Makes the table `judged` from `mapped`: the events a run for `fecha` may know of, each with the reason (`motivo`)
 * why it is not usable, or null. Rows dated on or after `fecha`, or loaded after it began, are gone; rows without a
 * readable date are kept to be counted. Says how many repeats of an event key were left out.
 */
export async function judgeEvents(
  db: DuckDb,
  source: SourceDefinition,
  { loadTimes: loads }: MappedEvents,
  fecha: string,
): Promise<number> {
  const midnight = `TIMESTAMP ${text(fecha)}`;
  // With load times, a row whose own is missing cannot be shown to have been there.
  const known = loads ? `(cargado_en < ${midnight} OR cargado_en IS NULL)` : 'true';
  await db.run(`CREATE TABLE judged AS SELECT *, ${reasonOf(source, loads)} AS motivo FROM mapped
    WHERE fecha IS NULL OR (fecha < DATE ${text(fecha)} AND ${known}) ${onePerEvent(source)}`);
  if (source.eventKey === undefined) return 0;
  const [rows] = await db.rows(`SELECT
    (SELECT count(*) FROM mapped WHERE fecha IS NULL OR (fecha < DATE ${text(fecha)} AND ${known}))::DOUBLE AS seen,
    (SELECT count(*) FROM judged)::DOUBLE AS kept`);
  return Number(rows?.seen) - Number(rows?.kept);
}

/**
 * Of rows with one event key the last one loaded is kept, then the smallest: which one depends on the rows alone. Rows
 * with a readable date come before others, so that an unreadable repeat changes nothing. A row with a null in its key
 * is an event of its own.
 */
function onePerEvent(source: SourceDefinition): string {
  if (source.eventKey === undefined) return '';
  const keys = source.eventKey.map((_, n) => keyColumn(n));
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
