import type { LoggedInfo } from './delta-commit.js';
import { readLog, tableFile } from './delta-log.js';
import type { TableFile } from './delta-log.js';
import type { ObjectStore } from './object-store.js';
import { contentKey } from './partition-commit.js';

/** A partition as one commit of its table's log left it. What the commit does not say is undefined. */
export interface PartitionVersion {
  /** Version of the table. */
  readonly version: number;
  /** By the clock of who committed, in ISO 8601. */
  readonly when: string | undefined;
  /** `WRITE` and `RESTORE` are ours; other programs have words of their own. */
  readonly operation: string | undefined;
  /** The run that published it, or the revert. */
  readonly run: string | undefined;
  /** The person who reverted, and why. */
  readonly by: string | undefined;
  readonly why: string | undefined;
  /** Of a revert: the version whose content it put back. */
  readonly restored: number | undefined;
  /** None: the commit removed the partition. */
  readonly files: readonly TableFile[];
}

export interface TableHistory {
  readonly table: string;
  /** Version of the newest commit; -1 where the table does not exist. */
  readonly version: number;
  /** By date: what it was like after each commit that touched it, oldest first, never empty. */
  readonly partitions: ReadonlyMap<string, readonly PartitionVersion[]>;
}

/** Reads the whole log. Throws what `readLog` throws. */
export async function readHistory(store: ObjectStore, table: string): Promise<TableHistory> {
  const partitions = new Map<string, PartitionVersion[]>();
  const dateOf = new Map<string, string>();
  let newest = -1;
  for await (const { version, actions } of readLog(store, table)) {
    newest = version;
    const changed = new Map<string, Map<string, TableFile>>();
    const filesOf = (fecha: string): Map<string, TableFile> => {
      const before = partitions.get(fecha)?.at(-1)?.files ?? [];
      const files = changed.get(fecha) ?? new Map(before.map((file) => [file.path, file]));
      changed.set(fecha, files);
      return files;
    };
    for (const { add, remove } of actions) {
      if (remove) {
        const fecha = dateOf.get(remove.path);
        if (fecha !== undefined) filesOf(fecha).delete(remove.path);
      }
      if (add) {
        const file = tableFile(add, version);
        filesOf(file.fecha).set(file.path, file);
        dateOf.set(file.path, file.fecha);
      }
    }
    const info = actions.find(({ commitInfo }) => commitInfo)?.commitInfo;
    for (const [fecha, files] of changed) {
      const ordered = [...files.values()].toSorted((a, b) => (a.path < b.path ? -1 : 1));
      const versions = partitions.get(fecha) ?? [];
      versions.push({ version, ...saidOf(info ?? {}), files: ordered });
      partitions.set(fecha, versions);
    }
  }
  return { table, version: newest, partitions };
}

function saidOf(info: LoggedInfo): Omit<PartitionVersion, 'version' | 'files'> {
  const { timestamp, operation, run, userName, userMetadata, operationParameters } = info;
  const when = timestamp === undefined ? new Date(Number.NaN) : new Date(timestamp);
  const restored = operation === 'RESTORE' ? Number(operationParameters?.version ?? Number.NaN) : Number.NaN;
  return {
    when: Number.isNaN(when.getTime()) ? undefined : when.toISOString(),
    operation,
    run,
    by: userName,
    why: userMetadata,
    restored: Number.isInteger(restored) ? restored : undefined,
  };
}

/** 0 where the commits do not say. */
export const rowsOf = ({ files }: PartitionVersion): number => files.reduce((sum, { rows }) => sum + rows, 0);

/** The state of a partition that version `version` of its table held; undefined where it did not exist yet. */
export const partitionAt = (versions: readonly PartitionVersion[], version: number): PartitionVersion | undefined =>
  versions.findLast((candidate) => candidate.version <= version);

/**
 * The newest earlier state with files whose content is another than the newest one's. Of a partition that was put back,
 * this is the content that was put away: going to the previous one twice leads back, as with `git revert`, `kubectl
 * rollout undo` and `helm rollback`.
 */
export function previousContent(versions: readonly PartitionVersion[]): PartitionVersion | undefined {
  const newest = versions.at(-1);
  if (newest === undefined) return undefined;
  const current = contentKey(newest.files);
  return versions.findLast(({ files }) => files.length > 0 && contentKey(files) !== current);
}
