import { z } from 'zod';
import { audienceDefinition } from '../customers/audience-definition.js';
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
export const lookalikesParams = fields.superRefine(({ fecha, source }, { addIssue }) => {
  const message = snapshotRefusal(source, fecha);
  if (message !== undefined) addIssue({ code: 'custom', path: ['fecha'], message });
});

export type LookalikesParams = z.infer<typeof lookalikesParams>;
