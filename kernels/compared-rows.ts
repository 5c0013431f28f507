import { randomStream } from './random.js';
import { sampleRows } from './sample-rows.js';

/** Of more rows than these, starts of k-means are compared over a sample of so many. */
export const COMPARED_ROWS = 16_384;

/** The rows over which starts are compared, the same for every k; undefined where these are all. */
export function comparedRows(rows: number, seed: number): Int32Array | undefined {
  return rows <= COMPARED_ROWS ? undefined : sampleRows(rows, COMPARED_ROWS, randomStream(seed, 0));
}
