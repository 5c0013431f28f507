/** What is done to the values of a matrix once, see `kernels/wasm/kmeans-points.ts`. */

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
