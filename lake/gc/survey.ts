import { VERDICTS } from '../condemned.js';
import type { ObjectInfo, ObjectStore } from '../object-store.js';
import { CLOCK } from './gc-lease.js';
import { inLanes } from '../lanes.js';
import { Roots } from './roots.js';
import { addRunRoots, sortRecords } from './run-roots.js';
import { addTableRoots } from './table-roots.js';

export interface Retention {
  /** By the store's clock, in milliseconds since the epoch. */
  readonly now: number;
  /** How long a run's artifacts stay, and a partition's content after it was replaced. */
  readonly runsMs: number;
  /** What is younger is nobody's business; and how long gc waits between condemning and removing. */
  readonly graceMs: number;
}

/** What the lake holds at a moment, and what of it has to stay. */
export interface Survey {
  readonly objects: ReadonlyMap<string, ObjectInfo>;
  readonly roots: Roots;
  /** Needed by nobody, and older than the grace period: to be condemned. The oldest first. */
  readonly unused: readonly ObjectInfo[];
  /** To be removed at once: nobody takes it up again. */
  readonly litter: readonly ObjectInfo[];
  readonly cacheEntries: readonly ObjectInfo[];
}

/** What gc looks at beside the tables' folders: whatever else lies in a lake is not its own. */
export const FOLDERS = ['artifacts/', 'cache/', 'runs/', 'exports/', 'gc/'] as const;

/**
 * Looks at all that is gc's to judge. Changes nothing. Throws where a record or a table's log cannot be read: what it
 * names is not known then.
 */
export async function survey(store: ObjectStore, tables: readonly string[], retention: Retention): Promise<Survey> {
  const objects = new Map<string, ObjectInfo>();
  const add = async (prefix: string): Promise<void> => {
    for await (const info of store.list(prefix)) objects.set(info.key, info);
  };
  await inLanes(FOLDERS, add);
  const found = await tablesIn(store, tables, objects.keys());
  await inLanes(found, async (table) => add(`${table}/`));

  const all = [...objects.values()];
  const under = (prefix: string): readonly ObjectInfo[] => all.filter(({ key }) => key.startsWith(prefix));
  const roots = new Roots();
  const records = await sortRecords(store, under('runs/'), retention);
  await addRunRoots(store, records.retained, roots);
  roots.add(
    records.retained.map(({ key }) => key),
    'named by a run',
  );
  roots.add(
    records.newest.map(({ key }) => key),
    'newest of its date',
  );

  const tableFiles: ObjectInfo[] = [];
  const checkpoints: ObjectInfo[] = [];
  for (const table of found) {
    const litter = await addTableRoots(store, table, all, retention, roots);
    tableFiles.push(...litter.files);
    checkpoints.push(...litter.checkpoints);
  }
  const isOld = ({ modified }: ObjectInfo): boolean => modified.getTime() < retention.now - retention.graceMs;
  const exports = under('exports/').filter(({ key }) => found.has(key.split('/')[1] ?? ''));
  const judged = [...under('artifacts/'), ...tableFiles, ...exports];
  roots.add(
    judged.flatMap((info) => (isOld(info) ? [] : [info.key])),
    'young',
  );
  return {
    objects,
    roots,
    unused: judged
      .filter(({ key }) => !roots.has(key))
      .toSorted((a, b) => a.modified.getTime() - b.modified.getTime() || (a.key < b.key ? -1 : 1)),
    litter: [...records.outdated, ...[...checkpoints, ...under(VERDICTS), ...under(CLOCK)].filter(isOld)],
    cacheEntries: under('cache/'),
  };
}

/** Tables that are known, and those of DAGs that this program does not know: a table's content is an artifact of its name. */
async function tablesIn(
  store: ObjectStore,
  known: readonly string[],
  keys: Iterable<string>,
): Promise<ReadonlySet<string>> {
  const tables = new Set(known);
  const kinds = new Set<string>();
  for (const key of keys) if (key.startsWith('artifacts/')) kinds.add(key.split('/')[1] ?? '');
  await inLanes(kinds, async (kind) => {
    const log = store.list(`${kind}/_delta_log/`)[Symbol.asyncIterator]();
    if ((await log.next()).done !== true) tables.add(kind);
    await log.return?.();
  });
  return tables;
}
