import type { DuckDb } from '../../lake/duckdb.js';
import type { Published } from '../../lake/publish-partition.js';
import type { TaskContext } from '../define-activity.js';
import type { ExportedCopy } from '../export-partition.js';
import type { ParquetCodec } from '../write-parquet.js';
import type { Audience } from './handles.js';

export interface AudiencesToPublish {
  /** `YYYY-MM-DD` */
  readonly fecha: string;
  /** Those of the configuration, all of them. Manual ones of the date stay as they are. */
  readonly audiences: readonly Audience[];
  readonly codec: ParquetCodec;
}

export interface PublishedAudiences {
  /** `audiencias`, then `audiencias_resumen`; none where the date has no audience and never had one. */
  readonly tables: readonly Published[];
  readonly exports: readonly ExportedCopy[];
  /** Held for confirmation, and why. */
  readonly held: readonly { readonly audiencia: string; readonly motivo: string }[];
}

/**
 * Publishes the audiences of a date: tables `audiencias` and `audiencias_resumen`, and their copies in other formats. It lays the partitions out itself, as
 * it reads what is published of the date (manual audiences) and of the date before it (sizes): call it in a task that is
 * never cached.
 */
export async function publishAudiences(
  _db: DuckDb,
  _context: Pick<TaskContext, 'store' | 'scratch' | 'signal' | 'run' | 'open' | 'put' | 'progress' | 'transferring'>,
  _wanted: AudiencesToPublish,
): Promise<PublishedAudiences> {
  throw new Error('Expected to be written');
}
