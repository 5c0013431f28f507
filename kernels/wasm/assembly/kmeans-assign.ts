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
 * Where `fresh` is not 0, the labels there are only say which centroid is looked at first, the bounds hold as they are, and
 * all count as changed.
 */
export function assignRows(
  points: usize,
  whole: usize,
  norms: usize,
  stride: i32,
  from: i32,
  to: i32,
  k: i32,
  centroids: usize,
  rounded: usize,
  wholeRows: usize,
  wholeLanes: usize,
  wholeNorms: usize,
  gaps: usize,
  relative: f32,
  inverse: f32,
  absolute: f32,
  unit: f32,
  wholeError: f32,
  labels: usize,
  upper: usize,
  lower: usize,
  shifts: usize,
  nearShifts: usize,
  farGaps: usize,
  sums: usize,
  counts: usize,
  fresh: i32,
): i32 {
  let changed = 0;
  for (let i = from; i < to; i++) {
    const at = <usize>i << 2;
    const label = load<i32>(labels + at);
    const own = <usize>label << 2;
    nearest = label;
    above = (load<f32>(upper + at) + load<f32>(shifts + own)) * relative;
    // Of those that are far from the own one, the distance itself says more than what their shifts leave of the bound.
    below = min(load<f32>(lower + at) - load<f32>(nearShifts + own), load<f32>(farGaps + own) - above) * inverse;
    // No centroid is nearer than the own one to a point that is within half the gap to the next.
    const sure = max(below, load<f32>(gaps + own));
    if (above >= sure) {
      const row = <usize>i * <usize>stride;
      const point = whole + (row << 1);
      const norm = load<i32>(norms + at);
      const square = norm + load<i32>(wholeNorms + own) - 2 * dot(point, wholeRows + (<usize>(label * stride) << 1), stride);
      above = sqrt(<f32>square) * unit * relative + wholeError;
      if (above >= sure) {
        measureWhole(point, norm, stride, k, wholeLanes, wholeNorms, unit, relative, inverse, wholeError);
        if (above >= below) measure(points + (row << 2), stride, k, centroids, rounded, relative, inverse, absolute);
      }
    }
    store<f32>(upper + at, above);
    store<f32>(lower + at, below);
    if (nearest == label && fresh == 0) continue;
    changed++;
    store<i32>(labels + at, nearest);
    const point = points + (<usize>i * <usize>stride << 2);
    addTo(sums, counts, nearest, point, stride, 1);
    if (fresh == 0) addTo(sums, counts, label, point, stride, -1);
  }
  return changed;
}

/** The sum of the products of two rows of whole numbers of 16 bits, `stride` of them, a multiple of eight. */
@inline
function dot(a: usize, b: usize, stride: i32): i32 {
  let sum = i32x4.splat(0);
  const end = a + (<usize>stride << 1);
  for (; a < end; a += 16, b += 16) sum = i32x4.add(sum, i32x4.dot_i16x8_s(v128.load(a), v128.load(b)));
  return (
    i32x4.extract_lane(sum, 0) + i32x4.extract_lane(sum, 1) + i32x4.extract_lane(sum, 2) + i32x4.extract_lane(sum, 3)
  );
}

// Of the point that `measureWhole` looks at, for every fourth centroid: the least of the squares but for the point's own, the
// one after it, and whose the least is.
let firsts: v128 = i32x4.splat(0);
let seconds: v128 = i32x4.splat(0);
let whose: v128 = i32x4.splat(0);

/**
 * Measures all centroids from a point in whole units, twelve at a time and then four: `wholeLanes` has for these two columns
 * of each beside each other, then the next two. What is found is exact in units, and `wholeError` off for the point and the
 * centroids that were rounded.
 */
function measureWhole(
  point: usize,
  norm: i32,
  stride: i32,
  k: i32,
  wholeLanes: usize,
  wholeNorms: usize,
  unit: f32,
  relative: f32,
  inverse: f32,
  wholeError: f32,
): void {
  firsts = i32x4.splat(i32.MAX_VALUE);
  seconds = i32x4.splat(i32.MAX_VALUE);
  whose = i32x4.splat(0);
  const end = point + (<usize>stride << 1);
  let ids = i32x4(0, 1, 2, 3);
  let c = 0;
  let at = wholeLanes;
  for (; c + 8 < k; c += 12) {
    let a = i32x4.splat(0);
    let b = i32x4.splat(0);
    let d = i32x4.splat(0);
    for (let x = point; x < end; x += 8, at += 96) {
      let pair = v128.load32_splat(x);
      a = i32x4.add(a, i32x4.dot_i16x8_s(pair, v128.load(at)));
      b = i32x4.add(b, i32x4.dot_i16x8_s(pair, v128.load(at, 16)));
      d = i32x4.add(d, i32x4.dot_i16x8_s(pair, v128.load(at, 32)));
      pair = v128.load32_splat(x, 4);
      a = i32x4.add(a, i32x4.dot_i16x8_s(pair, v128.load(at, 48)));
      b = i32x4.add(b, i32x4.dot_i16x8_s(pair, v128.load(at, 64)));
      d = i32x4.add(d, i32x4.dot_i16x8_s(pair, v128.load(at, 80)));
    }
    const norms = wholeNorms + (<usize>c << 2);
    ids = keep(v128.load(norms), a, ids);
    ids = keep(v128.load(norms, 16), b, ids);
    ids = keep(v128.load(norms, 32), d, ids);
  }
  for (; c < k; c += 4) {
    let a = i32x4.splat(0);
    let b = i32x4.splat(0);
    for (let x = point; x < end; x += 8, at += 32) {
      a = i32x4.add(a, i32x4.dot_i16x8_s(v128.load32_splat(x), v128.load(at)));
      b = i32x4.add(b, i32x4.dot_i16x8_s(v128.load32_splat(x, 4), v128.load(at, 16)));
    }
    ids = keep(v128.load(wholeNorms + (<usize>c << 2)), i32x4.add(a, b), ids);
  }
  let least = i32x4.extract_lane(firsts, 0);
  let next = i32x4.extract_lane(seconds, 0);
  nearest = i32x4.extract_lane(whose, 0);
  let score = i32x4.extract_lane(firsts, 1);
  next = min(min(next, i32x4.extract_lane(seconds, 1)), max(score, least));
  nearest = select(i32x4.extract_lane(whose, 1), nearest, score < least);
  least = min(least, score);
  score = i32x4.extract_lane(firsts, 2);
  next = min(min(next, i32x4.extract_lane(seconds, 2)), max(score, least));
  nearest = select(i32x4.extract_lane(whose, 2), nearest, score < least);
  least = min(least, score);
  score = i32x4.extract_lane(firsts, 3);
  next = min(min(next, i32x4.extract_lane(seconds, 3)), max(score, least));
  nearest = select(i32x4.extract_lane(whose, 3), nearest, score < least);
  least = min(least, score);
  above = sqrt(<f32>(norm + least)) * unit * relative + wholeError;
  // Where there is no other centroid, nothing is far enough.
  below = next == i32.MAX_VALUE ? Infinity : sqrt(<f32>(norm + next)) * unit * inverse - wholeError;
}

/** Keeps the least scores, of four more centroids; returns the numbers of the four after them. */
@inline
function keep(norms: v128, dots: v128, ids: v128): v128 {
  const scores = i32x4.sub(norms, i32x4.shl(dots, 1));
  seconds = i32x4.min_s(seconds, i32x4.max_s(scores, firsts));
  whose = v128.bitselect(ids, whose, i32x4.lt_s(scores, firsts));
  firsts = i32x4.min_s(firsts, scores);
  return i32x4.add(ids, i32x4.splat(4));
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

/** Measures all centroids from a point in float32. What that leaves open is measured in float64. */
function measure(point: usize, stride: i32, k: i32, centroids: usize, rounded: usize, relative: f32, inverse: f32, absolute: f32): void {
  const bytes = <usize>stride << 2;
  let least: f32 = Infinity;
  let next: f32 = Infinity;
  for (let c = 0; c < k; c++) {
    const square = squaredDistance32(point, rounded + <usize>c * bytes, stride);
    if (square < least) {
      next = least;
      least = square;
      nearest = c;
    } else if (square < next) next = square;
  }
  above = sqrt(least) * relative + absolute;
  below = sqrt(next) * inverse - absolute;
  if (above >= below) measure64(point, stride, k, centroids, relative, inverse, absolute);
}

/** As `measure`, in float64: the lowest of equally near centroids. */
function measure64(point: usize, stride: i32, k: i32, centroids: usize, relative: f32, inverse: f32, absolute: f32): void {
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
  below = <f32>sqrt(next) * inverse - absolute;
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
