import { readdir, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';

export interface CacheBound {
  /** What the folder may hold. Default: 20 GB. */
  readonly maxBytes?: number;
  /** What was used less than this long ago stays, whatever the size: running work reads it. Default: an hour. */
  readonly keepMs?: number;
}

const MAX_BYTES = 20e9;
const KEEP_MS = 3_600_000;

interface CachedFile {
  readonly path: string;
  readonly bytes: number;
  readonly usedAt: number;
}

/**
 * Whether the cache holds a file of this size at `path`. Counts as a use of it: the time of modification says when a
 * cached file was last used, since many file systems do not keep the time of access.
 */
export async function touchCached(path: string, bytes: number): Promise<boolean> {
  try {
    const now = new Date();
    // Touched before it is looked at: from then on no other process removes it.
    await utimes(path, now, now);
    return (await stat(path)).size === bytes;
  } catch {
    return false;
  }
}

/**
 * Removes the least recently used files of a cache's folder (its own files, not those of folders below) until it holds
 * at most `maxBytes`, and downloads that were never finished. Any number of processes may do so at once.
 */
export async function boundCache(folder: string, bound: CacheBound = {}): Promise<void> {
  const { maxBytes = MAX_BYTES, keepMs = KEEP_MS } = bound;
  const files = await cachedFiles(folder);
  let total = files.reduce((sum, { bytes }) => sum + bytes, 0);
  const isIdle = ({ usedAt }: CachedFile): boolean => usedAt < Date.now() - keepMs;
  for (const file of files.toSorted((a, b) => a.usedAt - b.usedAt)) {
    if (!isIdle(file)) return;
    if (total <= maxBytes && !file.path.endsWith(PARTIAL)) continue;
    // It may have been used since the folder was read.
    const now = await look(file.path);
    if (now !== undefined && !isIdle(now)) continue;
    // Room is wanted, not needed: a file that cannot be removed fails nobody's work.
    const removed = await rm(file.path, { force: true }).then(
      () => true,
      () => false,
    );
    if (removed) total -= file.bytes;
  }
}

/** How the names of unfinished downloads end. */
export const PARTIAL = '.part';

async function cachedFiles(folder: string): Promise<readonly CachedFile[]> {
  const names = await readdir(folder).catch(() => []);
  const files = await Promise.all(names.map((name) => look(join(folder, name))));
  return files.filter((file) => file !== undefined);
}

async function look(path: string): Promise<CachedFile | undefined> {
  const found = await stat(path).catch(() => undefined);
  if (found?.isFile() !== true) return undefined;
  return { path, bytes: found.size, usedAt: found.mtimeMs };
}
