import { checkInteger } from './check-integer.js';
import { checkKMeansOptions } from './check-kmeans-options.js';
import type { MiniBatchKMeansOptions } from './mini-batch-kmeans.js';

/** Of more rows than so many batches have, a sample of so many is where the batches start from. */
const START_BATCHES = 4;

/** The options with their defaults, for points of so many rows and columns. Throws RangeError for one that is out of range. */
export function checkMiniBatchOptions(
  options: Omit<MiniBatchKMeansOptions, 'onProgress'> & { readonly initial?: unknown },
  shape: { readonly rows: number; readonly columns: number },
) {
  const { batchRows = 16_384, maxBatches = 100, patience = 10 } = options;
  checkInteger('batchRows', batchRows, 1, 2 ** 24, '1..2^24');
  checkInteger('maxBatches', maxBatches, 1, Number.MAX_SAFE_INTEGER, 'at least 1');
  checkInteger('patience', patience, 1, Number.MAX_SAFE_INTEGER, 'at least 1');
  if (options.initial !== undefined)
    throw new RangeError('Expected no `initial` for mini-batches: a sample is fitted first');
  const { k, restarts, swapPatience, maxIterations, tolerance, seed } = checkKMeansOptions(
    { ...options, initial: undefined },
    shape,
  );
  const startRows = Math.min(shape.rows, START_BATCHES * batchRows);
  checkInteger('k', k, 1, startRows, `1..${START_BATCHES} \`batchRows\` (${startRows})`);
  return {
    batchRows: Math.min(batchRows, shape.rows),
    maxBatches,
    patience,
    startRows,
    start: { k, restarts, swapPatience, maxIterations, tolerance, seed },
  };
}

export type MiniBatchSettings = ReturnType<typeof checkMiniBatchOptions>;
