import { z } from 'zod';
import type { AudienceDefinition } from '../../customers/audience-definition.js';
import type { AudienceReport, NamedCustomers } from '../../customers/audience/audience-report.js';
import { BadAudience } from '../../customers/audience/bad-audience.js';
import { pickMembers } from '../../customers/audience/pick-members.js';
import { sizeNote } from '../../customers/audience/size-note.js';
import { readMatrix } from '../../lake/matrix-file.js';
import { parquetFile } from '../../lake/sql.js';
import { artifactSchema } from '../artifact-schema.js';
import { defineActivity } from '../define-activity.js';
import type { TaskContext } from '../define-activity.js';
import type { ParquetCodec } from '../write-parquet.js';
import type { Audience, CleanedCustomers, LookalikeIndex } from './handles.js';
import { nothingApart } from './nothing-apart.js';
import { putMembers, putReport } from './put-audience.js';
import { scoreCandidates } from './score-candidates.js';
import { selectCustomers } from './select-customers.js';

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
  version: 2,
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
  if (points.columns.length === 0) {
    throw new BadAudience(
      `Expected customers that differ for the audience ${audience.name}, but ${nothingApart(points.ids.length)}`,
    );
  }
  return context.withDuckDb('UTC', async (db, phase) => {
    phase('finding seeds');
    await db.run(`CREATE VIEW customers AS SELECT * FROM ${parquetFile(file)}`);
    const { seeds, suppressed, isAllowed, candidates, hints } = await selectCustomers(db, audience, points.ids);
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
    const members = pickMembers(scored, (at) => isAllowed(scored.rows[at] ?? -1), audience);
    phase('writing members');
    const report: AudienceReport = {
      name: audience.name,
      customers: points.ids.length,
      seeds: counted(seeds),
      suppressed: counted(suppressed),
      candidates,
      members: members.length,
      ...hinted([...hints, sizeNote(audience.size, candidates) ?? []].flat()),
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

const hinted = (hints: readonly string[]) => (hints.length === 0 ? {} : { hints });

/** Without the rows, which stand beside the figures. */
const counted = ({ named, found, unknown, examples }: NamedCustomers): NamedCustomers => ({
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
