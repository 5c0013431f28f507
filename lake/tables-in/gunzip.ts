import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { BadInput } from '../bad-input.js';
import type { Culprit } from '../bad-input.js';
import { isBomb } from './inflate-limits.js';

/** The bytes of a gzip file, unpacked, a piece at a time. One that is there to fill a memory or a disk is refused. */
export async function* gunzip(path: string, culprit: Culprit, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  const { packed, unpacked } = await claimedSizes(path);
  if (isBomb(packed, unpacked, 'csv')) {
    // A bomb or cut off: before a single row is read of it, unpacking it tells which.
    for await (const piece of unpack(path, culprit, signal)) void piece;
  }
  yield* unpack(path, culprit, signal);
}

async function* unpack(path: string, culprit: Culprit, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  const file = createReadStream(path, { signal });
  let unpacked = 0;
  try {
    // Unlike `pipe`, `pipeline` hands on that the file cannot be read; the loop throws it.
    for await (const piece of pipeline(file, createGunzip({ chunkSize: 1 << 16 }), () => undefined)) {
      // Without an encoding the stream gives buffers.
      const chunk = piece as Buffer;
      unpacked += chunk.length;
      if (isBomb(file.bytesRead, unpacked, 'csv')) {
        throw new BadInput(
          `${file.bytesRead} bytes of it unpack to ${unpacked} or more, as a bomb does: if it is a table indeed, unpack it`,
          culprit,
        );
      }
      yield chunk;
    }
  } catch (error) {
    signal.throwIfAborted();
    const isGzip = error instanceof Error && 'code' in error && String(error.code).startsWith('Z_');
    if (!isGzip) throw error;
    throw new BadInput(`Expected a whole gzip file; ${error.message}. Fetch it again`, culprit, { cause: error });
  }
}

/** The size of the file, and the one that its last four bytes claim for its content (RFC 1952, of 4 GiB the rest). */
async function claimedSizes(path: string): Promise<{ packed: number; unpacked: number }> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const { buffer, bytesRead } = await file.read(Buffer.alloc(4), 0, 4, Math.max(0, size - 4));
    return { packed: size, unpacked: bytesRead === 4 ? buffer.readUInt32LE() : 0 };
  } finally {
    await file.close();
  }
}
