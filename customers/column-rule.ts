import { z } from 'zod';
import { calendarDate } from '../dag/calendar-date.js';

const fields = {
  /** Columns of the file, by their header; the first that has a possible value counts. By default the column's own name. */
  from: z
    .union([
      z
        .string()
        .min(1)
        .transform((name) => [name]),
      z.array(z.string().min(1)).min(1),
    ])
    .optional(),
  /** What stands for a missing value here, beside what does so everywhere (`N/A`, `null`, `-`, …). */
  missing: z.array(z.union([z.string(), z.number()])).default([]),
  /** Whether likeness is measured by it, where its kind does not say so already. */
  feature: z.boolean().optional(),
  /** The group that shares a weight; by default one for each kind. */
  group: z.string().min(1).optional(),
};

/** Values outside are kept, flagged as impossible, and count as missing where likeness is measured. */
const bounds = { min: z.number().optional(), max: z.number().optional() };
/** Which sign stands before the decimals; by default decided for the whole column. */
const decimal = { decimal: z.enum(['point', 'comma']).optional() };

/** The right spelling, and others that mean it. */
const canonicalValues = z.union([
  z
    .array(z.string().min(1))
    .min(1)
    .transform((names) => Object.fromEntries(names.map((name): [string, string[]] => [name, []]))),
  z.record(z.string().min(1), z.array(z.string().min(1))),
]);

/** What a column of a customer table holds, and hence which dirt it can have and how it is cleaned. */
export const columnRule = z.discriminatedUnion('kind', [
  /** Who it is. A text, as it stands but for blanks around it: leading zeros count, and `0` is an id. */
  z.strictObject({ kind: z.literal('id'), ...fields }),
  z.strictObject({ kind: z.literal('text'), ...fields }),
  /** One of a few words, of which typos, case, blanks and accents are no others. */
  z.strictObject({
    kind: z.literal('category'),
    ...fields,
    /** The canonical list; without it the column's own spellings, of which the most frequent one stands for the rest. */
    values: canonicalValues.optional(),
    /** How alike a word must be to a canonical one to be taken for it: 0..1. */
    threshold: z.number().min(0).max(1).default(0.84),
    /** What the rest becomes. */
    other: z.string().min(1).default('desconocida'),
  }),
  z.strictObject({ kind: z.literal('number'), ...fields, ...bounds, ...decimal, integer: z.boolean().default(false) }),
  z.strictObject({ kind: z.literal('money'), ...fields, ...bounds, ...decimal }),
  /** Becomes a share of 1. `scale` is how numbers without a sign are meant, by default decided for the whole column. */
  z.strictObject({
    kind: z.literal('percent'),
    ...fields,
    ...bounds,
    ...decimal,
    scale: z.enum(['percent', 'share']).optional(),
  }),
  /** Whole years, also in words: `35 años`. */
  z.strictObject({ kind: z.literal('age'), ...fields, min: z.number().default(0), max: z.number().default(110) }),
  /** The year of a birth. What makes somebody older than `maxAge` on the run's date is impossible. */
  z.strictObject({ kind: z.literal('birth-year'), ...fields, maxAge: z.number().int().min(1).default(110) }),
  /** Days since something; "never", and numbers that stand for it, are no number of days. */
  z.strictObject({
    kind: z.literal('days'),
    ...fields,
    ...bounds,
    /** The numbers that stand for never, all of them: none is looked for. By default they are found. */
    sentinels: z.union([z.literal('none').transform((): number[] => []), z.array(z.number())]).optional(),
  }),
  z.strictObject({
    kind: z.literal('date'),
    ...fields,
    /** The order of day, month and year in numbers; by default decided for the whole column. */
    order: z.enum(['ymd', 'dmy', 'mdy', 'ydm']).optional(),
    min: calendarDate.optional(),
    max: calendarDate.optional(),
  }),
  /** Yes or no, in its many spellings; `yes` and `no` are further ones, and go above those known everywhere. */
  z.strictObject({
    kind: z.literal('flag'),
    ...fields,
    yes: z.array(z.string().min(1)).default([]),
    no: z.array(z.string().min(1)).default([]),
  }),
  /** 0..23, a cycle. */
  z.strictObject({ kind: z.literal('hour'), ...fields }),
  /** 1 (Monday) .. 7, a cycle; also by name. */
  z.strictObject({ kind: z.literal('weekday'), ...fields }),
]);

export type ColumnRule = z.infer<typeof columnRule>;
export type ColumnKind = ColumnRule['kind'];
export type RuleOf<Kind extends ColumnKind> = Extract<ColumnRule, { readonly kind: Kind }>;

/** The headers that a column may come from, the first one first. */
export const headersOf = (column: string, rule: ColumnRule): readonly string[] => rule.from ?? [column];
