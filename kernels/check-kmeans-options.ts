import { checkInteger } from './check-integer.js';
import type { KMeansOptions } from './kmeans.js';
import { checkMatrix } from './matrix.js';

/** The options with their defaults, for points of so many rows and columns. Throws RangeError for one that is out of range. */
export function checkKMeansOptions(
  options: Omit<KMeansOptions, 'onProgress'>,
  { rows, columns }: { readonly rows: number; readonly columns: number },
) {
  const { k, initial, swapPatience = 0, maxIterations = 300, tolerance = 1e-4, seed } = options;
  const { restarts = initial === undefined ? 10 : 1 } = options;
  checkInteger('k', k, 1, rows, `1..rows (${rows})`);
  checkInteger('restarts', restarts, 1, Number.MAX_SAFE_INTEGER, 'at least 1');
  checkInteger('swapPatience', swapPatience, 0, Number.MAX_SAFE_INTEGER, '0 or more');
  checkInteger('maxIterations', maxIterations, 1, Number.MAX_SAFE_INTEGER, 'at least 1');
  if (!(tolerance >= 0)) throw new RangeError(`Expected \`tolerance\` to be 0 or more, got ${tolerance}`);
  if (initial !== undefined) {
    if (initial.rows !== k || initial.columns !== columns) {
      throw new RangeError(`Expected \`initial\` to be ${k} x ${columns}, got ${initial.rows} x ${initial.columns}`);
    }
    if (restarts !== 1) throw new RangeError(`Expected \`restarts\` to be 1 from \`initial\`, got ${restarts}`);
    checkMatrix(initial, '`initial`');
  }
  return { k, restarts, swapPatience, maxIterations, tolerance, seed };
}
