import { checkInteger } from './check-integer.js';
import type { KMeansOptions } from './kmeans.js';

/** The options with their defaults. Throws RangeError for one that is out of range. */
export function checkKMeansOptions(options: Omit<KMeansOptions, 'onProgress'>, rows: number) {
  const { k, restarts = 10, swapPatience = 0, maxIterations = 300, tolerance = 1e-4, seed } = options;
  checkInteger('k', k, 1, rows, `1..rows (${rows})`);
  checkInteger('restarts', restarts, 1, Number.MAX_SAFE_INTEGER, 'at least 1');
  checkInteger('swapPatience', swapPatience, 0, Number.MAX_SAFE_INTEGER, '0 or more');
  checkInteger('maxIterations', maxIterations, 1, Number.MAX_SAFE_INTEGER, 'at least 1');
  if (!(tolerance >= 0)) throw new RangeError(`Expected \`tolerance\` to be 0 or more, got ${tolerance}`);
  return { k, restarts, swapPatience, maxIterations, tolerance, seed };
}
