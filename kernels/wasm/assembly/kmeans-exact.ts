import { NEXT } from './kmeans-bounds';
import { Labelling } from './labelling';
import { squaredDistance32, squaredDistance64 } from './squared-distance';

// Of the point that was looked at last: the number of its nearest centroid, and what is above its distance to that, in
// whole units.
export let nearest: i32 = 0;
export let above: i32 = 0;

/**
 * Measures those centroids from a point in float32 that may be the nearest: `winner`, which is not farther than `upper`, and
 * those whose bounds are not above that. What that leaves open is measured in float64.
 */
export function measure(job: Labelling, point: usize, bounds: usize, upper: i32, winner: i32): void {
  const stride = job.stride;
  const bytes = <usize>stride << 2;
  let least: f32 = Infinity;
  let next: f32 = Infinity;
  for (let c = 0; c < job.k; c++) {
    if (c != winner && !mayBeNearest(job, bounds, c, upper)) continue;
    const square = squaredDistance32(point, job.rounded + <usize>c * bytes, stride);
    if (square < least) {
      next = least;
      least = square;
      nearest = c;
    } else if (square < next) next = square;
  }
  let distance = sqrt(least) * job.relative + job.absolute;
  if (distance * job.relative >= sqrt(next) - job.absolute) {
    distance = <f32>sqrt(measure64(job, point, bounds, upper, winner)) * job.relative + job.absolute;
  }
  above = <i32>(distance * job.units) + 2;
}

/** As `measure`, in float64: the lowest of equally near centroids. Returns the square of its distance. */
function measure64(job: Labelling, point: usize, bounds: usize, upper: i32, winner: i32): f64 {
  const stride = job.stride;
  let least = Infinity;
  for (let c = 0; c < job.k; c++) {
    if (c != winner && !mayBeNearest(job, bounds, c, upper)) continue;
    const square = squaredDistance64(point, job.centroids + ((<usize>c * <usize>stride) << 3), stride);
    if (square >= least) continue;
    least = square;
    nearest = c;
  }
  return least;
}

/** Whether the bound of a centroid leaves it open. */
@inline
function mayBeNearest(job: Labelling, bounds: usize, c: i32, upper: i32): bool {
  const drift = load<i32>(job.drifts + (<usize>c << 2));
  return <i32>load<u16>(bounds + <usize>c * NEXT) - drift <= upper;
}

/**
 * Writes the squared distance of each point, `from` to `to`, to the centroid of its label, in float64, and their sums by
 * blocks of `block` rows; `from` starts one.
 */
export function ownDistances(
  points: usize,
  stride: i32,
  from: i32,
  to: i32,
  centroids: usize,
  labels: usize,
  distances: usize,
  block: i32,
  sums: usize,
): void {
  for (let start = from; start < to; start += block) {
    const end = min(start + block, to);
    let sum: f64 = 0;
    for (let i = start; i < end; i++) {
      const label = load<i32>(labels + (<usize>i << 2));
      const square = squaredDistance64(
        points + <usize>(i * stride) * 4,
        centroids + <usize>(label * stride) * 8,
        stride,
      );
      store<f64>(distances + (<usize>i << 3), square);
      sum += square;
    }
    store<f64>(sums + (<usize>(start / block) << 3), sum);
  }
}
