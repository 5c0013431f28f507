import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { AudienceDefinition } from '../../customers/audience-definition.js';
import type { AudienceReport, NamedCustomers, Scoring } from '../../customers/audience/audience-report.js';
import { BadAudience } from '../../customers/audience/bad-audience.js';
import { pickMembers } from '../../customers/audience/pick-members.js';
import type { Member } from '../../customers/audience/pick-members.js';
import type { Artifact } from '../../dag/artifact.js';
import type { DuckDb } from '../../lake/duckdb.js';
import { readMatrix } from '../../lake/matrix-file.js';
import type { NamedMatrix } from '../../lake/matrix-file.js';
import { parquetFile, text } from '../../lake/sql.js';
import { artifactSchema } from '../artifact-schema.js';
import { defineActivity } from '../define-activity.js';
import type { TaskContext } from '../define-activity.js';
import { writeParquet } from '../write-parquet.js';
import type { ParquetCodec } from '../write-parquet.js';
import type { Audience, CleanedCustomers, LookalikeIndex } from './handles.js';
import { idsWhere, namedRows } from './named-rows.js';
import type { FoundCustomers } from './named-rows.js';
import { scoreCandidates } from './score-candidates.js';
import type { CandidateScores } from './score-candidates.js';

export interface BuildAudienceInput {
  readonly audience: AudienceDefinition;
  /** What conditions are about. */
  readonly customers: CleanedCustomers['customers'];
  /** The points: rows in order of id. */
  readonly index: LookalikeIndex['index'];
  readonly seed: number;
  readonly codec: ParquetCodec;
}

const EXPECTED_FIGURE = 0.1;

/**
 * The customers most like the seeds (see `scoreCandidates`), the best first. Seeds, the suppressed and who is outside the
 * filter are not in it. Seed ids that no customer has are counted in the report; throws `BadAudience` where that is all
 * of them, where fewer than `minSeeds` are left, and where nobody is left who could be in it.
 */
export const buildAudience = defineActivity<BuildAudienceInput, Audience>({
  version: 1,
  cache: 'by-content',
  output: z.object({
    name: z.string(),
    summary: z.object({
      clientes: z.number(),
      semillas: z.number(),
      candidatos: z.number(),
      puntaje: z.enum(['contrast', 'mean-distance']),
      k: z.number().nullable(),
      lift10: z.number().nullable(),
      recall10: z.number().nullable(),
      maxChange: z.number(),
    }),
    members: artifactSchema('audience_members'),
    report: artifactSchema('audience_report'),
  }),
  run: async (input, context) => {
    const output = await makeAudience(input, context);
    const { clientes, semillas } = output.summary;
    return { output, note: `${output.name}: ${clientes.toLocaleString('en')} like ${semillas.toLocaleString('en')}` };
  },
});

/** What `buildAudience` does; for who makes one outside of a DAG. */
export async function makeAudience(
  { audience, customers, index, seed, codec }: BuildAudienceInput,
  context: Pick<TaskContext, 'open' | 'put' | 'progress' | 'scratch' | 'signal' | 'threads' | 'withDuckDb'>,
): Promise<Audience> {
  const points = await readMatrix(await context.open(index));
  const file = await context.open(customers);
  return context.withDuckDb('UTC', async (db, phase) => {
    phase('finding seeds');
    await db.run(`CREATE VIEW customers AS SELECT * FROM ${parquetFile(file)}`);
    const rowOf = new Map(points.ids.map((id, row) => [id, row]));
    const seeds = await namedRows(db, rowOf, audience.seeds);
    checkSeeds(audience, seeds, points.ids.length);
    const suppressed = await namedRows(db, rowOf, audience.suppress ?? []);
    const inFilter = audience.filter === undefined ? undefined : new Set(await idsWhere(db, audience.filter));
    const isSuppressed = new Set(suppressed.rows);
    const isAllowed = (row: number): boolean =>
      !isSuppressed.has(row) && (inFilter === undefined || inFilter.has(points.ids[row] ?? ''));

    phase('scoring');
    const { score } = audience;
    const scored = await scoreCandidates(
      context.threads,
      points,
      seeds.rows,
      { score, seed },
      {
        signal: context.signal,
        onProgress: (progress) => context.progress({ audience: audience.name, ...progress }),
      },
    );
    const candidates = scored.rows.reduce((count, row) => count + (isAllowed(row) ? 1 : 0), 0);
    if (candidates === 0) {
      throw new BadAudience(
        `Expected somebody who could be in the audience ${audience.name}, got none: of ${scored.rows.length} customers ` +
          'who are no seeds, all are suppressed or outside its filter',
      );
    }
    const members = pickMembers(scored, (at) => isAllowed(scored.rows[at] ?? -1), audience);
    phase('writing members');
    const report: AudienceReport = {
      name: audience.name,
      customers: points.ids.length,
      seeds: counted(seeds),
      suppressed: counted(suppressed),
      candidates,
      members: members.length,
      scoring: scored.scoring,
    };
    return {
      name: audience.name,
      summary: summaryOf(report, audience.maxChange),
      members: await putMembers(db, context, { name: audience.name, points, scored, members, codec }),
      report: await putReport(context, report),
    };
  });
}

function checkSeeds({ name, minSeeds }: AudienceDefinition, seeds: FoundCustomers, customers: number): void {
  const { named, found, unknown, examples } = seeds;
  const said = unknown === 0 ? '' : `, ${unknown} of ${named} ids are of no customer (${examples.join(', ')})`;
  if (found === 0) {
    const why = named === 0 ? 'no customer fulfils its condition' : `of ${named} ids none is of a customer`;
    throw new BadAudience(
      `Expected seeds for the audience ${name}, got none: ${why}${named === 0 ? '' : ` (${examples.join(', ')}); leading zeros count`}`,
    );
  }
  if (found < minSeeds) {
    throw new BadAudience(
      `Expected at least ${minSeeds} seeds for the audience ${name}, got ${found}${said}: name more of them, or lower minSeeds`,
    );
  }
  if (found === customers) throw new BadAudience(`Expected customers who are no seeds of ${name}, got none`);
}

const counted = ({ named, found, unknown, examples }: FoundCustomers): NamedCustomers => ({
  named,
  found,
  unknown,
  examples,
});

function summaryOf({ members, seeds, candidates, scoring }: AudienceReport, maxChange: number): Audience['summary'] {
  const expected = scoring.expected.find(({ size }) => size === EXPECTED_FIGURE);
  return {
    clientes: members,
    semillas: seeds.found,
    candidatos: candidates,
    puntaje: scoring.score,
    k: scoring.k,
    lift10: expected?.lift ?? null,
    recall10: expected?.recall ?? null,
    maxChange,
  };
}

interface MembersToWrite {
  readonly name: string;
  readonly points: NamedMatrix;
  readonly scored: CandidateScores;
  readonly members: readonly Member[];
  readonly codec: ParquetCodec;
}

async function putMembers(
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

async function putReport(
  { scratch, put }: Pick<TaskContext, 'scratch' | 'put'>,
  report: AudienceReport,
): Promise<Artifact<'audience_report'>> {
  const file = join(scratch, 'audience.json');
  await writeFile(file, JSON.stringify(report));
  const { expected, heldOut }: Pick<Scoring, 'expected' | 'heldOut'> = report.scoring;
  return put('audience_report', file, {
    rows: expected.length,
    schema: Object.keys(report),
    report: { seeds: { ...report.seeds }, heldOut },
  });
}
