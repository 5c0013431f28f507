import { PARTITION_COLUMN } from '../../lake/delta-schema.js';
import type { ExportedCopy } from '../export-partition.js';
import type { TaskContext } from '../define-activity.js';
import { putUnlessThere } from '../put-unless-there.js';

/** Files of a date for people, by their name. */
export type FilesBeside = ReadonlyMap<string, string>;

export interface PutBeside {
  readonly copies: readonly ExportedCopy[];
  /** How many files of earlier runs went. */
  readonly removed: number;
}

/**
 * Puts what people look at beside the tables of a date (reports, plots) into a folder of its own under `exports/`, and
 * removes what an earlier run left there that this one has not, as far as it `isStale` by its name: several tasks have
 * files there. Files that agree are left alone.
 */
export async function putBeside(
  context: Pick<TaskContext, 'store' | 'transferring'>,
  fecha: string,
  files: FilesBeside,
  isStale: (name: string) => boolean,
): Promise<PutBeside> {
  const { store } = context;
  const folder = `exports/lookalikes/${PARTITION_COLUMN}=${fecha}/`;
  const copies: ExportedCopy[] = [];
  for (const [name, path] of files) {
    const key = `${folder}${name}`;
    copies.push({ key, unchanged: await context.transferring(`exporting ${name}`, putUnlessThere(store, key, path)) });
  }
  const lying: string[] = [];
  for await (const { key } of store.list(folder)) lying.push(key.slice(folder.length));
  const left = lying.filter((name) => !files.has(name) && isStale(name));
  for (const name of left) await store.remove(`${folder}${name}`);
  return { copies, removed: left.length };
}
