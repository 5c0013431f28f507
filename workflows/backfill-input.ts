import { z } from 'zod';
import { calendarDate } from '../dag/calendar-date.js';
import { MOST_RUNS } from '../dag/backfill-control.js';
import type { BackfillState } from '../dag/backfill-state.js';
import { MOST_DATES } from '../dag/date-range.js';
import { runOptions } from './run-options.js';

/** What a backfill's workflow is started with: of its plan, what it takes to run it. Anyone may start one. */
export const backfillInput = z.strictObject({
  dag: z.string().min(1),
  /** `segmentation/2017`: its workflow is `backfill/segmentation/2017`. */
  id: z.string().min(1),
  /** The hash of the plan, for people. */
  plan: z.string(),
  dates: z
    .array(calendarDate)
    .min(1)
    .max(MOST_DATES)
    .refine((dates) => new Set(dates).size === dates.length, { error: 'Expected every date once' }),
  refused: z.record(calendarDate, z.string()).default({}),
  /** Of every run, but for `fecha`. */
  params: z.record(z.string(), z.unknown()),
  /** Of every run, but for its origin, which is the backfill. */
  options: runOptions.omit({ origin: true }).prefault({}),
  maxRuns: z.number().int().min(1).max(MOST_RUNS),
  /** How it stood when the execution before this one ended. Nobody else gives one. */
  carried: z.custom<BackfillState>().optional(),
});

export type BackfillInput = z.input<typeof backfillInput>;
