import type { DuckDb } from '../lake/duckdb.js';
import { parquetFile } from '../lake/sql.js';
import type { SourceFacts } from './map-events.js';
import type { WrittenFile } from './write-parquet.js';

/** What became of a source's rows, as of a date. */
// A type, not an interface: it has to pass as the figures of a report.
export type RowCounts = {
  /** Rows in the source's event files, of any date. */
  readonly leidas: number;
  /** Whole rows, or event keys, that came again and were left out. */
  readonly duplicadas: number;
  /** Rows that the source's select gave, of any date; more than the files hold is a join that multiplies. */
  readonly mapeadas: number;
  /** Of those: rows without a readable date, and what one of them said. */
  readonly fecha_ilegible: number;
  readonly fecha_ilegible_ejemplo: string | null;
  /** Usable rows before the date: in the window, and older than it. */
  readonly usables: number;
  readonly anteriores: number;
  /** Rows before the date that were dropped, by the first reason that applies. */
  readonly descartadas: { readonly [reason: string]: number };
  /** First and last date of all rows before the run's date. */
  readonly primera: string | null;
  readonly ultima: string | null;
};

/** Counts what is in `unused$` (`createUnused`), and in the file of the `usable` rows. */
export async function rowCounts(
  db: DuckDb,
  facts: SourceFacts,
  repeated: number,
  usable: WrittenFile,
): Promise<RowCounts> {
  const rows = (condition: string): string => `coalesce(sum(filas) FILTER (${condition}), 0)::DOUBLE`;
  const [row] = await db.rows(`SELECT
    ${rows('en_ventana IS NULL')} AS fecha_ilegible,
    min(texto) FILTER (en_ventana IS NULL) AS fecha_ilegible_ejemplo,
    ${rows('NOT en_ventana AND motivo IS NULL')} AS anteriores,
    least(min(primera), any_value(dated.first))::VARCHAR AS primera,
    greatest(max(ultima), any_value(dated.last))::VARCHAR AS ultima
    FROM (SELECT min(fecha) AS first, max(fecha) AS last FROM ${parquetFile(usable.file)}) dated LEFT JOIN unused$ ON true`);
  const dropped = await db.rows(`SELECT motivo, sum(filas)::DOUBLE AS filas FROM unused$
    WHERE en_ventana IS NOT NULL AND motivo IS NOT NULL GROUP BY motivo ORDER BY motivo`);
  // The query names exactly the columns that are left out here; an aggregate always gives one row.
  const counts = row as unknown as Omit<RowCounts, 'leidas' | 'duplicadas' | 'mapeadas' | 'usables' | 'descartadas'>;
  return {
    leidas: facts.read,
    duplicadas: facts.repeated + repeated,
    mapeadas: facts.given,
    fecha_ilegible: counts.fecha_ilegible,
    fecha_ilegible_ejemplo: counts.fecha_ilegible_ejemplo,
    usables: usable.rows,
    anteriores: counts.anteriores,
    descartadas: Object.fromEntries(dropped.map((drop) => [String(drop.motivo), Number(drop.filas)])),
    primera: counts.primera,
    ultima: counts.ultima,
  };
}
