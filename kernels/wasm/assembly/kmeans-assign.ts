import { Labelling } from './labelling';
import { squaredDistance32, squaredDistance64 } from './squared-distance';

/**
 * The labelling step of k-means, see `kernels/wasm/lloyd-on-crew.ts`: distances are measured in whole units, off by less than
 * an error that is known; what these leave open in float32, and what that leaves open in float64.
 */

// Of the point that was looked at last: the number of its nearest centroid, and what is above its distance to that, in
// whole units.
let nearest: i32 = 0;
let above: i32 = 0;

/** So many centroids at most are measured one by one, rather than all together. */
const FEW: i32 = 3;

/**
 * Labels the points `from` to `to` anew, and carries the changes to sums and counts. Returns how many labels changed. Where
 * `fresh` is not 0, the labels there are only say which centroid is looked at first, and all count as changed.
 */
export function assignRows(labelling: usize, from: i32, to: i32, fresh: i32): i32 {
  const job = changetype<Labelling>(labelling);
  let changed = 0;
  for (let start = from; start < to; start += job.block) {
    const end = min(start + job.block, to);
    const last = scanBlock(
      start,
      end,
      job.labels,
      job.upper,
      job.bounds,
      job.drifts,
      job.drift,
      job.halfGaps,
      job.lanes,
      job.list,
    );
    for (let at = job.list; at < last; at += 4) {
      const i = load<i32>(at);
      const label = load<i32>(job.labels + (<usize>i << 2));
      look(job, i, label);
      if (nearest == label) continue;
      store<i32>(job.labels + (<usize>i << 2), nearest);
      if (fresh != 0) continue;
      changed++;
      const point = job.points + ((<usize>i * <usize>job.stride) << 2);
      addTo(job.sums, job.counts, nearest, point, job.stride, 1);
      addTo(job.sums, job.counts, label, point, job.stride, -1);
    }
    if (fresh == 0) continue;
    changed += end - start;
    for (let i = start; i < end; i++) {
      const label = load<i32>(job.labels + (<usize>i << 2));
      addTo(job.sums, job.counts, label, job.points + ((<usize>i * <usize>job.stride) << 2), job.stride, 1);
    }
  }
  return changed;
}

/** Writes to `list` the points that another centroid than the own one may be nearer to; returns where it ends. */
function scanBlock(
  from: i32,
  to: i32,
  labels: usize,
  upper: usize,
  bounds: usize,
  drifts: usize,
  drift: usize,
  halfGaps: usize,
  lanes: i32,
  list: usize,
): usize {
  const bytes = <usize>lanes << 1;
  let bound = bounds + <usize>from * bytes;
  for (let i = from; i < to; i++, bound += bytes) {
    const place = <usize>i << 2;
    const own = <usize>load<i32>(labels + place) << 2;
    const distance = load<i32>(upper + place) + load<i32>(drifts + own);
    const limit = i16x8.splat(<i16>min(distance, 65535));
    let open = i16x8.le_u(v128.load(bound), i16x8.add_sat_u(limit, v128.load(drift)));
    for (let at: usize = 16; at < bytes; at += 16) {
      open = v128.or(open, i16x8.le_u(v128.load(bound + at), i16x8.add_sat_u(limit, v128.load(drift + at))));
    }
    store<i32>(list, i);
    // No centroid is nearer than the own one to a point that is within half the gap to the next.
    list += <usize>(<i32>v128.any_true(open) & <i32>(distance >= load<i32>(halfGaps + own))) << 2;
  }
  return list;
}

/** Finds the nearest centroid of a point, and brings its bounds up to date. */
function look(job: Labelling, i: i32, label: i32): void {
  const stride = job.stride;
  const row = <usize>i * <usize>stride;
  const bound = job.bounds + ((<usize>i * <usize>job.lanes) << 1);
  const square = squareInUnits(job, job.whole + (row << 1), load<i32>(job.norms + (<usize>i << 2)), label);
  nearest = label;
  above = ceiling(square, job.error);
  const open = opens(bound, job.drift, job.k, label);
  if (open > 0) {
    const isSure = open > FEW ? measureAll(job, i, bound) : measureOpen(job, i, bound, label, square);
    if (!isSure) measure(job, job.points + (row << 2));
    if (nearest != label) keep(job, bound, label, square);
    store<u16>(bound + (<usize>nearest << 1), 65535);
  }
  store<i32>(job.upper + (<usize>i << 2), above - load<i32>(job.drifts + (<usize>nearest << 2)));
}

/** The squared distance of a point from a centroid, both in whole units. */
@inline
function squareInUnits(job: Labelling, point: usize, norm: i32, c: i32): i32 {
  const row = job.wholeRows + ((<usize>c * <usize>job.stride) << 1);
  return norm + load<i32>(job.wholeNorms + (<usize>c << 2)) - 2 * dot(point, row, job.stride);
}

/** A whole number above the distance whose square in units is given, and one below it. */
@inline
function ceiling(square: i32, error: f32): i32 {
  return <i32>(sqrt(<f32>square) + error) + 1;
}

@inline
function floor(square: i32, error: f32): i32 {
  return max(0, <i32>(sqrt(<f32>square) - error));
}

/** Writes the bound of a centroid. */
@inline
function keep(job: Labelling, bound: usize, centroid: i32, square: i32): void {
  const now = floor(square, job.error) + load<i32>(job.drifts + (<usize>centroid << 2));
  store<u16>(bound + (<usize>centroid << 1), <u16>min(now, 65535));
}

/** Bits of the centroids, `base` to 63 more, whose bounds are not above `above`. */
@inline
function openFrom(base: i32, bound: usize, drift: usize, k: i32, label: i32): u64 {
  const limit = i16x8.splat(<i16>min(above, 65535));
  const end = min(k - base, 64);
  let bits: u64 = 0;
  for (let c = 0; c < end; c += 8) {
    const at = <usize>(base + c) << 1;
    const isOpen = i16x8.le_u(v128.load(bound + at), i16x8.add_sat_u(limit, v128.load(drift + at)));
    bits |= <u64>i16x8.bitmask(isOpen) << c;
  }
  if (end < 64) bits &= (<u64>1 << end) - 1;
  if (label >= base && label < base + 64) bits &= ~(<u64>1 << (label - base));
  return bits;
}

/** How many centroids but the own one may be nearer. */
@inline
function opens(bound: usize, drift: usize, k: i32, label: i32): i32 {
  let count = 0;
  for (let base = 0; base < k; base += 64) count += <i32>popcnt(openFrom(base, bound, drift, k, label));
  return count;
}

/**
 * Measures the centroids whose bounds are open, in whole units; `square` is that of the own one. False where two are so near
 * to each other that the units do not tell which is nearer.
 */
function measureOpen(job: Labelling, i: i32, bound: usize, label: i32, square: i32): bool {
  const point = job.whole + ((<usize>i * <usize>job.stride) << 1);
  const norm = load<i32>(job.norms + (<usize>i << 2));
  const k = job.k;
  let least = square;
  let next = i32.MAX_VALUE;
  for (let base = 0; base < k; base += 64) {
    for (let bits = openFrom(base, bound, job.drift, k, label); bits != 0; bits &= bits - 1) {
      const c = base + <i32>ctz(bits);
      const square = squareInUnits(job, point, norm, c);
      keep(job, bound, c, square);
      if (square < least) {
        next = least;
        least = square;
        nearest = c;
      } else if (square < next) next = square;
    }
  }
  above = ceiling(least, job.error);
  return floor(next, job.error) > above;
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

/** As `measureOpen`, of all centroids, twelve at a time and then four. */
function measureAll(job: Labelling, i: i32, bound: usize): bool {
  const stride = job.stride;
  const point = job.whole + ((<usize>i * <usize>stride) << 1);
  const norm = load<i32>(job.norms + (<usize>i << 2));
  const k = job.k;
  const wholeNorms = job.wholeNorms;
  // Squares but for the point's own.
  const scores = job.scores;
  const drifts = job.drifts;
  const error = job.error;
  const end = point + (<usize>stride << 1);
  let at = job.wholeLanes;
  let c = 0;
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
    const place = <usize>c << 2;
    v128.store(scores + place, i32x4.sub(v128.load(wholeNorms + place), i32x4.shl(a, 1)));
    v128.store(scores + place, i32x4.sub(v128.load(wholeNorms + place, 16), i32x4.shl(b, 1)), 16);
    v128.store(scores + place, i32x4.sub(v128.load(wholeNorms + place, 32), i32x4.shl(d, 1)), 32);
  }
  for (; c < k; c += 4) {
    let a = i32x4.splat(0);
    let b = i32x4.splat(0);
    for (let x = point; x < end; x += 8, at += 32) {
      a = i32x4.add(a, i32x4.dot_i16x8_s(v128.load32_splat(x), v128.load(at)));
      b = i32x4.add(b, i32x4.dot_i16x8_s(v128.load32_splat(x, 4), v128.load(at, 16)));
    }
    const place = <usize>c << 2;
    v128.store(scores + place, i32x4.sub(v128.load(wholeNorms + place), i32x4.shl(i32x4.add(a, b), 1)));
  }
  // Past the last centroid all norms are the largest number.
  let firsts = v128.load(scores);
  let seconds = i32x4.splat(i32.MAX_VALUE);
  let whose = i32x4(0, 1, 2, 3);
  let ids = i32x4(4, 5, 6, 7);
  const last = scores + (<usize>k << 2);
  keepFour(bound, drifts, firsts, norm, error);
  for (let four = scores + 16; four < last; four += 16) {
    const next = v128.load(four);
    seconds = i32x4.min_s(seconds, i32x4.max_s(next, firsts));
    whose = v128.bitselect(ids, whose, i32x4.lt_s(next, firsts));
    firsts = i32x4.min_s(firsts, next);
    ids = i32x4.add(ids, i32x4.splat(4));
    const at = four - scores;
    keepFour(bound + (at >> 1), drifts + at, next, norm, error);
  }
  // The two least of two halves, then of what is left.
  let other = v128.shuffle<i32>(firsts, firsts, 2, 3, 0, 1);
  let others = v128.shuffle<i32>(whose, whose, 2, 3, 0, 1);
  seconds = i32x4.min_s(
    i32x4.min_s(seconds, v128.shuffle<i32>(seconds, seconds, 2, 3, 0, 1)),
    i32x4.max_s(firsts, other),
  );
  whose = v128.bitselect(others, whose, i32x4.lt_s(other, firsts));
  firsts = i32x4.min_s(firsts, other);
  other = v128.shuffle<i32>(firsts, firsts, 1, 0, 3, 2);
  others = v128.shuffle<i32>(whose, whose, 1, 0, 3, 2);
  seconds = i32x4.min_s(
    i32x4.min_s(seconds, v128.shuffle<i32>(seconds, seconds, 1, 0, 3, 2)),
    i32x4.max_s(firsts, other),
  );
  whose = v128.bitselect(others, whose, i32x4.lt_s(other, firsts));
  firsts = i32x4.min_s(firsts, other);
  nearest = i32x4.extract_lane(whose, 0);
  const next = i32x4.extract_lane(seconds, 0);
  above = ceiling(norm + i32x4.extract_lane(firsts, 0), error);
  return next == i32.MAX_VALUE || floor(norm + next, error) > above;
}

/** Writes the bounds of four centroids. */
@inline
function keepFour(bound: usize, drifts: usize, scores: v128, norm: i32, error: f32): void {
  const distances = f32x4.sqrt(f32x4.convert_i32x4_s(i32x4.add(scores, i32x4.splat(norm))));
  const floors = i32x4.trunc_sat_f32x4_s(f32x4.pmax(f32x4.splat(0), f32x4.sub(distances, f32x4.splat(error))));
  const kept = i32x4.add(floors, v128.load(drifts));
  v128.store64_lane(bound, i16x8.narrow_i32x4_u(kept, kept), 0);
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
function measure(job: Labelling, point: usize): void {
  const stride = job.stride;
  const bytes = <usize>stride << 2;
  let least: f32 = Infinity;
  let next: f32 = Infinity;
  for (let c = 0; c < job.k; c++) {
    const square = squaredDistance32(point, job.rounded + <usize>c * bytes, stride);
    if (square < least) {
      next = least;
      least = square;
      nearest = c;
    } else if (square < next) next = square;
  }
  let distance = sqrt(least) * job.relative + job.absolute;
  if (distance * job.relative >= sqrt(next) - job.absolute) {
    distance = <f32>sqrt(measure64(point, stride, job.k, job.centroids)) * job.relative + job.absolute;
  }
  above = <i32>(distance * job.units) + 2;
}

/** As `measure`, in float64: the lowest of equally near centroids. Returns the square of its distance. */
function measure64(point: usize, stride: i32, k: i32, centroids: usize): f64 {
  let least = Infinity;
  for (let c = 0; c < k; c++) {
    const square = squaredDistance64(point, centroids + ((<usize>c * <usize>stride) << 3), stride);
    if (square >= least) continue;
    least = square;
    nearest = c;
  }
  return least;
}

/** Brings the bounds of the points `from` to `to` up to date, so that the centroids have not drifted since. */
export function settleBounds(
  from: i32,
  to: i32,
  drifts: usize,
  drift: usize,
  lanes: i32,
  labels: usize,
  upper: usize,
  bounds: usize,
): void {
  const bytes = <usize>lanes << 1;
  for (let i = from; i < to; i++) {
    const place = <usize>i << 2;
    const label = load<i32>(labels + place);
    store<i32>(upper + place, load<i32>(upper + place) + load<i32>(drifts + (<usize>label << 2)));
    const bound = bounds + <usize>i * bytes;
    for (let at: usize = 0; at < bytes; at += 16) {
      v128.store(bound + at, i16x8.sub_sat_u(v128.load(bound + at), v128.load(drift + at)));
    }
  }
}

/**
 * Of the points `from` to `to`, makes every bound but the own one the least of them, so that the centroids can be renumbered:
 * `ranks` has for each its new number.
 */
export function renumber(from: i32, to: i32, k: i32, lanes: i32, ranks: usize, labels: usize, bounds: usize): void {
  for (let i = from; i < to; i++) {
    const bound = bounds + ((<usize>i * <usize>lanes) << 1);
    let least = 65535;
    for (let c = 0; c < k; c++) least = min(least, <i32>load<u16>(bound + (<usize>c << 1)));
    const place = labels + (<usize>i << 2);
    const label = load<i32>(ranks + (<usize>load<i32>(place) << 2));
    store<i32>(place, label);
    fillBounds(bound, lanes, least, label);
  }
}

/** Writes one bound for all centroids but the own one. */
export function fillBounds(bound: usize, lanes: i32, least: i32, label: i32): void {
  const all = i16x8.splat(<i16>least);
  for (let c = 0; c < lanes; c += 8) v128.store(bound + (<usize>c << 1), all);
  store<u16>(bound + (<usize>label << 1), 65535);
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
