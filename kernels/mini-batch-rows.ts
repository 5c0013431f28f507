import { BLOCK_ROWS } from './block-sums.js';
import { randomStream } from './random.js';
import { sampleRows } from './sample-rows.js';

/**
 * Random numbers of the rows that mini-batches are of. No fit has a k of 0, so these streams are not those of a fit; the
 * rows are the same for every k.
 */
const stream = (seed: number, ...path: readonly number[]) => randomStream(seed, 0, ...path);

/** The rows that the first centroids are fitted to, ascending, each once. */
export const startSample = (rows: number, size: number, seed: number): Int32Array =>
  sampleRows(rows, size, stream(seed, 1));

/**
 * The rows of one block of a batch, `block` counted from 0: the last one of a batch may have fewer than others. They are drawn
 * evenly from all and may be drawn again; where a batch has as many as there are, it is all of them in order. Each block has
 * its own random numbers: any thread can draw it.
 */
export function rowsOfBatchBlock(
  rows: number,
  batchRows: number,
  { seed, batch, block }: { readonly seed: number; readonly batch: number; readonly block: number },
): Int32Array {
  const from = block * BLOCK_ROWS;
  const size = Math.min(BLOCK_ROWS, batchRows - from);
  if (batchRows >= rows) return Int32Array.from({ length: size }, (_, i) => from + i);
  const random = stream(seed, 2, batch, block);
  return Int32Array.from({ length: size }, () => random.integer(rows));
}
