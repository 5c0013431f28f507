import { NEXT, OWN, ROWS, blockOf, boundOf } from './kmeans-bounds';
import { above, measure, nearest } from './kmeans-exact';
import { Labelling } from './labelling';
import { ceilings, floors, fourOf, squaresFrom, sumsOf } from './whole-distances';

/**
 * The labelling step of k-means, see `kernels/wasm/lloyd-on-crew.ts`, block by block of points. Those that another centroid than the
 * own one may be nearer to are measured from the own one and from the other; where a third may be nearer, or the two are
 * near to each other, from all. Distances are measured in whole units, off by less than an error that is known; what that
 * leaves open, see `measure`.
 */

/** Above a limit that is not known; below the bound of the own centroid, less a drift. */
const FARTHEST: i32 = 50000;

// Where the parts of the room for a block begin. Numbers of points are those in the block; there is room for lists to be
// filled up to a multiple of four.

/** For each point above its distance to the own centroid, 16 bits. */
const LIMITS: usize = 0;
/** For each point the centroid of the least bound, 16 bits, and the bound after it. */
const RIVALS: usize = LIMITS + 512;
const THIRDS: usize = RIVALS + 512;
/** The points that are measured from two centroids, and those that are measured from all. */
const OPEN: usize = THIRDS + 512;
const UNSURE: usize = OPEN + 1040;

/**
 * Labels the points `from` to `to` anew, and carries the changes to sums and counts. Returns how many labels changed. Where
 * `fresh` is not 0, the labels there are only say which centroid is looked at first, and all count as changed. `from` starts
 * a block.
 */
export function assignRows(labelling: usize, from: i32, to: i32, fresh: i32): i32 {
  const job = changetype<Labelling>(labelling);
  let changed = 0;
  for (let start = from; start < to; start += ROWS) {
    const rows = min(ROWS, to - start);
    const block = blockOf(job.bounds, start, job.k);
    writeLimits(job.room, job.labels + (<usize>start << 2), job.upper + (<usize>start << 2), job.drifts, rows);
    const open = listOpen(job.room, block, job.k, job.drift, rows);
    if (open > 0) {
      const unsure = measureTwo(job, start, open, block);
      for (let at = job.room + UNSURE, end = at + (<usize>unsure << 2); at < end; at += 4) {
        changed += measureAll(job, start, load<i32>(at), block, fresh);
      }
    }
    if (fresh == 0) continue;
    changed += rows;
    for (let i = start; i < start + rows; i++) {
      const label = load<i32>(job.labels + (<usize>i << 2));
      addTo(job.sums, job.counts, label, job.points + ((<usize>i * <usize>job.stride) << 2), job.stride, 1);
    }
  }
  return changed;
}

/** Writes for each point of a block what its distance to the own centroid is not above. */
function writeLimits(room: usize, labels: usize, upper: usize, drifts: usize, rows: i32): void {
  let limit = room + LIMITS;
  for (const end = labels + (<usize>rows << 2); labels < end; labels += 4, upper += 4, limit += 2) {
    const distance = load<i32>(upper) + load<i32>(drifts + (<usize>load<i32>(labels) << 2));
    store<u16>(limit, <u16>min(distance, FARTHEST));
  }
}

/**
 * Lists the points of a block that any centroid may be nearer to, and writes for each which is the first that may, and the
 * bound of the second. Returns how many points there are.
 */
function listOpen(room: usize, block: usize, k: i32, drift: usize, rows: i32): i32 {
  let list = room + OPEN;
  for (let i = 0; i < rows; i += 8) {
    let first = i16x8.splat(-1);
    let second = i16x8.splat(-1);
    let whose = i16x8.splat(0);
    let at = block + (<usize>i << 1);
    let moved = drift;
    for (let c = 0; c < k; c++, at += NEXT, moved += 16) {
      const bound = i16x8.sub_sat_u(v128.load(at), v128.load(moved));
      const farther = i16x8.max_u(bound, first);
      second = i16x8.min_u(second, farther);
      whose = v128.bitselect(i16x8.splat(<i16>c), whose, i16x8.eq(farther, first));
      first = i16x8.min_u(first, bound);
    }
    const place = room + (<usize>i << 1);
    v128.store(place, whose, RIVALS);
    v128.store(place, second, THIRDS);
    let bits = i16x8.bitmask(i16x8.le_u(first, v128.load(place, LIMITS)));
    if (i + 8 > rows) bits &= (1 << (rows - i)) - 1;
    for (; bits != 0; bits &= bits - 1, list += 4) store<i32>(list, i + ctz(bits));
  }
  return <i32>(list - room - OPEN) >> 2;
}

/**
 * Measures the open points of a block from two centroids, the own one and the rival. Lists those that are to be measured from
 * all; returns how many.
 */
function measureTwo(job: Labelling, start: i32, count: i32, block: usize): i32 {
  const room = job.room;
  const bytes = <usize>job.stride << 1;
  const points = job.whole + <usize>start * bytes;
  const norms = job.norms + (<usize>start << 2);
  const labels = job.labels + (<usize>start << 2);
  const error = f32x4.splat(job.error);
  // Up to a multiple of four, the last one is repeated.
  const last = room + OPEN + (<usize>count << 2);
  v128.store(last, i32x4.splat(load<i32>(last - 4)));
  let unsure = room + UNSURE;
  for (let at = room + OPEN; at < last; at += 16) {
    const i0 = <usize>load<i32>(at);
    const i1 = <usize>load<i32>(at, 4);
    const i2 = <usize>load<i32>(at, 8);
    const i3 = <usize>load<i32>(at, 12);
    const p0 = points + i0 * bytes;
    const p1 = points + i1 * bytes;
    const p2 = points + i2 * bytes;
    const p3 = points + i3 * bytes;
    const own = fourOf(norms + (i0 << 2), norms + (i1 << 2), norms + (i2 << 2), norms + (i3 << 2));
    const near = squaresFrom(
      job,
      own,
      p0,
      p1,
      p2,
      p3,
      load<i32>(labels + (i0 << 2)),
      load<i32>(labels + (i1 << 2)),
      load<i32>(labels + (i2 << 2)),
      load<i32>(labels + (i3 << 2)),
    );
    const other = squaresFrom(
      job,
      own,
      p0,
      p1,
      p2,
      p3,
      load<u16>(room + (i0 << 1), RIVALS),
      load<u16>(room + (i1 << 1), RIVALS),
      load<u16>(room + (i2 << 1), RIVALS),
      load<u16>(room + (i3 << 1), RIVALS),
    );
    const limits = ceilings(near, error);
    const bounds = floors(other, error);
    unsure = keepTwo(job, start, block, unsure, i0, i32x4.extract_lane(limits, 0), i32x4.extract_lane(bounds, 0));
    if (at + 4 < last) {
      unsure = keepTwo(job, start, block, unsure, i1, i32x4.extract_lane(limits, 1), i32x4.extract_lane(bounds, 1));
    }
    if (at + 8 < last) {
      unsure = keepTwo(job, start, block, unsure, i2, i32x4.extract_lane(limits, 2), i32x4.extract_lane(bounds, 2));
    }
    if (at + 12 < last) {
      unsure = keepTwo(job, start, block, unsure, i3, i32x4.extract_lane(limits, 3), i32x4.extract_lane(bounds, 3));
    }
  }
  return <i32>(unsure - room - UNSURE) >> 2;
}

/** Brings the bounds of a point for two centroids up to date; adds it to the list where they do not settle which is nearer. */
@inline
function keepTwo(job: Labelling, start: i32, block: usize, unsure: usize, i: usize, limit: i32, bound: i32): usize {
  const drifts = job.driftsBelow;
  const place = (<usize>start + i) << 2;
  const label = load<i32>(job.labels + place);
  const rival = load<u16>(job.room + (i << 1), RIVALS);
  store<i32>(job.upper + place, limit - load<i32>(drifts + (<usize>label << 2)));
  store<u16>(boundOf(block, <i32>i, rival), <u16>(bound + load<i32>(drifts + (<usize>rival << 2))));
  store<i32>(unsure, <i32>i);
  return unsure + (<usize>(min(bound, <i32>load<u16>(job.room + (i << 1), THIRDS)) <= limit) << 2);
}

/**
 * Measures point `i` of a block from all centroids, and labels it. Returns 1 where its cluster lost it to another.
 */
function measureAll(job: Labelling, start: i32, i: i32, block: usize, fresh: i32): i32 {
  const row = <usize>(start + i);
  const stride = <usize>job.stride;
  const bytes = stride << 1;
  const point = job.whole + row * bytes;
  const own = i32x4.splat(load<i32>(job.norms + (row << 2)));
  const error = f32x4.splat(job.error);
  const k = job.k;
  const drifts = job.driftsBelow;
  const norms = job.wholeNorms;
  let centroid = job.wholeRows;
  let bound = block + (<usize>i << 1);
  let firsts = i32x4.splat(i32.MAX_VALUE);
  let seconds = firsts;
  let whose = i32x4.splat(0);
  let ids = i32x4(0, 1, 2, 3);
  for (let c = 0; c < k; c += 4, bound += 4 * NEXT) {
    let a = i32x4.splat(0);
    let b = i32x4.splat(0);
    let d = i32x4.splat(0);
    let e = i32x4.splat(0);
    for (const last = centroid + bytes, x = point - centroid; centroid < last; centroid += 16) {
      const own = v128.load(centroid + x);
      a = i32x4.add(a, i32x4.dot_i16x8_s(own, v128.load(centroid)));
      b = i32x4.add(b, i32x4.dot_i16x8_s(own, v128.load(centroid + bytes)));
      d = i32x4.add(d, i32x4.dot_i16x8_s(own, v128.load(centroid + 2 * bytes)));
      e = i32x4.add(e, i32x4.dot_i16x8_s(own, v128.load(centroid + 3 * bytes)));
    }
    centroid += 3 * bytes;
    const place = <usize>c << 2;
    // Past the last centroid there are others, of norms so large that none is nearest.
    const squares = i32x4.sub(i32x4.add(own, v128.load(norms + place)), i32x4.shl(sumsOf(a, b, d, e), 1));
    const kept = i32x4.add(floors(squares, error), v128.load(drifts + place));
    v128.store16_lane(bound, kept, 0);
    if (c + 1 < k) v128.store16_lane(bound + NEXT, kept, 2);
    if (c + 2 < k) v128.store16_lane(bound + 2 * NEXT, kept, 4);
    if (c + 3 < k) v128.store16_lane(bound + 3 * NEXT, kept, 6);
    seconds = i32x4.min_s(seconds, i32x4.max_s(squares, firsts));
    whose = v128.bitselect(ids, whose, i32x4.lt_s(squares, firsts));
    firsts = i32x4.min_s(firsts, squares);
    ids = i32x4.add(ids, i32x4.splat(4));
  }
  // The two least of two halves, then of what is left.
  for (let half = 0; half < 2; half++) {
    const other = half == 0 ? v128.shuffle<i32>(firsts, firsts, 2, 3, 0, 1) : v128.shuffle<i32>(firsts, firsts, 1, 0, 3, 2);
    const others = half == 0 ? v128.shuffle<i32>(whose, whose, 2, 3, 0, 1) : v128.shuffle<i32>(whose, whose, 1, 0, 3, 2);
    const next = half == 0 ? v128.shuffle<i32>(seconds, seconds, 2, 3, 0, 1) : v128.shuffle<i32>(seconds, seconds, 1, 0, 3, 2);
    seconds = i32x4.min_s(i32x4.min_s(seconds, next), i32x4.max_s(firsts, other));
    whose = v128.bitselect(others, whose, i32x4.lt_s(other, firsts));
    firsts = i32x4.min_s(firsts, other);
  }
  let winner = i32x4.extract_lane(whose, 0);
  let limit = <i32>(sqrt(<f32>i32x4.extract_lane(firsts, 0)) + job.error) + 1;
  // Two are so near to each other that the units do not tell which is nearer.
  if (<i32>(sqrt(<f32>i32x4.extract_lane(seconds, 0)) - job.error) <= limit) {
    measure(job, job.points + ((row * stride) << 2), block + (<usize>i << 1), limit, winner);
    winner = nearest;
    limit = above;
  }
  store<u16>(boundOf(block, i, winner), OWN);
  store<i32>(job.upper + (row << 2), limit - load<i32>(drifts + (<usize>winner << 2)));
  const label = load<i32>(job.labels + (row << 2));
  if (winner == label) return 0;
  store<i32>(job.labels + (row << 2), winner);
  if (fresh != 0) return 0;
  const values = job.points + ((row * stride) << 2);
  addTo(job.sums, job.counts, winner, values, job.stride, 1);
  addTo(job.sums, job.counts, label, values, job.stride, -1);
  return 1;
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
