import { PARTITION_COLUMN } from '../../lake/delta-schema.js';
import type { ExportedCopy } from '../export-partition.js';
import type { TaskContext } from '../define-activity.js';
import { putUnlessThere } from '../put-unless-there.js';

/** Files of a date for people, by their name. */
export type FilesBeside = ReadonlyMap<string, string>;

/**
 * Puts what people look at beside the tables of a date (reports, plots) into a folder of its own under `exports/`, and
 * removes what an earlier run left there that this one has not. Files that agree are left alone.
 */
export async function putBeside(
  context: Pick<TaskContext, 'store' | 'transferring'>,
  fecha: string,
  files: FilesBeside,
): Promise<readonly ExportedCopy[]> {
  const { store } = context;
  const folder = `exports/lookalikes/${PARTITION_COLUMN}=${fecha}/`;
  const copies: ExportedCopy[] = [];
  for (const [name, path] of files) {
    const key = `${folder}${name}`;
    copies.push({ key, unchanged: await context.transferring(`exporting ${name}`, putUnlessThere(store, key, path)) });
  }
  const lying: string[] = [];
  for await (const { key } of store.list(folder)) lying.push(key);
  const left = lying.filter((key) => !files.has(key.slice(folder.length)));
  for (const key of left) await store.remove(key);
  return left.length === 0 ? copies : copies.map((copy) => ({ ...copy, unchanged: false }));
}
