/** What is done to the values of a matrix once, see `kernels/wasm/prepare-on-crew.ts`. */

/** The largest magnitude of the values from `at` to `end`, 16 bytes at a time; not a number where one of them is none. */
export function largestMagnitude(at: usize, end: usize): f32 {
  let largest = f32x4.splat(0);
  // `max` keeps what is not a number.
  for (; at < end; at += 16) largest = f32x4.max(largest, f32x4.abs(v128.load(at)));
  return max(
    max(f32x4.extract_lane(largest, 0), f32x4.extract_lane(largest, 1)),
    max(f32x4.extract_lane(largest, 2), f32x4.extract_lane(largest, 3)),
  );
}

/** Multiplies the values from `at` to `end` with `scale`, a power of two, and rounds them to a grid, see `kernels/grid.ts`. */
export function toGrid(at: usize, end: usize, scale: f64, rounder: f64): void {
  const scales = f64x2.splat(scale);
  const rounders = f64x2.splat(rounder);
  for (; at < end; at += 8) {
    const x = f64x2.mul(f64x2.promote_low_f32x4(v128.load64_zero(at)), scales);
    v128.store64_lane(at, f32x4.demote_f64x2_zero(f64x2.sub(f64x2.add(x, rounders), rounders)), 0);
  }
}

/** Adds the rows `from` to `to` to `sums`, `stride` columns. Exact on a grid. */
export function sumRows(points: usize, stride: i32, from: i32, to: i32, sums: usize): void {
  const bytes = <usize>stride << 2;
  for (let i = from; i < to; i++) {
    let sum = sums;
    const point = points + <usize>i * bytes;
    for (let at = point; at < point + bytes; at += 8, sum += 16) {
      const x = f64x2.promote_low_f32x4(v128.load64_zero(at));
      v128.store(sum, f64x2.add(v128.load(sum), x));
    }
  }
}

/** The largest sum of squares of the rows `from` to `to`, of `stride` columns. */
export function largestSquare(points: usize, stride: i32, from: i32, to: i32): f64 {
  const bytes = <usize>stride << 2;
  let largest: f64 = 0;
  for (let i = from; i < to; i++) {
    let sum = f32x4.splat(0);
    const point = points + <usize>i * bytes;
    for (let at = point; at < point + bytes; at += 16) {
      const x = v128.load(at);
      sum = f32x4.add(sum, f32x4.mul(x, x));
    }
    largest = max(largest, <f64>sumOfLanes(sum));
  }
  return largest;
}

/**
 * Writes the rows `from` to `to` in whole numbers of 1 / `units`, and the sums of their squares to `norms`. Returns the largest
 * squared length of what was rounded off, in units.
 */
export function toUnits(
  points: usize,
  stride: i32,
  from: i32,
  to: i32,
  units: f32,
  whole: usize,
  norms: usize,
): f32 {
  const factor = f32x4.splat(units);
  let worst: f32 = 0;
  for (let i = from; i < to; i++) {
    const start = <usize>i * <usize>stride;
    const end = points + ((start + <usize>stride) << 2);
    let to = whole + (start << 1);
    let square = i32x4.splat(0);
    let off = f32x4.splat(0);
    for (let at = points + (start << 2); at < end; at += 16, to += 8) {
      const x = f32x4.mul(v128.load(at), factor);
      const near = f32x4.nearest(x);
      const d = f32x4.sub(x, near);
      off = f32x4.add(off, f32x4.mul(d, d));
      const n = i32x4.trunc_sat_f32x4_s(near);
      const halves = i16x8.narrow_i32x4_s(n, n);
      v128.store64_lane(to, halves, 0);
      square = i32x4.add(square, i32x4.mul(n, n));
    }
    store<i32>(
      norms + (<usize>i << 2),
      i32x4.extract_lane(square, 0) +
        i32x4.extract_lane(square, 1) +
        i32x4.extract_lane(square, 2) +
        i32x4.extract_lane(square, 3),
    );
    worst = max(worst, sumOfLanes(off));
  }
  return worst;
}

@inline
function sumOfLanes(sum: v128): f32 {
  return (
    f32x4.extract_lane(sum, 0) +
    f32x4.extract_lane(sum, 1) +
    (f32x4.extract_lane(sum, 2) + f32x4.extract_lane(sum, 3))
  );
}
