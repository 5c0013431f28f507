import { z } from 'zod';
import type { ActivityDefinition } from '../../activities/define-activity.js';
import type { HistoryActivities } from './history-dags.js';

type Name = keyof HistoryActivities;

/** What a task does in a recording; `attempt` counts over all of its run, retries by hand included. */
export type Works = {
  readonly [Task in Name]?: (
    input: Parameters<HistoryActivities[Task]>[0],
    context: { readonly attempt: number; readonly signal: AbortSignal; beat(): void },
  ) => Promise<Awaited<ReturnType<HistoryActivities[Task]>> | NotThere>;
};

/** Of a sensor: not yet. */
export interface NotThere {
  readonly notYet: string;
}

/** What tasks do where a recording says nothing else. */
const USUAL: Required<Works> = {
  first: async ({ count }) => ({ value: count }),
  second: async ({ value }) => value * 2,
  third: async ({ value }) => value * 3,
  enough: async ({ value }) => ({ passed: true, figures: { value }, message: `Expected any value, got ${value}` }),
  last: async ({ second, third }) => second + third,
  numbers: async ({ count }) => Array.from({ length: count }, (_, i) => i),
  double: async ({ value }) => value * 2,
  look: async ({ count }) => ({ value: count }),
  press: async ({ count }) => count,
  squeeze: async ({ count }) => count,
};

export interface HistoryActivityDefinitions {
  readonly definitions: { readonly [name: string]: ActivityDefinition<never, unknown> };
  /** Says what the tasks of the runs from now on do. */
  behave(works: Works): void;
}

/** The activities of the recordings. */
export function historyActivities(): HistoryActivityDefinitions {
  let works: Works = {};
  let attempts = new Map<string, number>();

  const definition = (name: Name): ActivityDefinition<never, unknown> => ({
    version: 1,
    // What an operator may give in the place of a task's own output has a schema, and is no effect.
    ...(name === 'second' ? { cache: 'by-content', output: z.number() } : { cache: 'never' }),
    run: async (input, { signal, progress }) => {
      const attempt = (attempts.get(name) ?? 0) + 1;
      attempts.set(name, attempt);
      const work = works[name] ?? USUAL[name];
      const output = await work(input, { attempt, signal, beat: () => progress({ phase: 'at work' }) });
      if (typeof output === 'object' && 'notYet' in output) return output;
      return { output, note: `${name} done` };
    },
  });

  return {
    definitions: Object.fromEntries(Object.keys(USUAL).map((name) => [name, definition(name as Name)])),
    behave: (said) => {
      works = said;
      attempts = new Map();
    },
  };
}
