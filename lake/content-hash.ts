import { createHash } from 'node:crypto';
import { open, rm } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

/** What names a file's bytes. */
export interface FileContent {
  /** Lower-case hex. */
  readonly sha256: string;
  readonly bytes: number;
}

/** Of one turn of the event loop. */
const PIECE_BYTES = 1 << 20;

/** Until one looks again whether a file has grown. */
const GROWTH_MS = 5;

/** Of a local file that is finished, read piece by piece. */
export async function contentOf(path: string): Promise<FileContent> {
  const file = await open(path);
  return hashToEnd(file, () => true).finally(async () => file.close());
}

/**
 * Of the local file that `write` makes, hashed while it grows, as far as a thread is free to read it: what is left to hash when it
 * is finished are its last bytes. The writer has to append and never go back. What was there before is removed, as a writer may
 * put another file in its place only at the end: the old one would be hashed.
 */
export async function contentWhileWritten(path: string, write: () => Promise<unknown>): Promise<FileContent> {
  await rm(path, { force: true });
  let isFinished = false;
  const failure = new AbortController();
  const writing = write().then(
    () => (isFinished = true),
    (error: unknown) => {
      failure.abort();
      throw error;
    },
  );
  const hashing = hashGrowing(path, () => isFinished, failure.signal);
  // Both are over before a failure of either is told: nobody reads on in a folder that is being removed.
  const [written, hashed] = await Promise.allSettled([writing, hashing]);
  if (written.status === 'rejected') throw written.reason;
  if (hashed.status === 'rejected') throw hashed.reason;
  return hashed.value;
}

async function hashGrowing(path: string, isFinished: () => boolean, signal: AbortSignal): Promise<FileContent> {
  for (;;) {
    signal.throwIfAborted();
    const wasFinished = isFinished();
    const file = await open(path).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT' || wasFinished) throw error;
    });
    if (file !== undefined) return hashToEnd(file, isFinished, signal).finally(async () => file.close());
    await sleep(GROWTH_MS);
  }
}

async function hashToEnd(file: FileHandle, isFinished: () => boolean, signal?: AbortSignal): Promise<FileContent> {
  const hash = createHash('sha256');
  const piece = Buffer.allocUnsafe(PIECE_BYTES);
  let bytes = 0;
  for (;;) {
    signal?.throwIfAborted();
    // Asked before the file is: an end that is found after that is the end.
    const wasFinished = isFinished();
    const { bytesRead } = await file.read(piece, 0, PIECE_BYTES, bytes);
    if (bytesRead === 0 && wasFinished) return { sha256: hash.digest('hex'), bytes };
    hash.update(piece.subarray(0, bytesRead));
    bytes += bytesRead;
    if (bytesRead < PIECE_BYTES && !wasFinished) await sleep(GROWTH_MS);
  }
}
