import { join } from 'node:path';
import { AUDIENCIAS, AUDIENCIAS_RESUMEN } from '../../lake/audience-tables.js';
import type { TableFile } from '../../lake/delta-log.js';
import { fileColumns, PARTITION_COLUMN } from '../../lake/delta-schema.js';
import type { TableSchema } from '../../lake/delta-schema.js';
import type { DuckDb } from '../../lake/duckdb.js';
import { keepReferenced, lastSighting } from '../../lake/keep-objects.js';
import type { Published } from '../../lake/publish-partition.js';
import { PublishConflict, replacePartition } from '../../lake/replace-partition.js';
import { column, parquetFile, text } from '../../lake/sql.js';
import type { TaskContext } from '../define-activity.js';
import { exportPartition } from '../export-partition.js';
import type { ExportedCopy } from '../export-partition.js';
import { laidOut } from '../laid-out.js';
import { writeParquet } from '../write-parquet.js';
import type { ParquetCodec, WrittenFile } from '../write-parquet.js';
import { memberTag, publishedTag, readDateAudiences, reportTag } from './date-audiences.js';
import type { DateAudiences, DatedAudience } from './date-audiences.js';

export type PublishingContext = Pick<
  TaskContext,
  'store' | 'scratch' | 'signal' | 'run' | 'open' | 'put' | 'progress' | 'transferring'
>;

export interface AudienceChange {
  /** `YYYY-MM-DD` */
  readonly fecha: string;
  readonly codec: ParquetCodec;
  /** The person who changes them, and why; a run has neither. */
  readonly by?: string;
  readonly why?: string;
  /** All audiences of the date, given those that are there. Called again where somebody else changed them meanwhile. */
  change(before: DateAudiences): readonly DatedAudience[];
}

export interface CommittedAudiences {
  readonly audiences: readonly DatedAudience[];
  /** `audiencias_resumen`, then `audiencias`; none where the date has no audience and never had one. */
  readonly tables: readonly Published[];
  readonly exports: readonly ExportedCopy[];
}

/** So often somebody else may change the same date at the same time before this one gives up. */
const RACES = 5;

/**
 * Changes the audiences of a date, in both tables. The summary is what counts, and is committed first; the members are
 * laid out from what it names. Of two who change a date at once, each finds the other's audiences and keeps them; what a
 * crash leaves between the two commits, the next change or run of the date puts right.
 */
export async function commitAudiences(
  db: DuckDb,
  context: PublishingContext,
  change: AudienceChange,
): Promise<CommittedAudiences> {
  for (let race = 1; ; race += 1) {
    const before = await readDateAudiences(db, context, change.fecha);
    const audiences = change.change(before).toSorted((a, b) => (a.row.audiencia < b.row.audiencia ? -1 : 1));
    if (audiences.length === 0 && before.files.resumen.length === 0) return { audiences, tables: [], exports: [] };
    try {
      return await commit(db, context, change, before, audiences);
    } catch (error) {
      if (!(error instanceof PublishConflict) || race === RACES) throw error;
    }
  }
}

async function commit(
  db: DuckDb,
  context: PublishingContext,
  change: AudienceChange,
  before: DateAudiences,
  audiences: readonly DatedAudience[],
): Promise<CommittedAudiences> {
  const tags = Object.fromEntries(
    audiences.flatMap(({ row, members, report, published }) => [
      [memberTag(row.audiencia), JSON.stringify(members)],
      [reportTag(row.audiencia), JSON.stringify({ ...report, report: undefined })],
      ...(row.estado === 'publicada' || published === null
        ? []
        : [[publishedTag(row.audiencia), JSON.stringify(published)]]),
    ]),
  );
  const resumen = await writeSummaries(db, context, change.codec, audiences);
  const members = await writeMembers(db, context, change.codec, audiences);
  const tables = [
    await replace(context, change, AUDIENCIAS_RESUMEN, resumen, tags, before.files.resumen),
    await replace(context, change, AUDIENCIAS, members, {}, before.files.audiencias),
  ];
  const exports = [
    ...(await exportPartition(db, context, AUDIENCIAS_RESUMEN, change.fecha, resumen.file)),
    ...(await exportPartition(db, context, AUDIENCIAS, change.fecha, members.file)),
  ];
  return { audiences, tables, exports };
}

async function replace(
  context: PublishingContext,
  { fecha, by, why }: AudienceChange,
  table: TableSchema,
  written: WrittenFile,
  tags: { readonly [tag: string]: string },
  replaces: readonly TableFile[],
): Promise<Published> {
  context.signal.throwIfAborted();
  const { store, run } = context;
  const { file, rows } = written;
  // Under the table's name, for `revert`.
  const content = await context.put(table.name, file, written);
  const sighting = await lastSighting(store);
  const work = replacePartition(store, {
    table,
    fecha,
    rows,
    tags,
    run,
    file,
    content,
    replaces,
    operation: {
      operation: 'WRITE',
      operationParameters: { mode: 'Overwrite', partitionBy: `["${PARTITION_COLUMN}"]` },
      run,
      ...(by === undefined ? {} : { userName: by }),
      ...(why === undefined ? {} : { userMetadata: why }),
    },
    advice: 'Somebody else changed the audiences of this date: look at them, and do it again if that is still wanted',
  });
  const { version, path, unchanged } = await context.transferring(`publishing ${table.name}`, work);
  const named = Object.values(tags).map((tag): unknown => JSON.parse(tag));
  await keepReferenced(store, [content, ...named], sighting);
  context.progress({ phase: 'committed', table: table.name, version });
  return { table: table.name, fecha, version, path: `${table.name}/${path}`, rows, unchanged };
}

/** Rows of what is published; a held audience has those that it had before on this date. */
async function writeMembers(
  db: DuckDb,
  context: PublishingContext,
  codec: ParquetCodec,
  audiences: readonly DatedAudience[],
): Promise<WrittenFile> {
  const columns = 'audiencia, customer_id, posicion, score, percentil';
  const parts = [noRows(AUDIENCIAS)];
  for (const { row, published } of audiences) {
    if (published === null) continue;
    const file = await context.open(published);
    parts.push(`SELECT ${columns}, ${text(row.origen)} AS origen FROM ${parquetFile(file)}`);
  }
  return writeParquet(db, join(context.scratch, 'audiencias.parquet'), {
    select: laidOut(AUDIENCIAS, `(${parts.join(' UNION ALL ')})`),
    orderBy: 'audiencia, posicion',
    codec,
  });
}

async function writeSummaries(
  db: DuckDb,
  context: PublishingContext,
  codec: ParquetCodec,
  audiences: readonly DatedAudience[],
): Promise<WrittenFile> {
  const columns = fileColumns(AUDIENCIAS_RESUMEN);
  await db.run(`CREATE OR REPLACE TABLE resumen AS ${laidOut(AUDIENCIAS_RESUMEN, `(${noRows(AUDIENCIAS_RESUMEN)})`)}`);
  for (const { row } of audiences) {
    const values = columns.map(({ name }) => new Map(Object.entries(row)).get(name) ?? null);
    await db.run(`INSERT INTO resumen VALUES (${columns.map(() => '?').join(', ')})`, values);
  }
  return writeParquet(db, join(context.scratch, 'audiencias_resumen.parquet'), {
    select: laidOut(AUDIENCIAS_RESUMEN, 'resumen'),
    orderBy: 'audiencia',
    codec,
  });
}

const noRows = (table: TableSchema): string =>
  `SELECT ${fileColumns(table)
    .map(({ name }) => `NULL AS ${column(name)}`)
    .join(', ')} WHERE false`;
