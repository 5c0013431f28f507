import { z } from 'zod';
import { calendarDate } from '../dag/calendar-date.js';
import { timeZone } from '../dag/time-zone.js';
import { snapshotRefusal, sourceDefinition } from '../lake/source-definition.js';

const wholeNumber = z.number().int();

const clusterRange = z
  .string()
  .regex(/^\d+\.\.\d+$/)
  .transform((range) => {
    const [from = 0, to = 0] = range.split('..').map(Number);
    return { from, to };
  });

/** More segments than people can tell apart. */
const MOST_CLUSTERS = 100;

const clusterCount = z
  .union(
    [wholeNumber.min(1).max(MOST_CLUSTERS), clusterRange, z.strictObject({ from: wholeNumber, to: wholeNumber })],
    {
      error: (issue) => `Expected a number of clusters, or a range such as 2..10, got ${JSON.stringify(issue.input)}`,
    },
  )
  .refine((k) => typeof k === 'number' || (k.from >= 1 && k.to >= k.from && k.to <= MOST_CLUSTERS), {
    error: `Expected a range that ascends from at least 1 to at most ${MOST_CLUSTERS}, such as 2..10`,
  });

const rubros = z.array(z.string());

const fields = z.strictObject({
  /** fecha_modelo: rows dated before it are seen. */
  fecha: calendarDate,
  source: sourceDefinition,
  /** Days before `fecha` that count. */
  window: wholeNumber.min(1).max(3_660).default(365),
  /** IANA name of the zone in which a moment is a date. */
  timeZone: timeZone.default('UTC'),
  minShare: z.number().min(0).max(1).default(0.01),
  maxRubros: wholeNumber.min(1).max(200).default(30),
  log1p: z.boolean().default(true),
  digitalChannels: z
    .array(z.string().toLowerCase())
    .default(['app', 'digital', 'ecommerce', 'internet', 'mobile', 'net', 'online', 'web']),
  /** A number of clusters, or a range from which the elbow of the inertia curve chooses: `2..10`. */
  k: clusterCount.default({ from: 2, to: 10 }),
  restarts: wholeNumber.min(1).max(1_000).default(10),
  seed: wholeNumber
    .min(0)
    .max(2 ** 32 - 1)
    .default(42),
  /** How people read the source's rubros; several may share a label. */
  labels: z.record(z.string(), z.string()).default({}),
  /** Which of the source's rubros make up each score that is always a column. */
  scores: z
    .strictObject({ supermercado: rubros.default([]), farmacia: rubros.default([]), restaurante: rubros.default([]) })
    .default({ supermercado: [], farmacia: [], restaurante: [] }),
  /** Of the published Parquet files. */
  codec: z.enum(['snappy', 'zstd', 'gzip', 'uncompressed']).default('snappy'),
});

/** The parameters of a `segmentation` run. Only `fecha` and `source` have no default. */
export const segmentationParams = fields.superRefine(({ fecha, source }, { addIssue }) => {
  const message = snapshotRefusal(source, fecha);
  if (message !== undefined) addIssue({ code: 'custom', path: ['fecha'], message });
});

export type SegmentationParams = z.infer<typeof segmentationParams>;
