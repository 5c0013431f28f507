import { BLOCK, Side } from './knn-side';

/**
 * Half of what the squares of the distances between any points of two boxes, or more, are at least, rounded down. A box is the
 * least of each coordinate from `least` on, and the largest from `most` on; a point is a box whose two are the same.
 */
@inline
export function halfGap(
  least: usize,
  most: usize,
  otherLeast: usize,
  otherMost: usize,
  bytes: usize,
): i32 {
  let sum = i32x4.splat(0);
  for (let c: usize = 0; c < bytes; c += 16) {
    const above = i16x8.sub_sat_s(v128.load(least + c), v128.load(otherMost + c));
    const below = i16x8.sub_sat_s(v128.load(otherLeast + c), v128.load(most + c));
    const gap = i16x8.max_s(i16x8.max_s(above, below), i16x8.splat(0));
    sum = i32x4.add(sum, i32x4.dot_i16x8_s(gap, gap));
  }
  sum = i32x4.add(sum, v128.shuffle<i32>(sum, sum, 2, 3, 0, 1));
  // The sum is below 2^32, as a number without sign.
  return <i32>(<u32>(i32x4.extract_lane(sum, 0) + i32x4.extract_lane(sum, 1)) >> 1);
}

/** The largest limit of `points` points from `first` on, a multiple of four. */
@inline
export function largestLimit(limits: usize, points: i32): i32 {
  let largest = v128.load(limits);
  for (let i = 4; i < points; i += 4) largest = i32x4.max_s(largest, v128.load(limits + (<usize>i << 2)));
  largest = i32x4.max_s(largest, v128.shuffle<i32>(largest, largest, 2, 3, 0, 1));
  return max(i32x4.extract_lane(largest, 0), i32x4.extract_lane(largest, 1));
}

/**
 * Writes to `picks` the places of those of `count` points from `first` on that may be near enough to a block: `limit` is the
 * largest of the block. Returns where they end; they are made an even number.
 */
export function pickNear(
  other: Side,
  first: i32,
  count: i32,
  box: usize,
  limit: i32,
  picks: usize,
): usize {
  const bytes = <usize>other.frontStride << 1;
  let point = other.fronts + <usize>first * bytes;
  let limits = other.limits + (<usize>first << 2);
  const start = picks;
  for (let i = 0; i < count; i++, point += bytes, limits += 4) {
    store<i32>(picks, i);
    const isNear = halfGap(box, box + bytes, point, point, bytes) < max(limit, load<i32>(limits));
    picks += <usize>isNear << 2;
  }
  if (((picks - start) & 4) == 0) return picks;
  store<i32>(picks, load<i32>(picks - 4));
  return picks + 4;
}

/** The box of a block of a side. */
@inline
export function boxOfBlock(side: Side, block: i32): usize {
  return side.blockBoxes + ((<usize>(block / BLOCK) * <usize>side.frontStride) << 2);
}

/** The box of a tile of a side. */
@inline
export function boxOfTile(side: Side, tile: i32): usize {
  return side.tileBoxes + ((<usize>tile * <usize>side.frontStride) << 2);
}
