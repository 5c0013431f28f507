import type { AudienceDefinition } from '../../customers/audience-definition.js';
import { PermanentError } from '../../dag/permanent-error.js';
import type { DuckDb } from '../../lake/duckdb.js';
import type { TaskContext } from '../define-activity.js';
import type { ParquetCodec } from '../write-parquet.js';
import { makeAudience } from './build-audience.js';
import { commitAudiences } from './commit-audiences.js';
import type { CommittedAudiences, PublishingContext } from './commit-audiences.js';
import type { CleanedCustomers, LookalikeIndex } from './handles.js';
import { confirmed, judgeAudience } from './judge-audience.js';
import { audienceNamed } from './look-at-audience.js';

/** The name belongs to an audience of the configuration: a run of the date would make that one again. */
export class AudienceTaken extends PermanentError {
  override readonly name = 'AudienceTaken';
}

interface Change {
  readonly fecha: string;
  /** The person, for the history of the tables. */
  readonly by: string;
  readonly why?: string;
  readonly codec: ParquetCodec;
}

export interface AudienceToCreate extends Change {
  readonly audience: AudienceDefinition;
  /** What the date was published with. */
  readonly customers: CleanedCustomers['customers'];
  readonly index: LookalikeIndex['index'];
  readonly seed: number;
}

/**
 * Makes an audience of a published date by hand, as `buildAudience` does, and adds it to the date's tables with the origin
 * `manual`. It takes the place of a manual one of the same name. It too is held where its size moved beyond its bounds.
 */
export async function createAudience(
  context: TaskContext,
  { audience, customers, index, seed, ...given }: AudienceToCreate,
): Promise<CommittedAudiences> {
  const { fecha, codec } = given;
  const made = await makeAudience({ audience, customers, index, seed, codec }, context);
  return context.withDuckDb('UTC', async (db) =>
    commitAudiences(db, context, {
      ...given,
      change: (before) => {
        const there = before.audiences.find(({ row }) => row.audiencia === made.name);
        if (there?.row.origen === 'configuracion') {
          throw new AudienceTaken(
            `Expected another name than '${made.name}': the configuration has an audience of that name on ${fecha}`,
          );
        }
        const others = before.audiences.filter((one) => one !== there);
        return [...others, judgeAudience(made, 'manual', before)];
      },
    }),
  );
}

export interface AudienceToConfirm extends Change {
  readonly audience: string;
  readonly why: string;
}

/**
 * Publishes an audience that is held, because somebody says so, and why. Nothing changes for one that is published: then
 * it was not `confirmedNow`. Throws `NoAudience` where the date has none of that name.
 */
export async function confirmAudience(
  db: DuckDb,
  context: PublishingContext,
  { audience, ...given }: AudienceToConfirm,
): Promise<CommittedAudiences & { readonly confirmedNow: boolean }> {
  const { fecha, by, why } = given;
  let confirmedNow = false;
  const committed = await commitAudiences(db, context, {
    ...given,
    change: ({ audiences }) => {
      const held = audienceNamed(audiences, fecha, audience);
      confirmedNow = held.row.estado === 'retenida';
      return confirmedNow ? audiences.map((one) => (one === held ? confirmed(held, { by, why }) : one)) : audiences;
    },
  });
  return { ...committed, confirmedNow };
}
