import { join } from 'node:path';
import { addDays } from '../dag/calendar-date.js';
import { BadInput } from '../lake/bad-input.js';
import type { DuckDb } from '../lake/duckdb.js';
import { readFailure } from '../lake/read-failure.js';
import type { SourceDefinition } from '../lake/source-definition.js';
import type { OpenedFile } from '../lake/source-tables.js';
import { text } from '../lake/sql.js';
import { judgeEvents } from './judge-events.js';
import { mapEvents } from './map-events.js';
import { createSeen, rowCounts } from './row-counts.js';
import type { RowCounts } from './row-counts.js';
import { writeParquet } from './write-parquet.js';
import type { WrittenFile } from './write-parquet.js';

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

/** Files in `folder` of the usable rows of a source as of a date and of its customers, and what became of all rows. */
export async function readAsOf(
  db: DuckDb,
  input: AsOf,
  files: { readonly [name: string]: readonly OpenedFile[] },
  folder: string,
  phase: (name: string) => void,
): Promise<ReadAsOf> {
  const { source, fecha, window } = input;
  try {
    phase('reading the source');
    const mapped = await mapEvents(db, source, files, fecha);
    const from = addDays(fecha, -window);
    phase('judging rows');
    const repeated = await judgeEvents(db, source, mapped);
    await createSeen(db, from);
    const counts = await rowCounts(db, mapped, repeated);
    checkCounts(input, from, counts);
    phase('writing transactions');
    const transactions = await writeParquet(db, join(folder, 'transactions.parquet'), {
      select: `SELECT dni, fecha, rubro, canal, monto, ubicacion, producto FROM judged
        WHERE motivo IS NULL AND fecha >= DATE ${text(from)}`,
      // What tells most rows apart comes first: the rest is hardly compared.
      orderBy: 'dni, fecha, monto, rubro, canal, ubicacion, producto',
    });
    checkRepeatable(source, counts.usables, transactions.rows);
    phase('writing customers');
    const customers = await writeParquet(db, join(folder, 'customers.parquet'), {
      select: `SELECT dni, CASE WHEN bool_or(motivo IS NULL AND en_ventana) THEN NULL
          WHEN bool_or(en_ventana) THEN 'sin_filas_usables' ELSE 'sin_compras_en_ventana' END AS motivo
        FROM seen WHERE dni IS NOT NULL AND en_ventana IS NOT NULL AND motivo IS DISTINCT FROM 'carga_ilegible' GROUP BY dni`,
      orderBy: 'dni',
    });
    return { transactions, customers, counts };
  } catch (error) {
    throw readFailure(source, Object.values(files).flat(), error);
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

/** Rows may be read more than once, and a run again has to give the same. */
function checkRepeatable(source: SourceDefinition, counted: number, written: number): void {
  if (counted === written) return;
  throw new BadInput(
    `Expected the same rows whenever the source's \`select\` is asked, got ${counted} and then ${written} usable ones: ` +
      'take out what differs from time to time (random(), the current time)',
    { source: source.name },
  );
}
