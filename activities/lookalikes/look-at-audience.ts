import { readFile } from 'node:fs/promises';
import type { AudienceReport } from '../../customers/audience/audience-report.js';
import { overlaps } from '../../customers/audience/overlap.js';
import type { Overlap } from '../../customers/audience/overlap.js';
import type { Artifact } from '../../dag/artifact.js';
import { PermanentError } from '../../dag/permanent-error.js';
import type { DuckDb } from '../../lake/duckdb.js';
import { parquetFile } from '../../lake/sql.js';
import type { TaskContext } from '../define-activity.js';
import { readDateAudiences } from './date-audiences.js';
import type { AudienceRow, DatedAudience } from './date-audiences.js';

/** The date has no audience of that name. */
export class NoAudience extends PermanentError {
  override readonly name = 'NoAudience';
}

export interface AudienceView {
  readonly row: AudienceRow;
  readonly report: AudienceReport;
  /** With every other audience of the date, held ones among them. */
  readonly overlaps: readonly Overlap[];
  /** A local Parquet file: `audiencia, customer_id, posicion, score, percentil`. */
  readonly members: string;
}

/** One audience of a date, published or held. Throws `NoAudience` where the date has none of that name. */
export async function lookAtAudience(
  db: DuckDb,
  context: Pick<TaskContext, 'store' | 'open'>,
  fecha: string,
  name: string,
): Promise<AudienceView> {
  const { audiences } = await readDateAudiences(db, context, fecha);
  const found = audienceNamed(audiences, fecha, name);
  const membersOf = async (artifact: Artifact): Promise<readonly string[]> => {
    const ids: string[] = [];
    const file = parquetFile(await context.open(artifact));
    await db.eachChunk(`SELECT customer_id FROM ${file} ORDER BY posicion`, (_first, [chunk = []]) => {
      for (const id of chunk) ids.push(String(id));
    });
    return ids;
  };
  const others = new Map<string, readonly string[]>();
  for (const { row, members } of audiences) {
    if (row.audiencia !== name) others.set(row.audiencia, await membersOf(members));
  }
  // `buildAudience` wrote it.
  const report = JSON.parse(await readFile(await context.open(found.report), 'utf8')) as AudienceReport;
  return {
    row: found.row,
    report,
    overlaps: overlaps(await membersOf(found.members), others),
    members: await context.open(found.members),
  };
}

export function audienceNamed(audiences: readonly DatedAudience[], fecha: string, name: string): DatedAudience {
  const found = audiences.find(({ row }) => row.audiencia === name);
  if (found !== undefined) return found;
  const names = audiences.map(({ row }) => row.audiencia).join(', ');
  throw new NoAudience(`Expected one of the audiences of ${fecha} (${names === '' ? 'none' : names}), got '${name}'`);
}
