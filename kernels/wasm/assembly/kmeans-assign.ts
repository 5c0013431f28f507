import { squaredDistance32, squaredDistance64 } from './squared-distance';

/**
 * The labelling step of k-means, see `kernels/wasm/lloyd-on-crew.ts`: what the parameters are is said with `fitArrays`. Points
 * are float32 and centroids float64, `stride` columns each, and `rounded` to float32.
 *
 * `relative` is above 1 and `absolute` above 0 by enough that `above` and `below` are on the safe side of the distances.
 */

// Of the point that was measured last: the label, and distances that are surely above and below.
let nearest: i32 = 0;
let above: f32 = 0;
let below: f32 = 0;

/**
 * Labels the points `from` to `to` anew, and carries the changes to `sums` and `counts`. Returns how many labels changed.
 * Where `fresh` is not 0, the labels there are only say which centroid is measured first, the bounds hold as they are, and
 * all count as changed.
 */
export function assignRows(
  points: usize,
  stride: i32,
  from: i32,
  to: i32,
  k: i32,
  centroids: usize,
  rounded: usize,
  others: usize,
  gaps: usize,
  relative: f32,
  absolute: f32,
  labels: usize,
  upper: usize,
  lower: usize,
  shifts: usize,
  otherShifts: usize,
  sums: usize,
  counts: usize,
  fresh: i32,
): i32 {
  let changed = 0;
  const bytes = <usize>stride << 2;
  for (let i = from; i < to; i++) {
    const at = <usize>i << 2;
    const label = load<i32>(labels + at);
    const point = points + <usize>i * bytes;
    const own = <usize>label << 2;
    let u = (load<f32>(upper + at) + load<f32>(shifts + own)) * relative;
    const l = (load<f32>(lower + at) - load<f32>(otherShifts + own)) / relative;
    // No centroid is nearer than the own one to a point that is within half the gap to the next.
    const sure = max(l, load<f32>(gaps + own * <usize>(k - 1)) * 0.5);
    nearest = label;
    above = u;
    below = l;
    if (u >= sure) {
      const square = squaredDistance32(point, rounded + <usize>label * bytes, stride);
      above = sqrt(square) * relative + absolute;
      if (above >= sure) measure(point, stride, k, centroids, rounded, others, gaps, relative, absolute, square);
    }
    store<f32>(upper + at, above);
    store<f32>(lower + at, below);
    if (fresh != 0) {
      changed++;
      store<i32>(labels + at, nearest);
      addTo(sums, counts, nearest, point, stride, 1);
    } else if (nearest != label) {
      changed++;
      store<i32>(labels + at, nearest);
      addTo(sums, counts, nearest, point, stride, 1);
      addTo(sums, counts, label, point, stride, -1);
    }
  }
  return changed;
}

/** Adds a point to the sum of a cluster, or takes it away: exact, as the points lie on a grid. */
function addTo(sums: usize, counts: usize, cluster: i32, point: usize, stride: i32, times: i32): void {
  const count = counts + (<usize>cluster << 2);
  store<i32>(count, load<i32>(count) + times);
  const sign = f64x2.splat(<f64>times);
  let sum = sums + <usize>(cluster * stride) * 8;
  const end = point + (<usize>stride << 2);
  for (; point < end; point += 8, sum += 16) {
    const x = f64x2.promote_low_f32x4(v128.load64_zero(point));
    v128.store(sum, f64x2.add(v128.load(sum), f64x2.mul(sign, x)));
  }
}

/**
 * Measures the other centroids from a point, whose `square` from the own one is known, in order of their gaps to that one:
 * `others` has their numbers and `gaps` what their distances are surely above. By the triangle inequality the ones from
 * twice the own distance on cannot be nearer: they are left out. What float32 leaves open is measured in float64.
 */
function measure(
  point: usize,
  stride: i32,
  k: i32,
  centroids: usize,
  rounded: usize,
  others: usize,
  gaps: usize,
  relative: f32,
  absolute: f32,
  square: f32,
): void {
  const bytes = <usize>stride << 2;
  const reach = above;
  let least = square;
  let second = f32.MAX_VALUE;
  let beyond = f32.MAX_VALUE;
  const first = <usize>(nearest * (k - 1)) << 2;
  const end = first + (<usize>(k - 1) << 2);
  for (let at = first; at < end; at += 4) {
    const gap = load<f32>(gaps + at);
    if (gap > 2 * reach) {
      beyond = (gap - reach) / relative;
      break;
    }
    const c = load<i32>(others + at);
    const square = squaredDistance32(point, rounded + <usize>c * bytes, stride);
    if (square < least) {
      second = least;
      least = square;
      nearest = c;
    } else if (square < second) second = square;
  }
  above = sqrt(least) * relative + absolute;
  below = min(sqrt(second) / relative - absolute, beyond);
  if (above >= below) measure64(point, stride, k, centroids, relative, absolute);
}

/** As `measure`, in float64: the lowest of equally near centroids. */
function measure64(point: usize, stride: i32, k: i32, centroids: usize, relative: f32, absolute: f32): void {
  let least = Infinity;
  let next = Infinity;
  for (let c = 0; c < k; c++) {
    const square = squaredDistance64(point, centroids + <usize>(c * stride) * 8, stride);
    if (square < least) {
      next = least;
      least = square;
      nearest = c;
    } else if (square < next) next = square;
  }
  above = <f32>sqrt(least) * relative + absolute;
  below = <f32>sqrt(next) / relative - absolute;
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
