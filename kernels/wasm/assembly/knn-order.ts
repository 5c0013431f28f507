/**
 * Order of points in which those near to each other lie beside each other: a tree that halves them at the median of the
 * coordinate that varies most (J. H. Friedman, J. L. Bentley, R. A. Finkel, "An Algorithm for Finding Best Matches in
 * Logarithmic Expected Time", ACM TOMS 3(3), 1977), down to blocks.
 */
import { BLOCK, TILE } from './knn-side';

/** Points that are looked at to see which coordinate varies most. */
const LOOKS: i32 = 48;

/** Halves the rows at `from` to `to` of `order`: returns where, in whole tiles or blocks, or -1 where they are one block. */
export function halve(
  byRow: usize,
  stride: i32,
  columns: i32,
  order: usize,
  keys: usize,
  from: i32,
  to: i32,
): i32 {
  if (to - from <= BLOCK) return -1;
  const unit = to - from > TILE ? TILE : BLOCK;
  const parts = (to - from + unit - 1) / unit;
  const middle = from + ((parts + 1) >> 1) * unit;
  const column = byRow + (<usize>widest(byRow, stride, columns, order, from, to) << 1);
  const bytes = <usize>stride << 1;
  for (let i = from; i < to; i++) {
    const row = <usize>load<i32>(order + (<usize>i << 2));
    store<i16>(keys + (<usize>i << 1), load<i16>(column + row * bytes));
  }
  select(order, keys, from, to - 1, middle);
  return middle;
}

/** Orders the rows at `from` to `to` down to blocks. */
export function orderRows(
  byRow: usize,
  stride: i32,
  columns: i32,
  order: usize,
  keys: usize,
  from: i32,
  to: i32,
): void {
  for (;;) {
    const middle = halve(byRow, stride, columns, order, keys, from, to);
    if (middle < 0) return;
    orderRows(byRow, stride, columns, order, keys, from, middle);
    from = middle;
  }
}

function widest(byRow: usize, stride: i32, columns: i32, order: usize, from: i32, to: i32): i32 {
  const step = max(1, (to - from) / LOOKS);
  let best = 0;
  let most: f64 = -1;
  for (let c = 0; c < columns; c++) {
    const column = byRow + (<usize>c << 1);
    let looks: f64 = 0;
    let sum: f64 = 0;
    let squares: f64 = 0;
    for (let i = from; i < to; i += step) {
      const row = <usize>load<i32>(order + (<usize>i << 2));
      const x = <f64>load<i16>(column + ((row * <usize>stride) << 1));
      looks += 1;
      sum += x;
      squares += x * x;
    }
    const variance = squares - (sum * sum) / looks;
    if (variance <= most) continue;
    most = variance;
    best = c;
  }
  return best;
}

/**
 * Moves rows so that the keys before `nth` are no larger, and those after it no smaller, than its own: C. A. R. Hoare's
 * selection, as in `kernels/kth-smallest.ts`.
 */
function select(order: usize, keys: usize, low: i32, high: i32, nth: i32): void {
  while (low < high) {
    const pivot = median(keyAt(keys, low), keyAt(keys, (low + high) >> 1), keyAt(keys, high));
    let i = low;
    let j = high;
    while (i <= j) {
      while (keyAt(keys, i) < pivot) i++;
      while (keyAt(keys, j) > pivot) j--;
      if (i <= j) {
        swap(order, keys, i, j);
        i++;
        j--;
      }
    }
    if (nth <= j) high = j;
    else if (nth >= i) low = i;
    else return;
  }
}

@inline
function keyAt(keys: usize, i: i32): i32 {
  return <i32>load<i16>(keys + (<usize>i << 1));
}

@inline
function median(a: i32, b: i32, c: i32): i32 {
  return max(min(a, b), min(max(a, b), c));
}

@inline
function swap(order: usize, keys: usize, i: i32, j: i32): void {
  const key = load<i16>(keys + (<usize>i << 1));
  store<i16>(keys + (<usize>i << 1), load<i16>(keys + (<usize>j << 1)));
  store<i16>(keys + (<usize>j << 1), key);
  const row = load<i32>(order + (<usize>i << 2));
  store<i32>(order + (<usize>i << 2), load<i32>(order + (<usize>j << 2)));
  store<i32>(order + (<usize>j << 2), row);
}
