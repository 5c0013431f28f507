import { z } from 'zod';

/**
 * What a column of the matrix is: a number as it stands; one of the columns of a category; one of the two of a cycle;
 * or whether the source's value was missing, or said "never".
 */
export const columnPart = z.enum(['number', 'choice', 'cycle', 'missing', 'never']);
export type ColumnPart = z.infer<typeof columnPart>;

const encodedColumn = z.object({
  /** Of the matrix: `income`, `income:missing`, `recency:never`, `region=norte`, `hour:sin`. */
  name: z.string(),
  /** The column of the customer table that it is made of. All columns of one source are one feature. */
  source: z.string(),
  /** Which weight it takes. */
  group: z.string(),
  part: columnPart,
  /** Of a `choice`: which value it stands for. */
  category: z.string().optional(),
  /** What was done to the numbers. */
  transform: z.literal('log1p').optional(),
});
export type EncodedColumn = z.infer<typeof encodedColumn>;

/** What the columns of an encoded matrix are made of, in the matrix's order, and what did not become one. */
export const encoding = z.object({
  columns: z.array(encodedColumn),
  /** Sources of which values were missing, on how many rows, and what stands for them: the median, or of a cycle its centre. */
  imputed: z.array(
    z.object({
      source: z.string(),
      method: z.enum(['median', 'centre']),
      /** Before any transform; null for a centre, which is no value of the cycle. */
      value: z.number().nullable(),
      rows: z.number(),
    }),
  ),
  /** Columns that would be of no use, and why. */
  dropped: z.array(z.object({ name: z.string(), source: z.string(), reason: z.string() })),
  /** Categories with too many values: the rarest of them share one column. */
  lumped: z.array(z.object({ source: z.string(), values: z.number(), kept: z.number() })),
});
export type Encoding = z.infer<typeof encoding>;
