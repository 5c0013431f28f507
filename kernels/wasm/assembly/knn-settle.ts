import { ALWAYS, Side } from './knn-side';
import { squaredDistanceOf32 } from './squared-distance';

/**
 * Settles the pairs of `list`: measures those that all coordinates leave open, and offers each point to the list of the other.
 * The points are those from `first` of `side`, the block, and from `otherFirst` of `other`. Where `isOwn`, both are points of
 * one side, which have lists both, and each pair counts once; otherwise only `other` has lists. Returns how many points were
 * kept.
 */
export function settlePairs(
  side: Side,
  first: i32,
  other: Side,
  otherFirst: i32,
  isOwn: bool,
  list: usize,
  end: usize,
): i32 {
  const stride = side.stride;
  const bytes = <usize>stride << 1;
  let kept = 0;
  for (; list < end; list += 4) {
    const pair = load<i32>(list);
    const a = first + (pair & 255);
    const b = otherFirst + (pair >> 8);
    if (a >= side.count || b >= other.count || (isOwn && a >= b)) continue;
    const limit = load<i32>(side.limits + (<usize>a << 2));
    const otherLimit = load<i32>(other.limits + (<usize>b << 2));
    const near =
      dot(side.wholes + <usize>a * bytes, other.wholes + <usize>b * bytes, bytes) +
      load<i32>(side.wholeHalves + (<usize>a << 2)) +
      load<i32>(other.wholeHalves + (<usize>b << 2));
    if (near <= -max(limit, otherLimit)) continue;
    const row = load<i32>(side.order + (<usize>a << 2));
    const otherRow = load<i32>(other.order + (<usize>b << 2));
    const distance = sqrt(
      squaredDistanceOf32(
        side.points + ((<usize>row * <usize>stride) << 2),
        other.points + ((<usize>otherRow * <usize>stride) << 2),
        stride,
      ),
    );
    if (near > -otherLimit) kept += offer(other, b, otherRow, row, distance);
    if (isOwn && near > -limit) kept += offer(side, a, row, otherRow, distance);
  }
  return kept;
}

/** The sum of the products of two rows of whole numbers. */
@inline
function dot(a: usize, b: usize, bytes: usize): i32 {
  let sum = i32x4.splat(0);
  const end = a + bytes;
  for (; a < end; a += 16, b += 16) sum = i32x4.add(sum, i32x4.dot_i16x8_s(v128.load(a), v128.load(b)));
  sum = i32x4.add(sum, v128.shuffle<i32>(sum, sum, 2, 3, 0, 1));
  return i32x4.extract_lane(sum, 0) + i32x4.extract_lane(sum, 1);
}

/**
 * Offers a row to the list of the point in place `at`, whose own row is `own`: 1 where it is among the k least by distance and
 * row, and was not yet. A list has one writer at a time; its order says what it holds, not who came first.
 */
function offer(side: Side, at: i32, own: i32, row: i32, distance: f64): i32 {
  if (side.excluded != 0 && load<i32>(side.excluded + (<usize>own << 2)) == row) return 0;
  const k = side.k;
  const start = <usize>own * <usize>k;
  const distances = side.distances + (start << 3);
  const rows = side.neighbours + (start << 2);
  const lock = side.locks + (<usize>own << 2);
  // Held for some ten operations.
  while (atomic.cmpxchg<i32>(lock, 0, 1) != 0) {}
  let place = k;
  while (place > 0 && isBefore(distance, row, distances, rows, place - 1)) place--;
  const isKept = place < k && !(place > 0 && load<i32>(rows + (<usize>(place - 1) << 2)) == row);
  if (isKept) {
    for (let i = k - 1; i > place; i--) {
      store<f64>(distances + (<usize>i << 3), load<f64>(distances + (<usize>(i - 1) << 3)));
      store<i32>(rows + (<usize>i << 2), load<i32>(rows + (<usize>(i - 1) << 2)));
    }
    store<f64>(distances + (<usize>place << 3), distance);
    store<i32>(rows + (<usize>place << 2), row);
    store<i32>(side.limits + (<usize>at << 2), limitOf(side, load<f64>(distances + (<usize>(k - 1) << 3))));
  }
  atomic.store<i32>(lock, 0);
  return <i32>isKept;
}

@inline
function isBefore(distance: f64, row: i32, distances: usize, rows: usize, place: i32): bool {
  const other = load<f64>(distances + (<usize>place << 3));
  return distance < other || (distance == other && row < load<i32>(rows + (<usize>place << 2)));
}

/** What half the square of a lower bound, in whole units, is below for a distance up to this one. */
@inline
function limitOf(side: Side, distance: f64): i32 {
  const most = distance * side.units + side.slack;
  return <i32>min<f64>(most * most * 0.5 + 2, <f64>ALWAYS);
}
