import { ROWS, blockOf, spreadBounds } from './kmeans-bounds';
import { squaredDistance32 } from './squared-distance';

/**
 * Greedy k-means++, see `kernels/kmeans-plus-plus.ts`. Points are float32 rows of `stride` columns. For each point `closest` has
 * the squared distance to the nearest of the centroids so far, whose number is its label, and `next` that to the one
 * after it. Sums are over blocks of `block` rows; `from` starts one.
 */

/** Measures the first centroid from all points. Writes a sum for each block. */
export function seedFirst(
  points: usize,
  stride: i32,
  from: i32,
  to: i32,
  row: usize,
  closest: usize,
  next: usize,
  labels: usize,
  block: i32,
  sums: usize,
): void {
  const bytes = (<usize>stride) << 2;
  for (let start = from; start < to; start += block) {
    const end = min(start + block, to);
    let sum: f64 = 0;
    for (let i = start; i < end; i++) {
      const at = (<usize>i) << 2;
      const square = squaredDistance32(points + <usize>i * bytes, row, stride);
      store<f32>(closest + at, square);
      store<f32>(next + at, Infinity);
      store<i32>(labels + at, 0);
      sum += <f64>square;
    }
    store<f64>(sums + ((<usize>(start / block)) << 3), sum);
  }
}

/**
 * Measures four candidates from all points; `rows` are theirs, and `lanes` has them in whole units, two columns of each beside
 * each other, and `laneNorms` the sums of their squares. Writes to `squares`, four a point, the squared distances, or where one is
 * surely larger than `closest`, something between the two; and to `sums`, four a block, what would remain of the distances.
 *
 * `quarters` has for each centroid the four candidates' squared distances from it, over four: a candidate that is twice as far from
 * the centroid as the point is, is not nearer to the point, by the triangle inequality.
 */
export function seedTry(
  points: usize,
  whole: usize,
  norms: usize,
  stride: i32,
  from: i32,
  to: i32,
  rows: usize,
  lanes: usize,
  laneNorms: usize,
  units: f32,
  error: f32,
  closest: usize,
  labels: usize,
  quarters: usize,
  squares: usize,
  block: i32,
  sums: usize,
): void {
  const bytes = (<usize>stride) << 2;
  const unit: f32 = 1 / units;
  const own = v128.load(laneNorms);
  for (let start = from; start < to; start += block) {
    const end = min(start + block, to);
    let low = f64x2.splat(0);
    let high = f64x2.splat(0);
    for (let i = start; i < end; i++) {
      const place = (<usize>i) << 2;
      const had = load<f32>(closest + place);
      const known = f32x4.splat(had);
      const quarter = v128.load(quarters + (<usize>load<i32>(labels + place) << 4));
      const out = squares + (place << 2);
      if (!v128.any_true(f32x4.lt(quarter, known))) {
        v128.store(out, quarter);
        const left = <f64>had;
        low = f64x2.add(low, f64x2.splat(left));
        high = f64x2.add(high, f64x2.splat(left));
        continue;
      }
      let products = i32x4.splat(0);
      let more = i32x4.splat(0);
      const point = whole + ((<usize>i * <usize>stride) << 1);
      const last = point + (bytes >> 1);
      for (let x = point, at = lanes; x < last; x += 8, at += 32) {
        products = i32x4.add(products, i32x4.dot_i16x8_s(v128.load32_splat(x), v128.load(at)));
        more = i32x4.add(more, i32x4.dot_i16x8_s(v128.load32_splat(x, 4), v128.load(at, 16)));
      }
      const square = i32x4.sub(
        i32x4.add(own, i32x4.splat(load<i32>(norms + place))),
        i32x4.shl(i32x4.add(products, more), 1),
      );
      const least = f32x4.mul(
        f32x4.sub(f32x4.sqrt(f32x4.convert_i32x4_s(square)), f32x4.splat(error)),
        f32x4.splat(unit),
      );
      const open = i32x4.bitmask(v128.or(f32x4.lt(least, f32x4.splat(0)), f32x4.lt(f32x4.mul(least, least), known)));
      let left = known;
      v128.store(out, f32x4.pmax(known, f32x4.mul(least, least)));
      if (open != 0) {
        const row = points + <usize>i * bytes;
        for (let bits = open; bits != 0; bits &= bits - 1) {
          const lane = <usize>ctz(bits);
          store<f32>(out + (lane << 2), squaredDistance32(row, rows + lane * bytes, stride));
        }
        left = f32x4.pmin(known, v128.load(out));
      }
      low = f64x2.add(low, f64x2.promote_low_f32x4(left));
      high = f64x2.add(high, f64x2.promote_low_f32x4(v128.shuffle<f32>(left, left, 2, 3, 2, 3)));
    }
    const sum = sums + ((<usize>(start / block)) << 5);
    v128.store(sum, low);
    v128.store(sum, high, 16);
  }
}

/** Makes a candidate centroid number `centroid`, given its squared distances: every fourth value. */
export function seedTake(
  from: i32,
  to: i32,
  squares: usize,
  closest: usize,
  next: usize,
  labels: usize,
  centroid: i32,
): void {
  for (let i = from; i < to; i++) {
    const at = (<usize>i) << 2;
    const square = load<f32>(squares + (at << 2));
    const had = load<f32>(closest + at);
    if (square < had) {
      store<f32>(closest + at, square);
      store<f32>(next + at, had);
      store<i32>(labels + at, centroid);
    } else if (square < load<f32>(next + at)) store<f32>(next + at, square);
  }
}

/**
 * Writes the bounds of the points `from` to `to`, see `assignRows`, in whole units: that of the nearest centroid, and for all
 * others that of the one after it. `error` is that of a distance of float32.
 */
export function seedBounds(
  from: i32,
  to: i32,
  closest: usize,
  next: usize,
  labels: usize,
  units: f32,
  error: f32,
  k: i32,
  upper: usize,
  bounds: usize,
): void {
  for (let start = from; start < to; start += ROWS) {
    const end = min(start + ROWS, to);
    const block = blockOf(bounds, start, k);
    let bound = block;
    for (let i = start; i < end; i++, bound += 2) {
      const at = (<usize>i) << 2;
      store<i32>(upper + at, <i32>(sqrt(load<f32>(closest + at)) * units + error) + 1);
      store<u16>(bound, <u16>max<f32>(0, min<f32>(65535, sqrt(load<f32>(next + at)) * units - error)));
    }
    spreadBounds(start, end, k, labels, block);
  }
}
