/**
 * Sums of a number a row, taken block by block of consecutive rows: the blocks can be summed on different threads, and the
 * sum has the same bits whatever their number.
 */

/** Rows of a block; the last one may have fewer. */
export const BLOCK_ROWS = 1024;

export const blocksOf = (rows: number): number => Math.ceil(rows / BLOCK_ROWS);

/** The sum of each block of `values`, each taken in order. */
export function sumBlocks(values: Float64Array): Float64Array {
  const sums = new Float64Array(blocksOf(values.length));
  for (let i = 0; i < values.length; i++) sums[Math.floor(i / BLOCK_ROWS)] += values[i];
  return sums;
}

/** The sum of the blocks, in order. */
export function sumOf(blocks: Float64Array): number {
  let sum = 0;
  for (let b = 0; b < blocks.length; b++) sum += blocks[b];
  return sum;
}

/**
 * The row on which `mark` falls when the weights, none below 0 and not all 0, lie end to end; `blocks` are their sums.
 * Never a row of weight 0: a mark at the end of a weight is the start of the next one, and one that rounding has put
 * past the end of a block is on its last weight.
 */
export function drawByWeight(weights: Float32Array | Float64Array, blocks: Float64Array, mark: number): number {
  let before = 0;
  let block = 0;
  let last = 0;
  for (; block < blocks.length; block++) {
    if (blocks[block] > 0) last = block;
    if (before + blocks[block] > mark) break;
    before += blocks[block];
  }
  const start = Math.min(block, last) * BLOCK_ROWS;
  const end = Math.min(start + BLOCK_ROWS, weights.length);
  let sum = 0;
  let drawn = -1;
  for (let i = start; i < end; i++) {
    if (weights[i] === 0) continue;
    sum += weights[i];
    drawn = i;
    if (sum > mark - before) break;
  }
  return drawn;
}
