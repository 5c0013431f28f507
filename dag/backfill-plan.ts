import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { canonical } from './cache-key.js';
import type { Dag, Priority } from './dag.js';
import type { RunPlan } from './run-plan.js';

/** Below a scheduled run, whose tasks have 3. */
export const BACKFILL_PRIORITY: Priority = 5;

/** What code makes a result: where any of it changes, the same dates may come out otherwise. */
export interface CodeFacts {
  /** Hash of the DAG's tasks, their edges and options. */
  readonly dag: string;
  readonly engine: string;
  /** Of the activities that the DAG calls. */
  readonly versions: { readonly [activity: string]: number };
}

/** All that a backfill is going to do, settled before it starts. Plain data. */
export interface BackfillPlan {
  readonly dag: string;
  /** In the order in which they are to start, each once. */
  readonly dates: readonly string[];
  /** Dates of the range that cannot be run, and why. */
  readonly refused: { readonly [fecha: string]: string };
  /** Of every run, but for `fecha`. */
  readonly params: { readonly [name: string]: unknown };
  readonly run: RunPlan;
  /** So many dates at once. */
  readonly maxRuns: number;
  readonly code: CodeFacts;
}

/** The hash by which a plan is named: of all of it, whatever the order of an object's keys. */
export const planHash = (plan: BackfillPlan): string => bytesToHex(sha256(utf8ToBytes(canonical(plan))));

/** How much of a hash people are shown. */
export const shortHash = (hash: string): string => hash.slice(0, 12);

/** `versions` and `engine` are those of the code that plans; workers of another build compute by theirs. */
export function codeFacts(dag: Dag, versions: { readonly [activity: string]: number }, engine: string): CodeFacts {
  const tasks = dag.tasks.map(({ kind, ...task }) => {
    // A schema is code: it has no shape that could be compared.
    const { schema: _schema, ...shape } = { schema: undefined, ...kind };
    return { ...task, kind: shape };
  });
  const called = [...new Set(dag.tasks.map(({ activity }) => activity))].filter((name) => versions[name] !== undefined);
  return {
    dag: bytesToHex(sha256(utf8ToBytes(canonical({ tasks, outputs: dag.outputs, deadline: dag.deadline })))).slice(
      0,
      16,
    ),
    engine,
    versions: Object.fromEntries(called.map((name) => [name, versions[name] ?? 0])),
  };
}

/** What the records in the lake say of a date's runs. */
export interface RecordedDate {
  /** Some run of it succeeded with all that is to run now. */
  readonly succeeded: boolean;
  /** The newest run of it ended otherwise, or was ended without a record. */
  readonly failed: boolean;
}

export type Only = 'missing' | 'failed' | 'all';

/** `missing`: what never succeeded, failed or not. `failed`: what was run, and not brought to success by the newest run. */
export const isWanted = (only: Only, { succeeded, failed }: RecordedDate): boolean =>
  only === 'all' || (only === 'missing' ? !succeeded : failed);

const NAMED = 3;

/** What differs between two plans, for people: `2 dates more: 2017-03-06, 2017-03-13`, `k: 4 -> 5`. */
export function planDifferences(before: BackfillPlan, after: BackfillPlan): string[] {
  const changes: string[] = [];
  const differ = (name: string, was: unknown, is: unknown): void => {
    const [a, b] = [canonical(was), canonical(is)];
    if (a !== b) changes.push(a.length + b.length > 80 ? `${name} changed` : `${name}: ${a} -> ${b}`);
  };
  differ('dag', before.dag, after.dag);
  const [more, fewer] = [without(after.dates, before.dates), without(before.dates, after.dates)];
  if (more.length > 0) changes.push(`${listed(more)} more`);
  if (fewer.length > 0) changes.push(`${listed(fewer)} fewer`);
  if (more.length + fewer.length === 0 && before.dates.join() !== after.dates.join())
    changes.push('the order of the dates');
  differ('refused dates', before.refused, after.refused);
  for (const name of keysOf(before.params, after.params)) differ(name, before.params[name], after.params[name]);
  for (const id of keysOf(before.run.tasks, after.run.tasks)) {
    differ(`task ${id}`, before.run.tasks[id] ?? 'left out', after.run.tasks[id] ?? 'left out');
  }
  differ('hold on failure', before.run.hold, after.run.hold);
  differ('priority', before.run.priority, after.run.priority);
  differ('max runs', before.maxRuns, after.maxRuns);
  if (before.code.dag !== after.code.dag) changes.push('the tasks of the DAG, or their options, changed');
  differ('engine', before.code.engine, after.code.engine);
  for (const name of keysOf(before.code.versions, after.code.versions)) {
    differ(`version of ${name}`, before.code.versions[name], after.code.versions[name]);
  }
  return changes;
}

const keysOf = (a: object, b: object): readonly string[] => [...new Set([...Object.keys(a), ...Object.keys(b)])];

function without(dates: readonly string[], others: readonly string[]): readonly string[] {
  const known = new Set(others);
  return dates.filter((date) => !known.has(date));
}

function listed(dates: readonly string[]): string {
  const rest = dates.length > NAMED ? ', …' : '';
  return `${dates.length} ${dates.length === 1 ? 'date' : 'dates'} (${dates.slice(0, NAMED).join(', ')}${rest})`;
}
