import { z } from 'zod';
import { calendarDate } from '../dag/calendar-date.js';

const files = z.strictObject({
  /** Paths or globs; `lake:raw/*.csv` reads from the lake, anything else from this machine. */
  path: z.union([
    z
      .string()
      .min(1)
      .transform((path) => [path]),
    z.array(z.string().min(1)).min(1),
  ]),
  /** By the file's ending where it is left out. */
  format: z.enum(['csv', 'parquet']).optional(),
  /** Of csv files. There is no guessing: a file that does not fit is refused, never read wrong. */
  delimiter: z.string().length(1).default(','),
  quote: z.string().length(1).default('"'),
  encoding: z.enum(['utf-8', 'latin-1', 'utf-16']).default('utf-8'),
});

const fields = z.strictObject({
  files: z.record(z.string().regex(/^[a-z_][a-z0-9_]*$/i, 'Expected a name that SQL takes unquoted'), files),
  /** Which of `files` holds one row an event; the first one where it is left out. The others are looked up. */
  events: z.string().optional(),
  select: z.string().min(1),
  /**
   * Columns of the select that identify an event. Without it a repeated event is a repeated whole row of the `events`
   * files, found before the mapping: equal mapped rows are often two purchases.
   */
  eventKey: z.array(z.string()).min(1).optional(),
  /** Drops amounts of zero and below (refunds, voids) instead of counting them in. */
  positiveAmounts: z.boolean().default(false),
  /** Drops amounts above this one as typing errors. */
  maxAmount: z.number().positive().optional(),
  /** The files are a snapshot since this day, without a past: dates before it cannot be computed from them. */
  snapshotFrom: calendarDate.optional(),
});

const checked = <Source extends z.ZodType<z.infer<typeof fields>>>(source: Source): Source =>
  source
    .refine(({ events, files }) => events === undefined || events in files, {
      path: ['events'],
      error: 'Expected one of the names under `files`',
    })
    .refine(({ files }) => Object.keys(files).length > 0, { path: ['files'], error: 'Expected at least one entry' });

/** A source as the configuration has it, under its name. */
export const unnamedSource = checked(fields);

/**
 * Where rows come from: named sets of files, and one SQL select over those names (DuckDB's dialect) that gives the
 * canonical columns. Joins, renames and computed columns need no code.
 */
export const sourceDefinition = checked(fields.extend({ name: z.string().min(1) }));

export type SourceDefinition = z.infer<typeof sourceDefinition>;
export type FileSet = SourceDefinition['files'][string];

/** The name of the files that hold one row an event. */
export const eventsOf = (source: SourceDefinition): string => source.events ?? Object.keys(source.files)[0] ?? '';

/** Why a date cannot be computed from a source, for people; `undefined` where it can. */
export const snapshotRefusal = (
  { name, snapshotFrom }: { readonly name: string; readonly snapshotFrom?: string | undefined },
  fecha: string,
): string | undefined =>
  snapshotFrom === undefined || fecha >= snapshotFrom
    ? undefined
    : `Expected a date from ${snapshotFrom} on, got ${fecha}: the source '${name}' is a snapshot since then (\`snapshotFrom\`) ` +
      'and does not tell what was before';
