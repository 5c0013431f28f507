import { z } from 'zod';
import { calendarDate } from '../dag/calendar-date.js';
import { columnRule } from './column-rule.js';

/** The column that says who a row is about. */
export const ID_COLUMN = 'customer_id';

const fields = z.strictObject({
  /** Paths or globs, of files with the same header; `lake:raw/*.xlsx` reads from the lake, anything else from this machine. */
  path: z.union([
    z
      .string()
      .min(1)
      .transform((path) => [path]),
    z.array(z.string().min(1)).min(1),
  ]),
  /** By the file's ending where it is left out. */
  format: z.enum(['csv', 'xlsx']).optional(),
  /** Of an xlsx file, by name; may be left out where one sheet alone has rows. */
  sheet: z.string().min(1).optional(),
  /** Of csv files. There is no guessing: a file that does not fit is refused, never read wrong. */
  delimiter: z.string().length(1).default(','),
  quote: z.string().length(1).default('"'),
  encoding: z.enum(['utf-8', 'latin-1', 'utf-16', 'utf-16be']).default('utf-8'),
  /** The columns of the cleaned table, by name: where each one comes from and what it holds. */
  columns: z.record(
    z.string().regex(/^[a-z][a-z0-9_]*$/, { error: 'Expected a name in lower case that SQL takes unquoted' }),
    columnRule,
  ),
  /** The files are a snapshot since this day, without a past: dates before it cannot be computed from them. */
  snapshotFrom: calendarDate.optional(),
});

const checked = <Source extends z.ZodType<z.infer<typeof fields>>>(source: Source): Source =>
  source.refine(
    ({ columns }) => {
      const ids = Object.keys(columns).filter((name) => columns[name]?.kind === 'id');
      return ids.length === 1 && ids[0] === ID_COLUMN;
    },
    { path: ['columns'], error: `Expected one column of kind 'id', called '${ID_COLUMN}'` },
  );

/** A customer table as the configuration has it, under its name. */
export const unnamedCustomerSource = checked(fields);

/** A table of customers, one row each: its files, and what each of its columns holds. */
export const customerSource = checked(fields.extend({ name: z.string().min(1) }));

export type CustomerSource = z.infer<typeof customerSource>;
