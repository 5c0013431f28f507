import { PermanentError } from '../dag/permanent-error.js';
import type { TableSchema } from './delta-schema.js';
import { checkKept, keptContent } from './kept-content.js';
import type { ObjectStore } from './object-store.js';
import { contentKey } from './partition-commit.js';
import { partitionAt, previousContent, readHistory } from './partition-history.js';
import type { PartitionVersion, TableHistory } from './partition-history.js';

export interface RevertRequest {
  readonly tables: readonly TableSchema[];
  /** `YYYY-MM-DD` */
  readonly fecha: string;
  /** A version of the table's log, of one table only: they count apart. Left out: the previous content. */
  readonly toVersion?: number;
}

/** What a revert will do to one table. It holds while the partition is as it was when this was made. */
export interface RevertPlan {
  readonly table: TableSchema;
  readonly fecha: string;
  /** What the log names now; without files where another program removed the partition. */
  readonly from: PartitionVersion;
  /** Whose content comes back. */
  readonly to: PartitionVersion;
  /** False: the partition has that content already, or the change that is undone did not touch it. */
  readonly changes: boolean;
}

/** There is no earlier content that could be put back. */
export class NothingToRevert extends PermanentError {
  override readonly name = 'NothingToRevert';
}

/**
 * Finds what a date's partitions go back to, and makes sure that its objects are in the lake. Reads none of them: what
 * can come between after this is another writer, a store that fails, or bytes that were damaged.
 *
 * The newest change among the tables is what is undone: that of one run, or of one revert. Tables that it did not touch
 * (a run with another `k` gives the same scores) stay as they are: they were so before it too. Those that it did touch go
 * back to the newest earlier content that differs. A revert is a change like any other, so a second one undoes the
 * first; what lies further back is named by `toVersion`.
 *
 * Throws `NothingToRevert` or `ContentGone`; then nothing has to be undone in any of the tables.
 */
export async function planRevert(store: ObjectStore, request: RevertRequest): Promise<readonly RevertPlan[]> {
  const { tables, fecha, toVersion } = request;
  if (toVersion !== undefined && tables.length > 1) {
    throw new RangeError(`Expected one table where its version is given, got ${tables.length}: each counts its own`);
  }
  const found = await Promise.all(
    tables.map(async (table) => {
      const history = await readHistory(store, table.name);
      const versions = history.partitions.get(fecha) ?? [];
      const from = versions.at(-1);
      if (from !== undefined) return { table, history, versions, from };
      const dates = [...history.partitions.keys()].toSorted().join(', ');
      throw new NothingToRevert(
        `Expected a date of ${table.name} in lake ${store.url} (${dates === '' ? 'it has none yet' : dates}), got ${fecha}`,
      );
    }),
  );
  const newest = found.map(({ from }) => from).reduce((a, b) => ((b.when ?? '') > (a.when ?? '') ? b : a));
  const plans: RevertPlan[] = [];
  for (const { table, history, versions, from } of found) {
    const touched = from === newest || from.run === newest.run;
    const to = touched ? target(history, fecha, versions, toVersion) : from;
    const changes = contentKey(to.files) !== contentKey(from.files);
    if (changes) await checkKept(store, keptContent(table.name, fecha, to));
    plans.push({ table, fecha, from, to, changes });
  }
  return plans;
}

function target(
  history: TableHistory,
  fecha: string,
  versions: readonly PartitionVersion[],
  toVersion: number | undefined,
): PartitionVersion {
  const { table, version: newest } = history;
  if (toVersion === undefined) {
    const previous = previousContent(versions);
    if (previous !== undefined) return previous;
    throw new NothingToRevert(
      `Expected ${table} to have had another content for ${fecha}, but it is the first one, of version ` +
        `${versions[0]?.version}. Reverting puts an earlier content back; it does not remove a partition`,
    );
  }
  if (toVersion > newest) {
    throw new NothingToRevert(`Expected a version of ${table} from 0 to ${newest}, got ${toVersion}`);
  }
  const state = partitionAt(versions, toVersion);
  if (state !== undefined && state.files.length > 0) return state;
  throw new NothingToRevert(
    `Expected version ${toVersion} of ${table} to hold ${fecha}, but ` +
      (state === undefined
        ? `the date was first published with version ${versions[0]?.version}`
        : `version ${state.version} had removed it`) +
      '. Reverting puts an earlier content back; it does not remove a partition',
  );
}
