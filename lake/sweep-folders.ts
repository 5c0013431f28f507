import { readdir, rmdir, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { Leftover } from './object-store.js';

/**
 * Removes temporary files that nobody has written to since `before`, and folders that have been empty since. A folder that
 * gets its first file meanwhile is not empty any more: rmdir refuses it, and a writer that meets no folder makes it again.
 */
export async function sweepFolders(
  temporary: string,
  folders: readonly string[],
  before: Date,
  dryRun: boolean,
): Promise<readonly Leftover[]> {
  const found: Leftover[] = [];
  for (const name of await namesIn(temporary)) {
    const path = join(temporary, name);
    const file = await stat(path).catch(() => undefined);
    if (file?.isFile() !== true || file.mtime >= before) continue;
    if (!dryRun) await unlink(path).catch(ignoreAbsent);
    found.push({ kind: 'unfinished writes', name: path, bytes: file.size });
  }
  for (const folder of folders) await sweepEmpty(folder, before, dryRun, found);
  return found;
}

/** Innermost first. A folder that held an empty one goes with a later sweep: its time is that of the removal. */
async function sweepEmpty(folder: string, before: Date, dryRun: boolean, found: Leftover[]): Promise<void> {
  // Before its entries: what is put in after this makes rmdir fail.
  const { mtime } = (await stat(folder).catch(() => undefined)) ?? {};
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => undefined);
  if (entries === undefined || mtime === undefined) return;
  for (const entry of entries) {
    if (entry.isDirectory()) await sweepEmpty(join(folder, entry.name), before, dryRun, found);
  }
  if (entries.length > 0 || mtime >= before) return;
  const removed =
    dryRun ||
    (await rmdir(folder).then(
      () => true,
      () => false,
    ));
  if (removed) found.push({ kind: 'empty folders', name: folder, bytes: 0 });
}

const namesIn = async (folder: string): Promise<readonly string[]> =>
  readdir(folder)
    .catch(ignoreAbsent)
    .then((names) => names ?? []);

function ignoreAbsent(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}
