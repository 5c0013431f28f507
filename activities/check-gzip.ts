import { createReadStream } from 'node:fs';
import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { BadInput } from '../lake/bad-input.js';
import type { Culprit } from '../lake/bad-input.js';

/**
 * Unpacks a gzip file to nowhere: throws `BadInput` unless it is whole. DuckDB reads a file that was cut off as far as
 * it goes and says nothing.
 */
export async function checkGzip(path: string, culprit: Culprit, signal: AbortSignal): Promise<void> {
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const unpacked = createGunzip();
  let damage: Error | undefined;
  unpacked.on('error', (error: Error) => {
    damage = error;
  });
  await pipeline(createReadStream(path), unpacked, nowhere, { signal }).catch((error: unknown) => {
    signal.throwIfAborted();
    if (damage === undefined) throw error;
    throw new BadInput(`Expected a whole gzip file; ${damage.message}. Fetch it again`, culprit, { cause: error });
  });
}
