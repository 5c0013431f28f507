import { randomUUID } from 'node:crypto';
import { CONDEMNED_KEY, readCondemned, VERDICTS } from '../condemned.js';
import type { Condemnation } from '../condemned.js';
import type { ObjectInfo, ObjectStore } from '../object-store.js';
import { carryOut, stillUnused } from './carry-out.js';
import type { CarriedOut } from './carry-out.js';
import { takeLease } from './gc-lease.js';
import type { GcLease } from './gc-lease.js';
import { foundByKind, judged, keptByKind, swept } from './gc-report.js';
import type { GcReport, Judged } from './gc-report.js';
import { inLanes } from '../lanes.js';
import type { Why } from './roots.js';
import { staleEntries } from './stale-cache.js';
import { FOLDERS, survey } from './survey.js';
import type { Retention, Survey } from './survey.js';

export interface GcOptions {
  /** Names of published tables; others are found by the artifacts of their names. */
  readonly tables: readonly string[];
  /** How long a run's artifacts stay, in milliseconds. */
  readonly runsMs: number;
  /** How old an object is before gc looks at it, and how long it then stays condemned, in milliseconds. */
  readonly graceMs: number;
  /** Say what would be done: write nothing, remove nothing. */
  readonly dryRun?: boolean;
  /** After how long without a sign a gc counts as dead. Default: ten minutes. */
  readonly leaseMs?: number;
}

/** Objects of one verdict, and of one condemnation: what runs have to read stays small. */
const BATCH = 100;
const MOST_CONDEMNED = 100_000;

const UNUSED = 'no run or table needs it';

/**
 * Removes what no run within the retention, no table and no revert needs. Safe beside running work: what is unused is
 * published as condemned, and removed by a later gc, a grace period on, if it is unused still and no run has claimed it.
 * So a lake is clean after two gcs that are a grace period apart.
 *
 * Throws before anything is removed: `GcBusy` where another gc is at work, `UnreadableRecord` or `UnsupportedTable` where
 * it cannot be known what is needed.
 */
export async function collectGarbage(store: ObjectStore, options: GcOptions): Promise<GcReport> {
  if (options.dryRun) return collect(store, options, undefined);
  const lease = await takeLease(store, options.leaseMs);
  try {
    return await collect(store, options, lease);
  } finally {
    // Where it fails the lease runs out by itself: what went wrong before this is what has to be told.
    await lease.release().catch(() => undefined);
  }
}

/** Without a lease it only tells, by the clock of this machine. */
async function collect(store: ObjectStore, options: GcOptions, lease: GcLease | undefined): Promise<GcReport> {
  const { tables, runsMs, graceMs } = options;
  const retention = { now: lease?.now ?? Date.now(), runsMs, graceMs };
  // Before the survey: what is condemned by now was so before any of the records that are read next.
  const condemned = await readCondemned(store);
  const found = await survey(store, tables, retention);
  const open = condemned !== undefined && condemned.batches.length > 0 ? condemned : undefined;
  const isDue = open !== undefined && Date.parse(open.at) + graceMs <= retention.now;
  const { removed, kept } = isDue ? await judge(store, open, found, lease) : { removed: [], kept: [] };

  const settled = new Set([...removed, ...kept].map(({ key }) => key));
  const unused = found.unused.filter(({ key }) => !settled.has(key));
  const next = open !== undefined && !isDue ? open : condemn(unused, retention);
  if (lease && next !== open && (isDue || condemned === undefined || next.batches.length > 0)) {
    lease.check();
    await store.write(CONDEMNED_KEY, JSON.stringify(next));
  }

  const isGone = async (key: string): Promise<boolean> => {
    if (lease === undefined && settled.has(key)) return true;
    // It may have been made again since it was listed or removed.
    return (settled.has(key) || !found.objects.has(key)) && (await store.head(key)) === undefined;
  };
  const others = await otherLitter(store, found, retention, next, isGone);
  if (lease) await inLanes(others, async ({ key }) => store.remove(key));
  const before = new Date(retention.now - graceMs);
  const leftovers = (await store.sweep?.(before, [...FOLDERS, ...tables], lease === undefined)) ?? [];

  const named = judged(stillUnused(next, found).flat(), UNUSED);
  const waits: Why = 'condemned, waiting';
  const reasons = new Map<string, Why>(named.map(({ key }) => [key, waits]));
  for (const { key } of kept) reasons.set(key, 'kept by a run just now');
  return {
    lake: store.url,
    dryRun: lease === undefined,
    found: foundByKind(found),
    kept: keptByKind(found, reasons),
    removed: [...judged(removed, UNUSED), ...others, ...swept(leftovers)],
    condemned: next === open ? [] : named,
    waiting: next === open ? named : [],
    due: next.batches.length === 0 ? null : new Date(Date.parse(next.at) + graceMs).toISOString(),
    left: next === open ? 0 : unused.length - named.length,
  };
}

const judge = async (
  store: ObjectStore,
  open: Condemnation,
  found: Survey,
  lease: GcLease | undefined,
): Promise<CarriedOut> =>
  lease === undefined ? { removed: stillUnused(open, found).flat(), kept: [] } : carryOut(store, open, found, lease);

function condemn(unused: readonly ObjectInfo[], { now }: Retention): Condemnation {
  const keys = unused.slice(0, MOST_CONDEMNED).map(({ key }) => key);
  const batches = Array.from({ length: Math.ceil(keys.length / BATCH) }, (_, i) =>
    keys.slice(i * BATCH, (i + 1) * BATCH),
  );
  return { id: randomUUID(), at: new Date(now).toISOString(), batches };
}

/** What goes without having been condemned, because nobody can take it up again, or loses nothing by it. */
async function otherLitter(
  store: ObjectStore,
  { litter, cacheEntries }: Survey,
  retention: Retention,
  open: Condemnation,
  isGone: (key: string) => Promise<boolean>,
): Promise<readonly Judged[]> {
  const verdicts = `${VERDICTS}${open.id}/`;
  const stale = await staleEntries(store, cacheEntries, retention, isGone);
  return [
    ...judged(
      litter.filter(({ key }) => !key.startsWith(verdicts)),
      'outlived',
    ),
    ...judged(stale, 'what it names is gone'),
  ];
}
