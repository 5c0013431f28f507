import { join } from 'node:path';
import { addDays } from '../dag/calendar-date.js';
import { BadInput } from '../lake/bad-input.js';
import type { DuckDb } from '../lake/duckdb.js';
import type { SourceDefinition } from '../lake/source-definition.js';
import { parquetFile, text } from '../lake/sql.js';
import { createUnused, isUsable, judgeEvents, reasonsOf } from './judge-events.js';
import { rowCounts } from './row-counts.js';
import type { RowCounts } from './row-counts.js';
import { openStaged, sourceFailure } from './stage-source.js';
import type { StagedSource } from './stage-source.js';
import { writeParquet } from './write-parquet.js';
import type { WrittenFile } from './write-parquet.js';

/** A total order. What tells most rows apart comes first, so that the rest is hardly compared. */
const EVENT_ORDER = 'dni, fecha, monto, rubro, canal, ubicacion';

export interface AsOf {
  readonly source: SourceDefinition;
  /** The run's date: rows dated before it are seen. */
  readonly fecha: string;
  /** Days before `fecha` that count. */
  readonly window: number;
}

export interface ReadAsOf {
  readonly transactions: WrittenFile;
  readonly customers: WrittenFile;
  readonly counts: RowCounts;
}

/**
 * Files in `folder` of the usable rows of a staged source as of a date and of its customers, and what became of all
 * rows. A run for `fecha` may know of the rows dated before it and loaded before it began, and of those whose date cannot be
 * read.
 */
export async function readAsOf(
  db: DuckDb,
  input: AsOf,
  staged: StagedSource,
  folder: string,
  phase: (name: string) => void,
): Promise<ReadAsOf> {
  const { source, fecha, window } = input;
  try {
    await openStaged(db, source, staged);
    const from = addDays(fecha, -window);
    // With load times, a row whose own is missing cannot be shown to have been there: it is judged so.
    await db.run(`CREATE VIEW known$ AS SELECT * FROM mapped$ WHERE fecha IS NULL
      OR (fecha < DATE ${text(fecha)} AND (cargado_en IS NULL OR cargado_en < TIMESTAMP ${text(fecha)}))`);
    const { loadTimes } = staged.facts;
    const repeated = await judgeEvents(db, source);
    await createUnused(db, source, loadTimes, from);
    phase('writing transactions');
    // What no row has need not be looked for in each of them.
    const found = new Set((await db.rows('SELECT DISTINCT motivo FROM unused$')).map(({ motivo }) => motivo));
    const reasons = reasonsOf(source, loadTimes).filter(({ motivo }) => found.has(motivo));
    const transactions = await writeParquet(db, join(folder, 'transactions.parquet'), {
      select: `SELECT dni, fecha, rubro, canal, monto, ubicacion FROM judged$ WHERE ${isUsable(from, reasons)}`,
      orderBy: EVENT_ORDER,
    });
    const counts = await rowCounts(db, staged.facts, repeated, transactions);
    checkCounts(input, from, counts);
    phase('writing customers');
    const customers = await writeParquet(db, join(folder, 'customers.parquet'), {
      select: `SELECT dni, CASE WHEN bool_or(usable) THEN NULL
          WHEN bool_or(en_ventana) THEN 'sin_filas_usables' ELSE 'sin_compras_en_ventana' END AS motivo
        FROM (SELECT DISTINCT dni, true AS usable, true AS en_ventana FROM ${parquetFile(transactions.file)}
          UNION ALL SELECT dni, false, en_ventana FROM unused$
            WHERE dni IS NOT NULL AND en_ventana IS NOT NULL AND motivo IS DISTINCT FROM 'carga_ilegible') GROUP BY dni`,
      orderBy: 'dni',
    });
    return { transactions, customers, counts };
  } catch (error) {
    throw typeof staged.rows === 'string' ? error : sourceFailure(source, staged.rows, folder, error);
  }
}

function checkCounts({ source, fecha }: AsOf, from: string, counts: RowCounts): void {
  const { mapeadas: mapped, fecha_ilegible: undated } = counts;
  const culprit = { source: source.name };
  if (mapped === 0) throw new BadInput('the source has no rows: its files hold a header at most', culprit);
  if (mapped === undated) {
    throw new BadInput(
      "Expected dates as YYYY-MM-DD, with or without a time, got none in any row: write strptime(…) in the source's `select`",
      { ...culprit, column: 'fecha', value: counts.fecha_ilegible_ejemplo ?? '' },
    );
  }
  if (counts.usables === 0) {
    const seen = counts.primera === null ? 'no row before the date' : `rows from ${counts.primera} to ${counts.ultima}`;
    throw new BadInput(
      `Expected usable rows dated from ${from} to before ${fecha}, got none: the source has ${seen}; ` +
        `dropped in the window: ${JSON.stringify(counts.descartadas)}`,
      culprit,
    );
  }
}
