import { z } from 'zod';
import { audienceDefinition } from '../customers/audience-definition.js';
import type { AudienceDefinition } from '../customers/audience-definition.js';
import { cleanedTypes } from '../customers/cleaned-types.js';
import { typedTests } from '../customers/condition-tests.js';
import { BadCondition, parseCondition } from '../customers/condition.js';
import { customerSource } from '../customers/customer-source.js';
import { calendarDate } from '../dag/calendar-date.js';
import { timeZone } from '../dag/time-zone.js';
import { snapshotRefusal } from '../lake/source-definition.js';

const wholeNumber = z.number().int();

const fields = z.strictObject({
  /** fecha_modelo: the day on which the customers were as the files say. */
  fecha: calendarDate,
  source: customerSource,
  /** IANA name of the zone in which a moment is a date. */
  timeZone: timeZone.default('UTC'),
  /** Keeps every changed cell: who, which column, before, after, by which rule. */
  cellLog: z.boolean().default(false),
  /** How much each group of features counts; 1 where it is left out, 0 leaves a group out. */
  weights: z.record(z.string(), z.number().min(0)).default({}),
  /** Principal components that are published. */
  components: wholeNumber.min(2).max(50).default(3),
  /** Above so many customers the index is approximate. */
  exactUpTo: wholeNumber.min(0).default(250_000),
  seed: wholeNumber
    .min(0)
    .max(2 ** 32 - 1)
    .default(42),
  audiences: z
    .array(audienceDefinition)
    .default([])
    .refine((audiences) => new Set(audiences.map(({ name }) => name)).size === audiences.length, {
      error: 'Expected every audience to have a name of its own',
    }),
  /** Of the published Parquet files. */
  codec: z.enum(['snappy', 'zstd', 'gzip', 'uncompressed']).default('snappy'),
});

/** The parameters of a `lookalikes` run. Only `fecha` and `source` have no default. */
export const lookalikesParams = fields.superRefine(({ fecha, source, audiences }, { addIssue }) => {
  const message = snapshotRefusal(source, fecha);
  if (message !== undefined) addIssue({ code: 'custom', path: ['fecha'], message });
  const types = cleanedTypes(source.columns);
  for (const { name, path, condition } of audiences.flatMap(conditionsOf)) {
    const refused = conditionRefusal(condition, types);
    if (refused !== undefined) addIssue({ code: 'custom', path, message: `audience ${name}: ${refused}` });
  }
});

/** Every condition of an audience, with where it stands. */
const conditionsOf = ({ name, seeds, suppress = [], filter }: AudienceDefinition, at: number) =>
  [
    ...seeds.map(({ where }, i) => ({ path: ['seeds', i, 'where'], condition: where })),
    ...suppress.map((set, i) => ({
      path: ['suppress', i, 'where'],
      condition: 'where' in set ? set.where : undefined,
    })),
    { path: ['filter'], condition: filter },
  ].flatMap(({ path, condition }) =>
    condition === undefined ? [] : [{ name, path: ['audiences', at, ...path], condition }],
  );

/** What is wrong with a condition over columns of these types; undefined for nothing. */
function conditionRefusal(condition: string, types: ReturnType<typeof cleanedTypes>): string | undefined {
  try {
    typedTests(parseCondition(condition), types);
    return undefined;
  } catch (error) {
    if (error instanceof BadCondition) return error.message;
    throw error;
  }
}

export type LookalikesParams = z.infer<typeof lookalikesParams>;
