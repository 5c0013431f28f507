import { open } from 'node:fs/promises';

/** Waits until the bytes of a file are on disk, or the names in a folder. */
export async function toDisk(path: string): Promise<void> {
  const handle = await open(path);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
