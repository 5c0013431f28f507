import { createHash, randomUUID } from 'node:crypto';
import { readlinkSync } from 'node:fs';
import { mkdir, readdir, rm, stat, utimes } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';

/** How often the folder of a living attempt is touched, and how old the last touch of an abandoned one is. */
const TOUCH_MS = 60_000;
const ABANDONED_MS = 15 * TOUCH_MS;

/** Where a process id means the same process: containers may share a folder and a host name, and all be process 1. */
const machine = createHash('sha256').update(`${hostname()} ${processNamespace()}`).digest('hex').slice(0, 12);

function processNamespace(): string {
  try {
    return readlinkSync('/proc/self/ns/pid');
  } catch {
    return 'one for all';
  }
}

const scratchOf = (cacheFolder: string): string => join(cacheFolder, 'scratch');

/** Runs `use` with a folder of its own below `cacheFolder`, and removes that afterwards. Its name says whose it is. */
export async function withScratch<Result>(
  cacheFolder: string,
  task: string,
  use: (folder: string) => Promise<Result>,
): Promise<Result> {
  const folder = join(scratchOf(cacheFolder), [machine, process.pid, task, randomUUID()].join('.'));
  await mkdir(folder, { recursive: true });
  const touch = setInterval(() => {
    const now = new Date();
    utimes(folder, now, now).catch(() => undefined);
  }, TOUCH_MS);
  touch.unref();
  try {
    return await use(folder);
  } finally {
    clearInterval(touch);
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * Removes what attempts of killed processes left: at once where the process ran on this machine, else when nobody has
 * touched it for 15 minutes. Workers that share the folder may do so at the same time, and lose nothing.
 */
export async function removeAbandonedScratch(cacheFolder: string): Promise<void> {
  const folders = await readdir(scratchOf(cacheFolder)).catch(() => []);
  for (const name of folders) {
    const folder = join(scratchOf(cacheFolder), name);
    if (isOfDeadProcess(name) || (await isUntouched(folder))) await rm(folder, { recursive: true, force: true });
  }
}

function isOfDeadProcess(name: string): boolean {
  const [where, pid] = name.split('.');
  if (where !== machine) return false;
  try {
    process.kill(Number(pid), 0);
    return false;
  } catch (error) {
    // EPERM: it lives, and is another user's.
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}

/** Whether nothing has moved in a file or folder for so long that who made it must be gone. */
async function isUntouched(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  return found !== undefined && Date.now() - found.mtimeMs > ABANDONED_MS;
}

/** Removes the parts of downloads into `cacheFolder` that nobody has written to for 15 minutes. */
export async function removeAbandonedDownloads(cacheFolder: string): Promise<void> {
  for (const kind of ['artifacts', 'sources']) {
    const folder = join(cacheFolder, kind);
    for (const name of await readdir(folder).catch(() => [])) {
      const file = join(folder, name);
      if (name.endsWith('.part') && (await isUntouched(file))) await rm(file, { force: true });
    }
  }
}
