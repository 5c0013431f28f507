import { PARTITION_COLUMN } from '../delta-schema.js';
import { ContentGone, keptContent } from '../kept-content.js';
import type { ObjectInfo, ObjectStore } from '../object-store.js';
import { isOwnFile } from '../partition-commit.js';
import { readHistory } from '../partition-history.js';
import type { PartitionVersion, TableHistory } from '../partition-history.js';
import type { Roots } from './roots.js';

export interface TableRetention {
  readonly now: number;
  readonly runsMs: number;
  readonly graceMs: number;
}

/** What of a table's folder may go. */
export interface TableLitter {
  /** Files that no commit names, or that one removed. */
  readonly files: readonly ObjectInfo[];
  /** Older than the newest two. */
  readonly checkpoints: readonly ObjectInfo[];
}

/**
 * Adds what a table needs: the files that its log names, the content and companions of its partitions, and those of
 * versions that were replaced within the retention, which `revert` may put back. Gives what may go of the table's own
 * folder, but for its age. Commits stay: they are the table's history. Throws `UnsupportedTable` where the log cannot be
 * read.
 */
export async function addTableRoots(
  store: ObjectStore,
  table: string,
  objects: readonly ObjectInfo[],
  retention: TableRetention,
  roots: Roots,
): Promise<TableLitter> {
  const history = await readHistory(store, table);
  for (const [fecha, versions] of history.partitions) {
    for (const [i, version] of versions.entries()) {
      const replacedAt = timeOf(versions[i + 1]);
      const isCurrent = i === versions.length - 1;
      if (isCurrent) roots.add(filesOf(table, version), 'published');
      if (isCurrent || replacedAt > retention.now - retention.runsMs) {
        roots.add(contentOf(table, fecha, version), isCurrent ? 'published' : 'may be put back');
      }
      // Who has read the log before a file was replaced may open it some time after.
      if (replacedAt > retention.now - retention.graceMs) roots.add(filesOf(table, version), 'may be put back');
    }
  }
  roots.add(exportsOf(history, objects), 'published');
  const named = namedPaths(history);
  const files = objects.filter(({ key }) => {
    const path = key.slice(table.length + 1);
    return key.startsWith(`${table}/`) && !/(^|\/)[_.]/.test(path) && (isOwnFile(path) || named.has(path));
  });
  return { files, checkpoints: oldCheckpoints(table, objects) };
}

/** What cannot be known counts as just now. */
function timeOf(version: PartitionVersion | undefined): number {
  return version?.when === undefined ? Number.POSITIVE_INFINITY : Date.parse(version.when);
}

const filesOf = (table: string, { files }: PartitionVersion): readonly string[] =>
  files.map(({ path }) => `${table}/${path}`);

/** Copies of the dates that the table has. */
function exportsOf({ table, partitions }: TableHistory, objects: readonly ObjectInfo[]): readonly string[] {
  const start = `exports/${table}/${PARTITION_COLUMN}=`;
  return objects.flatMap(({ key }) => {
    const fecha = key.startsWith(start) ? key.slice(start.length).split('/')[0] : undefined;
    const current = fecha === undefined ? undefined : partitions.get(fecha)?.at(-1);
    return current !== undefined && current.files.length > 0 ? [key] : [];
  });
}

function contentOf(table: string, fecha: string, version: PartitionVersion): readonly string[] {
  try {
    const { artifact, companions } = keptContent(table, fecha, version);
    return [artifact, ...companions].map(({ uri }) => uri);
  } catch (error) {
    // Another program's files have no other copy, and a partition that was removed has none.
    if (error instanceof ContentGone) return [];
    throw error;
  }
}

function namedPaths({ partitions }: TableHistory): ReadonlySet<string> {
  const all = [...partitions.values()].flat();
  return new Set(all.flatMap(({ files }) => files.map(({ path }) => path)));
}

/** Readers that come by an older pointer find the newest by its name, or do with the commits. */
function oldCheckpoints(table: string, objects: readonly ObjectInfo[]): readonly ObjectInfo[] {
  const log = `${table}/_delta_log/`;
  const checkpoints = objects.filter(({ key }) => key.startsWith(log) && /\/\d{20}\.checkpoint\.parquet$/.test(key));
  return checkpoints.toSorted((a, b) => (a.key < b.key ? -1 : 1)).slice(0, -2);
}
