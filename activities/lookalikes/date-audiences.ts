import { z } from 'zod';
import { isArtifact } from '../../dag/artifact.js';
import type { Artifact } from '../../dag/artifact.js';
import { AUDIENCIAS, AUDIENCIAS_RESUMEN } from '../../lake/audience-tables.js';
import { readTable } from '../../lake/delta-log.js';
import type { TableFile } from '../../lake/delta-log.js';
import type { TableSchema } from '../../lake/delta-schema.js';
import type { DuckDb } from '../../lake/duckdb.js';
import { parquetFile } from '../../lake/sql.js';
import type { TaskContext } from '../define-activity.js';

/** A row of `audiencias_resumen`, but for the date. */
export const audienceRow = z.object({
  audiencia: z.string(),
  clientes: z.number(),
  clientes_publicados: z.number(),
  semillas: z.number(),
  candidatos: z.number(),
  puntaje: z.string(),
  k: z.number().nullable(),
  estado: z.enum(['publicada', 'retenida']),
  motivo: z.string().nullable(),
  confirmada_por: z.string().nullable(),
  confirmada_porque: z.string().nullable(),
  lift_10: z.number().nullable(),
  recall_10: z.number().nullable(),
  origen: z.enum(['configuracion', 'manual']),
});

export type AudienceRow = z.infer<typeof audienceRow>;

/** An audience of a date, published or held: all that the tables are laid out from. */
export interface DatedAudience {
  readonly row: AudienceRow;
  readonly members: Artifact;
  readonly report: Artifact;
  /** What the date shows of it: its members; of a held one those that it had published before, if any. */
  readonly published: Artifact | null;
}

/** What is published of a date's audiences, and of the date before it that has any. */
export interface DateAudiences {
  /** In order of their names. */
  readonly audiences: readonly DatedAudience[];
  /** Of the newest of the last few earlier dates that has it: how many customers each audience has published, by name. */
  readonly previous: ReadonlyMap<string, number>;
  /** The partitions' files as the logs name them now: what a commit replaces. */
  readonly files: { readonly audiencias: readonly TableFile[]; readonly resumen: readonly TableFile[] };
}

/** Tags of the partition of `audiencias_resumen` name what belongs to each audience: so gc keeps it, and a revert brings it back. */
export const memberTag = (audience: string): string => `miembros:${audience}`;
/** Of a held one alone. */
export const publishedTag = (audience: string): string => `publicados:${audience}`;
export const reportTag = (audience: string): string => `informe:${audience}`;

/** A date on which an audience could not be made has no row of it: the ones before it still say how large it was. */
const EARLIER = 8;

export async function readDateAudiences(
  db: DuckDb,
  context: Pick<TaskContext, 'store' | 'open'>,
  fecha: string,
): Promise<DateAudiences> {
  // The summary is read first: it is committed first, so what is newer in the other table is found out by its commit.
  const summaries = (await readTable(context.store, AUDIENCIAS_RESUMEN.name)).files;
  const members = (await readTable(context.store, AUDIENCIAS.name)).files;
  const resumen = summaries.filter((file) => file.fecha === fecha);
  const before = summaries.filter((file) => file.fecha < fecha).slice(-EARLIER);
  const [current] = resumen;
  const rows = current === undefined ? [] : await readRows(db, context, current);
  const earlier: AudienceRow[] = [];
  for (const file of before) earlier.push(...(await readRows(db, context, file)));
  return {
    audiences: rows.map((row) => {
      const members = tagged(current, memberTag(row.audiencia));
      const before = publishedTag(row.audiencia);
      return {
        row,
        members,
        report: tagged(current, reportTag(row.audiencia)),
        published:
          row.estado === 'publicada' ? members : current?.tags[before] === undefined ? null : tagged(current, before),
      };
    }),
    previous: new Map(earlier.map((row) => [row.audiencia, row.clientes_publicados])),
    files: { audiencias: members.filter((file) => file.fecha === fecha), resumen },
  };
}

async function readRows(
  db: DuckDb,
  context: Pick<TaskContext, 'open'>,
  file: TableFile,
): Promise<readonly AudienceRow[]> {
  const path = await context.open(publishedArtifact(AUDIENCIAS_RESUMEN, file));
  const rows = await db.rows(`SELECT * FROM ${parquetFile(path)} ORDER BY audiencia`);
  return rows.map((row) => audienceRow.parse(row));
}

/** A partition's file of a table's folder, as a handle. */
export const publishedArtifact = (table: TableSchema, { path, tags, bytes, rows }: TableFile): Artifact => ({
  kind: table.name,
  uri: `${table.name}/${path}`,
  sha256: tags.sha256 ?? '',
  bytes,
  rows,
  schema: [],
});

function tagged(file: TableFile | undefined, tag: string): Artifact {
  const artifact: unknown = JSON.parse(file?.tags[tag] ?? 'null');
  if (isArtifact(artifact)) return artifact;
  throw new Error(`Expected the tag '${tag}' of ${AUDIENCIAS_RESUMEN.name} for ${file?.fecha} to name an artifact`);
}
