import { defineActivity } from '../../activities/define-activity.js';
import type { BenchActivities } from './dags.js';

type InputOf<Name extends keyof BenchActivities> = Parameters<BenchActivities[Name]>[0];

/** Ours: empty, but run as any task is, with the look-up of its result and the remembering of it. */
export const benchActivities = {
  empty: defineActivity<InputOf<'empty'>, string>({
    version: 1,
    cache: 'by-content',
    run: async ({ value }) => ({ output: value, note: '' }),
  }),
  join: defineActivity<InputOf<'join'>, string>({
    version: 1,
    cache: 'by-content',
    run: async (values) => ({ output: Object.values(values)[0] ?? '', note: '' }),
  }),
};

/** Plain Temporal's. */
export const plainActivities = {
  plainEmpty: async (value: string): Promise<string> => value,
  plainJoin: async (values: readonly string[]): Promise<string> => values[0] ?? '',
};
export type PlainActivities = typeof plainActivities;
