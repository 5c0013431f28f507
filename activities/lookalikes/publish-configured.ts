import type { DuckDb } from '../../lake/duckdb.js';
import type { Published } from '../../lake/publish-partition.js';
import type { ExportedCopy } from '../export-partition.js';
import type { ParquetCodec } from '../write-parquet.js';
import { commitAudiences } from './commit-audiences.js';
import type { PublishingContext } from './commit-audiences.js';
import type { Audience } from './handles.js';
import { judgeAudience } from './judge-audience.js';

export interface ConfiguredAudiences {
  /** `YYYY-MM-DD` */
  readonly fecha: string;
  /** Names of all audiences of the configuration. */
  readonly configured: readonly string[];
  /** Those of them that could be made. */
  readonly audiences: readonly Audience[];
  readonly codec: ParquetCodec;
}

export interface PublishedConfigured {
  /** `audiencias_resumen`, then `audiencias`; none where the date has no audience and never had one. */
  readonly tables: readonly Published[];
  readonly exports: readonly ExportedCopy[];
  /** Held for confirmation, and why. */
  readonly held: readonly { readonly audiencia: string; readonly motivo: string }[];
  /** Could not be made: the date has of them what it had before. */
  readonly kept: readonly string[];
}

/**
 * Publishes the configured audiences of a date, in the tables `audiencias` and `audiencias_resumen` and their copies in
 * other formats. One whose size moved beyond its bounds is held: its summary says so, its members are not published. Of
 * one that could not be made the date keeps what it had. Manual audiences of the date stay as they were made, unless a
 * configured one takes their name; configured ones that are no longer given go.
 *
 * It reads what is published of the date and of those before it: call it in a task that is never cached.
 */
export async function publishConfigured(
  db: DuckDb,
  context: PublishingContext,
  { fecha, configured, audiences, codec }: ConfiguredAudiences,
): Promise<PublishedConfigured> {
  const made = new Set(audiences.map(({ name }) => name));
  const kept = configured.filter((name) => !made.has(name));
  const committed = await commitAudiences(db, context, {
    fecha,
    codec,
    change: (before) => [
      ...before.audiences.filter(
        ({ row }) => kept.includes(row.audiencia) || (row.origen === 'manual' && !made.has(row.audiencia)),
      ),
      ...audiences.map((audience) => judgeAudience(audience, 'configuracion', before)),
    ],
  });
  const held = committed.audiences.flatMap(({ row }) =>
    row.estado === 'retenida' ? [{ audiencia: row.audiencia, motivo: row.motivo ?? '' }] : [],
  );
  return { tables: committed.tables, exports: committed.exports, held, kept };
}
