import { squaredDistance64 } from './squared-distance';

/**
 * What a swap of a centroid would bring, see `kernels/swap-search.ts`. Points are float32 rows and centroids float64 rows, of
 * `stride` columns each.
 */

/** Writes the number of the nearest of `k` centroids for each point, the squared distance to it, and that to the one after it. */
export function twoNearest(
  points: usize,
  stride: i32,
  rows: i32,
  k: i32,
  centroids: usize,
  labels: usize,
  first: usize,
  second: usize,
): void {
  const bytes = (<usize>stride) << 2;
  for (let i = 0; i < rows; i++, points += bytes) {
    let least = Infinity;
    let next = Infinity;
    let nearest = 0;
    let centroid = centroids;
    for (let c = 0; c < k; c++, centroid += bytes << 1) {
      const square = squaredDistance64(points, centroid, stride);
      if (square < least) {
        next = least;
        least = square;
        nearest = c;
      } else if (square < next) next = square;
    }
    store<i32>(labels + ((<usize>i) << 2), nearest);
    store<f64>(first + ((<usize>i) << 3), least);
    store<f64>(second + ((<usize>i) << 3), next);
  }
}

/**
 * The inertia that is left when `row` becomes a centroid too. Adds to `missed`, for each centroid, what its points would
 * then lose without it.
 */
export function missWithout(
  points: usize,
  stride: i32,
  rows: i32,
  row: usize,
  labels: usize,
  first: usize,
  second: usize,
  missed: usize,
): f64 {
  const bytes = (<usize>stride) << 2;
  let kept: f64 = 0;
  for (let i = 0; i < rows; i++, points += bytes) {
    const square = squaredDistance64(points, row, stride);
    const own = min(square, load<f64>(first + ((<usize>i) << 3)));
    kept += own;
    const other = min(square, load<f64>(second + ((<usize>i) << 3)));
    const miss = missed + ((<usize>load<i32>(labels + ((<usize>i) << 2))) << 3);
    store<f64>(miss, load<f64>(miss) + (other - own));
  }
  return kept;
}
