import { fillBounds } from './kmeans-assign';
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
  const bytes = <usize>stride << 2;
  for (let start = from; start < to; start += block) {
    const end = min(start + block, to);
    let sum: f64 = 0;
    for (let i = start; i < end; i++) {
      const at = <usize>i << 2;
      const square = squaredDistance32(points + <usize>i * bytes, row, stride);
      store<f32>(closest + at, square);
      store<f32>(next + at, Infinity);
      store<i32>(labels + at, 0);
      sum += <f64>square;
    }
    store<f64>(sums + (<usize>(start / block) << 3), sum);
  }
}

/**
 * Measures `trials` candidates, whose row numbers are at `drawn`, from all points: `squares` has `rows` of them for each. Writes
 * for each candidate and block, `blocks` in all, the sum of what would remain of the distances.
 */
export function seedTry(
  points: usize,
  stride: i32,
  rows: i32,
  from: i32,
  to: i32,
  drawn: usize,
  trials: i32,
  closest: usize,
  squares: usize,
  block: i32,
  blocks: i32,
  sums: usize,
): void {
  const bytes = <usize>stride << 2;
  for (let start = from; start < to; start += block) {
    const end = min(start + block, to);
    // A block of points stays in the cache for all candidates.
    for (let trial = 0; trial < trials; trial++) {
      const row = points + <usize>load<i32>(drawn + (<usize>trial << 2)) * bytes;
      let square = squares + (<usize>(trial * rows + start) << 2);
      let sum: f64 = 0;
      for (let i = start; i < end; i++, square += 4) {
        const distance = squaredDistance32(points + <usize>i * bytes, row, stride);
        store<f32>(square, distance);
        sum += <f64>min(distance, load<f32>(closest + (<usize>i << 2)));
      }
      store<f64>(sums + (<usize>(trial * blocks + start / block) << 3), sum);
    }
  }
}

/** Makes a candidate centroid number `centroid`, given its squared distances. */
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
    const at = <usize>i << 2;
    const square = load<f32>(squares + at);
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
  lanes: i32,
  upper: usize,
  bounds: usize,
): void {
  for (let i = from; i < to; i++) {
    const at = <usize>i << 2;
    store<i32>(upper + at, <i32>(sqrt(load<f32>(closest + at)) * units + error) + 1);
    const least = max<f32>(0, min<f32>(65535, sqrt(load<f32>(next + at)) * units - error));
    const label = load<i32>(labels + at);
    fillBounds(bounds + ((<usize>i * <usize>lanes) << 1), lanes, <i32>least, label);
  }
}
