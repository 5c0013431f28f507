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
 * Labels the points `from` to `to`, a multiple of four but for the last ones, anew, and carries the changes to `sums`,
 * `counts` and `squares`. Returns how many labels changed. Where `fresh` is not 0, the labels there are only say which centroid is looked
 * at first, the bounds hold as they are, and all count as changed.
 *
 * `moves` has for each centroid: its shift, the largest shift of the others that are near it, what is below the distances
 * to the far ones, and half the distance to the nearest.
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
  scores: usize,
  moves: usize,
  relative: f32,
  inverse: f32,
  absolute: f32,
  unit: f32,
  wholeError: f32,
  labels: usize,
  upper: usize,
  lower: usize,
  sums: usize,
  counts: usize,
  squares: usize,
  fresh: i32,
): i32 {
  let changed = 0;
  const widen = f32x4.splat(relative);
  const narrow = f32x4.splat(inverse);
  for (let four = from; four < to; four += 4) {
    const at = <usize>four << 2;
    const a = v128.load(moves + (<usize>load<i32>(labels + at) << 4));
    const b = v128.load(moves + (<usize>load<i32>(labels + at, 4) << 4));
    const c = v128.load(moves + (<usize>load<i32>(labels + at, 8) << 4));
    const d = v128.load(moves + (<usize>load<i32>(labels + at, 12) << 4));
    const ab = v128.shuffle<f32>(a, b, 0, 4, 1, 5);
    const cd = v128.shuffle<f32>(c, d, 0, 4, 1, 5);
    const shift = v128.shuffle<f32>(ab, cd, 0, 1, 4, 5);
    const near = v128.shuffle<f32>(ab, cd, 2, 3, 6, 7);
    const ab2 = v128.shuffle<f32>(a, b, 2, 6, 3, 7);
    const cd2 = v128.shuffle<f32>(c, d, 2, 6, 3, 7);
    const far = v128.shuffle<f32>(ab2, cd2, 0, 1, 4, 5);
    const gap = v128.shuffle<f32>(ab2, cd2, 2, 3, 6, 7);
    const u = f32x4.mul(f32x4.add(v128.load(upper + at), shift), widen);
    // Of those that are far from the own one, the distance itself says more than what their shifts leave of the bound.
    const l = f32x4.mul(f32x4.pmin(f32x4.sub(v128.load(lower + at), near), f32x4.sub(far, u)), narrow);
    v128.store(upper + at, u);
    v128.store(lower + at, l);
    // No centroid is nearer than the own one to a point that is within half the gap to the next.
    const sure = i32x4.bitmask(f32x4.lt(u, f32x4.pmax(l, gap)));
    if (sure == 15 && fresh == 0) continue;
    const end = min(four + 4, to);
    for (let i = four; i < end; i++) {
      const place = <usize>i << 2;
      const label = load<i32>(labels + place);
      nearest = label;
      if (((sure >> (i - four)) & 1) == 0) {
        above = load<f32>(upper + place);
        below = load<f32>(lower + place);
        const row = <usize>i * <usize>stride;
        const own = <usize>label;
        look(
          points + (row << 2),
          whole + (row << 1),
          load<i32>(norms + place),
          stride,
          k,
          load<i32>(wholeNorms + (own << 2)) - 2 * dot(whole + (row << 1), wholeRows + ((own * <usize>stride) << 1), stride),
          load<f32>(moves + (own << 4), 12),
          centroids,
          rounded,
          wholeLanes,
          wholeNorms,
          scores,
          relative,
          inverse,
          absolute,
          unit,
          wholeError,
        );
        store<f32>(upper + place, above);
        store<f32>(lower + place, below);
      }
      if (nearest == label && fresh == 0) continue;
      changed++;
      store<i32>(labels + place, nearest);
      const point = points + ((<usize>i * <usize>stride) << 2);
      const norm = load<i32>(norms + place);
      addTo(sums, counts, squares, nearest, point, norm, stride, 1);
      if (fresh == 0) addTo(sums, counts, squares, label, point, norm, stride, -1);
    }
  }
  return changed;
}

/** Looks at a point whose bounds leave open whether another centroid is nearer; `score` is what its own one has. */
@inline
function look(
  point: usize,
  whole: usize,
  norm: i32,
  stride: i32,
  k: i32,
  score: i32,
  gap: f32,
  centroids: usize,
  rounded: usize,
  wholeLanes: usize,
  wholeNorms: usize,
  scores: usize,
  relative: f32,
  inverse: f32,
  absolute: f32,
  unit: f32,
  wholeError: f32,
): void {
  above = sqrt(<f32>(norm + score)) * unit * relative + wholeError;
  if (above < max(below, gap)) return;
  measureWhole(whole, norm, stride, k, wholeLanes, wholeNorms, scores, unit, relative, inverse, wholeError);
  if (above >= below) measure(point, stride, k, centroids, rounded, relative, inverse, absolute);
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

/**
 * Measures all centroids from a point in whole units, twelve at a time and then four: `wholeLanes` has for these two columns
 * of each beside each other, then the next two. What is found is exact in units, and `wholeError` off for the point and the
 * centroids that were rounded. `scores` is room for one of each centroid: its square but for the point's own.
 */
function measureWhole(
  point: usize,
  norm: i32,
  stride: i32,
  k: i32,
  wholeLanes: usize,
  wholeNorms: usize,
  scores: usize,
  unit: f32,
  relative: f32,
  inverse: f32,
  wholeError: f32,
): void {
  const end = point + (<usize>stride << 1);
  let at = wholeLanes;
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
  for (let four = scores + 16; four < last; four += 16) {
    const next = v128.load(four);
    seconds = i32x4.min_s(seconds, i32x4.max_s(next, firsts));
    whose = v128.bitselect(ids, whose, i32x4.lt_s(next, firsts));
    firsts = i32x4.min_s(firsts, next);
    ids = i32x4.add(ids, i32x4.splat(4));
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
  above = sqrt(<f32>(norm + i32x4.extract_lane(firsts, 0))) * unit * relative + wholeError;
  // Where there is no other centroid, nothing is far enough.
  below = next == i32.MAX_VALUE ? Infinity : sqrt(<f32>(norm + next)) * unit * inverse - wholeError;
}

/** Adds a point to what is known of a cluster, or takes it away: exact, as the points lie on a grid. */
function addTo(
  sums: usize,
  counts: usize,
  squares: usize,
  cluster: i32,
  point: usize,
  norm: i32,
  stride: i32,
  times: i32,
): void {
  const count = counts + (<usize>cluster << 2);
  store<i32>(count, load<i32>(count) + times);
  const square = squares + (<usize>cluster << 3);
  store<f64>(square, load<f64>(square) + <f64>(norm * times));
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
