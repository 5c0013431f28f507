import { z } from 'zod';

const condition = z.string().min(1);
const ids = z.array(z.string().min(1)).min(1);

/** A set of customers: those of whom a condition holds, or a list of ids. */
export const customerSet = z
  .strictObject({ where: condition.optional(), ids: ids.optional() })
  .refine(({ where, ids: named }) => (where === undefined) !== (named === undefined), {
    error: 'Expected either `where` or `ids`',
  });

export type CustomerSet = z.infer<typeof customerSet>;

const oneOrMoreSets = z.union([customerSet.transform((set) => [set]), z.array(customerSet).min(1)]);

/** Who is wanted: the customers most like some seeds. */
export const audienceDefinition = z
  .strictObject({
    name: z.string().regex(/^[a-z][a-z0-9_-]*$/, { error: 'Expected a name in lower case, such as mejores_clientes' }),
    /** The best customers; of several sets all together. They are not in the audience themselves. */
    seeds: oneOrMoreSets,
    /** How many. */
    size: z.number().int().min(1).optional(),
    /** Which share of those who may be in it: `0.02`. */
    reach: z.number().gt(0).max(1).optional(),
    /**
     * From which similarity on: the percentile of the score among all who are no seeds, whether they may be in it or not.
     * With `0.9` and a filter it is those of the filter who are among the best tenth of everyone.
     */
    minSimilarity: z.number().min(0).max(1).optional(),
    /** Who may be in it. */
    filter: condition.optional(),
    /** Who must not be: ids, or sets as of seeds. */
    suppress: z.union([ids.transform((named) => [{ ids: named }]), oneOrMoreSets]).optional(),
    score: z.enum(['contrast', 'mean-distance']).default('contrast'),
    /** With fewer seeds nothing can be said. */
    minSeeds: z.number().int().min(1).default(50),
    /** By how much, as a share, its size may change against its last version before somebody has to confirm it. */
    maxChange: z.number().min(0).default(0.5),
  })
  .refine(
    ({ size, reach, minSimilarity }) => [size, reach, minSimilarity].filter((one) => one !== undefined).length === 1,
    {
      error: 'Expected one of `size`, `reach` and `minSimilarity`',
    },
  );

export type AudienceDefinition = z.infer<typeof audienceDefinition>;
