import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { AudienceReport } from '../../customers/audience/audience-report.js';
import type { Member } from '../../customers/audience/pick-members.js';
import type { Artifact } from '../../dag/artifact.js';
import type { DuckDb } from '../../lake/duckdb.js';
import type { NamedMatrix } from '../../lake/matrix-file.js';
import { text } from '../../lake/sql.js';
import type { TaskContext } from '../define-activity.js';
import { writeParquet } from '../write-parquet.js';
import type { ParquetCodec } from '../write-parquet.js';
import type { CandidateScores } from './score-candidates.js';

export interface MembersToWrite {
  readonly name: string;
  readonly points: NamedMatrix;
  readonly scored: CandidateScores;
  readonly members: readonly Member[];
  readonly codec: ParquetCodec;
}

/** The members as the file that `Audience` documents. */
export async function putMembers(
  db: DuckDb,
  { scratch, put }: Pick<TaskContext, 'scratch' | 'put'>,
  { name, points, scored, members, codec }: MembersToWrite,
): Promise<Artifact<'audience_members'>> {
  const lines = members.map(({ at, position, percentile }) =>
    JSON.stringify({
      customer_id: points.ids[scored.rows[at] ?? -1],
      posicion: position,
      score: scored.score[at],
      percentil: percentile,
    }),
  );
  const rows = join(scratch, 'members.jsonl');
  await writeFile(rows, lines.join('\n'));
  const columns = `{customer_id: 'VARCHAR', posicion: 'INTEGER', score: 'DOUBLE', percentil: 'DOUBLE'}`;
  const written = await writeParquet(db, join(scratch, 'members.parquet'), {
    select: `SELECT ${text(name)} AS audiencia, * FROM
      read_json(${text(rows)}, format = 'newline_delimited', columns = ${columns})`,
    orderBy: 'posicion',
    codec,
  });
  return put('audience_members', written.file, written);
}

export async function putReport(
  { scratch, put }: Pick<TaskContext, 'scratch' | 'put'>,
  report: AudienceReport,
): Promise<Artifact<'audience_report'>> {
  const file = join(scratch, 'audience.json');
  await writeFile(file, JSON.stringify(report));
  const { expected, heldOut } = report.scoring;
  return put('audience_report', file, {
    rows: expected.length,
    schema: Object.keys(report),
    report: { seeds: { ...report.seeds }, heldOut },
  });
}
