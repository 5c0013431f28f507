import type { Leftover, ObjectInfo } from '../object-store.js';
import type { Why } from './roots.js';
import type { Survey } from './survey.js';

export interface Tally {
  readonly objects: number;
  readonly bytes: number;
}

/** An object and what became of it. */
export interface Judged {
  readonly key: string;
  readonly kind: string;
  readonly bytes: number;
  readonly why: string;
}

/** What gc did; of a dry run, what it would do. */
export interface GcReport {
  readonly lake: string;
  readonly dryRun: boolean;
  /** What was looked at, by kind: `artifacts/features`, `run records`, `cache`, … */
  readonly found: { readonly [kind: string]: Tally };
  /** What of it stays, by kind and reason. */
  readonly kept: { readonly [kind: string]: { readonly [why in Why]?: Tally } };
  readonly removed: readonly Judged[];
  /** Published now as unused; to be removed by a gc after `graceMs`, unless a run uses it meanwhile. */
  readonly condemned: readonly Judged[];
  /** Condemned before, and the time is not yet over. */
  readonly waiting: readonly Judged[];
  /** From when on what is condemned may go, in ISO 8601; null where nothing is. */
  readonly due: string | null;
  /** More is unused than one condemnation holds: the next gc goes on. */
  readonly left: number;
}

export function kindOf(key: string): string {
  const [first = '', second = ''] = key.split('/');
  if (first === 'artifacts') return `artifacts/${second}`;
  if (first === 'runs') return 'run records';
  if (first === 'cache' || first === 'exports' || first === 'gc') return first;
  if (second !== '_delta_log') return 'table files';
  return key.endsWith('.json') ? 'table commits' : 'table checkpoints';
}

export const judged = (objects: readonly ObjectInfo[], why: string): readonly Judged[] =>
  objects.map(({ key, bytes }) => ({ key, kind: kindOf(key), bytes, why }));

export const swept = (leftovers: readonly Leftover[]): readonly Judged[] =>
  leftovers.map(({ kind, name, bytes }) => ({ key: name, kind, bytes, why: 'left by a writer that was killed' }));

export function foundByKind({ objects }: Survey): GcReport['found'] {
  const found: { [kind: string]: Tally } = {};
  for (const { key, bytes } of objects.values()) found[kindOf(key)] = plus(found[kindOf(key)], bytes);
  return found;
}

export function keptByKind({ objects, roots }: Survey, others: ReadonlyMap<string, Why>): GcReport['kept'] {
  const kept: { [kind: string]: { [why in Why]?: Tally } } = {};
  for (const { key, bytes } of objects.values()) {
    const why = others.get(key) ?? roots.why.get(key);
    if (why === undefined) continue;
    const ofKind = (kept[kindOf(key)] ??= {});
    ofKind[why] = plus(ofKind[why], bytes);
  }
  return kept;
}

export const plus = (tally: Tally | undefined, bytes: number): Tally => ({
  objects: (tally?.objects ?? 0) + 1,
  bytes: (tally?.bytes ?? 0) + bytes,
});

export function byKind(objects: readonly Judged[]): { readonly [kind: string]: Tally } {
  const tallies: { [kind: string]: Tally } = {};
  for (const { kind, bytes } of objects) tallies[kind] = plus(tallies[kind], bytes);
  return tallies;
}
