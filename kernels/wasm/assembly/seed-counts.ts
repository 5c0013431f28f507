/**
 * How many of the nearest rows of a reference are seeds, from squared distances in float32 that are off by less than a slack.
 * What the slack leaves open is measured in float64, as `kernels/seed-neighbours.ts` does: so the counts are the same.
 */

/** Above any distance that is looked at: those of a row to itself, and past the last row, are infinite. */
const MOST: f32 = f32.MAX_VALUE;

/** So few distances, or fewer, may lie about the one that is looked for. */
const FEW: i32 = 24;

// The distances between which the one lies that was looked for last, and how many distances are below what was collected last.
let from: f32 = 0;
let upTo: f32 = 0;
let nearer: i32 = 0;

/**
 * Writes to `counts` for each of the ascending `ks` how many of the `k` nearest rows are seeds, with those that are equally far
 * as the `k`-th as their share among them. `distances` are `places` numbers, those of the seeds first, `seedPlaces` of them,
 * both multiples of sixteen; `all` of them are finite. `guesses` has for each k where to look first, and then where it was.
 *
 * `query` and the rows of `reference` are float64 of `columns`, `ofQuery` and `lengths` their squared lengths. Room: `list` and
 * `values` for a number a place, `values` for two.
 */
export function countSeeds(
  distances: usize,
  seedPlaces: i32,
  places: i32,
  all: i32,
  slack: f32,
  ks: usize,
  count: i32,
  guesses: usize,
  reference: usize,
  lengths: usize,
  columns: i32,
  query: usize,
  ofQuery: f64,
  list: usize,
  values: usize,
  counts: usize,
): void {
  const endOfSeeds = distances + (<usize>seedPlaces << 2);
  const end = distances + (<usize>places << 2);
  for (let i = 0; i < count; i++) {
    const k = load<i32>(ks + (<usize>i << 2));
    const guess = guesses + (<usize>i << 2);
    bracket(distances, end, k, all, load<f32>(guess));
    store<f32>(guess, from + (upTo - from) * 0.5);
    // Distances outside of these are on the same side of the k-th however they are measured.
    const low = from - 2 * slack;
    const high = min(upTo + 2 * slack, MOST);
    const ofSeeds = collect(distances, endOfSeeds, 0, low, high, list);
    const seedsNearer = nearer;
    const last = collect(endOfSeeds, end, seedPlaces, low, high, ofSeeds);
    const allNearer = seedsNearer + nearer;
    const open = <i32>((last - list) >> 2);
    const openSeeds = <i32>((ofSeeds - list) >> 2);
    const sorted = values + (<usize>places << 2);
    for (let at: usize = 0; at < <usize>open << 2; at += 4) {
      const distance = measure(query, ofQuery, reference, lengths, load<i32>(list + at), columns);
      store<f32>(values + at, distance);
      store<f32>(sorted + at, distance);
    }
    const kth = smallest(sorted, open, k - allNearer);
    let below = allNearer;
    let equal = 0;
    let seedsBelow = seedsNearer;
    let seedsEqual = 0;
    for (let at = 0; at < open; at++) {
      const distance = load<f32>(values + (<usize>at << 2));
      const isSeed = <i32>(at < openSeeds);
      const isBelow = <i32>(distance < kth);
      const isEqual = <i32>(distance == kth);
      below += isBelow;
      equal += isEqual;
      seedsBelow += isBelow & isSeed;
      seedsEqual += isEqual & isSeed;
    }
    const share = (<f64>(k - below) * <f64>seedsEqual) / <f64>equal;
    store<f64>(counts + (<usize>i << 3), <f64>seedsBelow + share);
  }
}

/** The distance to the nearest seed, infinite where there is none but the row itself; all as `countSeeds`. */
export function nearestOfSeeds(
  distances: usize,
  seedPlaces: i32,
  slack: f32,
  reference: usize,
  lengths: usize,
  columns: i32,
  query: usize,
  ofQuery: f64,
  list: usize,
): f64 {
  const end = distances + (<usize>seedPlaces << 2);
  let least = f32x4.splat(Infinity);
  let others = least;
  for (let at = distances; at < end; at += 32) {
    least = f32x4.pmin(least, v128.load(at));
    others = f32x4.pmin(others, v128.load(at, 16));
  }
  least = f32x4.pmin(least, others);
  least = f32x4.pmin(least, v128.shuffle<i32>(least, least, 2, 3, 0, 1));
  least = f32x4.pmin(least, v128.shuffle<i32>(least, least, 1, 0, 3, 2));
  const high = min(f32x4.extract_lane(least, 0) + 2 * slack, MOST);
  const last = collect(distances, end, 0, -Infinity, high, list);
  let nearest: f32 = Infinity;
  for (let at = list; at < last; at += 4) {
    nearest = min(nearest, measure(query, ofQuery, reference, lengths, load<i32>(at), columns));
  }
  return sqrt(<f64>nearest);
}

/** Leaves in `from` and `upTo` two numbers, fewer than `k` distances below the one and at least `k` below the other. */
function bracket(distances: usize, end: usize, k: i32, all: i32, guess: f32): void {
  let low: f32 = 0;
  let high: f32 = MOST;
  let below = 0;
  let within = all;
  let at = guess;
  let reach: f32 = 1.1;
  for (let step = 0; within - below > FEW; step++) {
    // Numbers that are not below 0 are in the order of their bits.
    const bits = reinterpret<i32>(low);
    const width = reinterpret<i32>(high) - bits;
    if (width <= 1) break;
    if (step > 11 || !(at > low && at < high)) at = reinterpret<f32>(bits + (width >> 1));
    const found = countBelow(distances, end, at);
    if (found < k) {
      low = at;
      below = found;
    } else {
      high = at;
      within = found;
    }
    if (low > 0 && high < MOST) {
      at = low + (high - low) * (<f32>(k - below) / <f32>(within - below));
    } else {
      at = found < k ? at * reach : at / reach;
      reach *= reach;
    }
  }
  from = low;
  upTo = high;
}

/** How many distances are below a number. */
function countBelow(at: usize, end: usize, bound: f32): i32 {
  const limit = f32x4.splat(bound);
  let a = i32x4.splat(0);
  let b = i32x4.splat(0);
  let c = i32x4.splat(0);
  let d = i32x4.splat(0);
  for (; at < end; at += 64) {
    a = i32x4.sub(a, f32x4.lt(v128.load(at), limit));
    b = i32x4.sub(b, f32x4.lt(v128.load(at, 16), limit));
    c = i32x4.sub(c, f32x4.lt(v128.load(at, 32), limit));
    d = i32x4.sub(d, f32x4.lt(v128.load(at, 48), limit));
  }
  return sumOfFour(i32x4.add(i32x4.add(a, b), i32x4.add(c, d)));
}

@inline
function sumOfFour(sums: v128): i32 {
  return (
    i32x4.extract_lane(sums, 0) +
    i32x4.extract_lane(sums, 1) +
    (i32x4.extract_lane(sums, 2) + i32x4.extract_lane(sums, 3))
  );
}

/**
 * Writes to `list` the places, `first` the one of the first distance, of the distances `low` to `high`. Returns where the list
 * ends, and leaves in `nearer` how many are below `low`.
 */
function collect(at: usize, end: usize, first: i32, low: f32, high: f32, list: usize): usize {
  const lows = f32x4.splat(low);
  const highs = f32x4.splat(high);
  let below = i32x4.splat(0);
  let place = first;
  for (; at < end; at += 64, place += 16) {
    let v = v128.load(at);
    let isBelow = f32x4.lt(v, lows);
    below = i32x4.sub(below, isBelow);
    const a = v128.andnot(f32x4.le(v, highs), isBelow);
    v = v128.load(at, 16);
    isBelow = f32x4.lt(v, lows);
    below = i32x4.sub(below, isBelow);
    const b = v128.andnot(f32x4.le(v, highs), isBelow);
    v = v128.load(at, 32);
    isBelow = f32x4.lt(v, lows);
    below = i32x4.sub(below, isBelow);
    const c = v128.andnot(f32x4.le(v, highs), isBelow);
    v = v128.load(at, 48);
    isBelow = f32x4.lt(v, lows);
    below = i32x4.sub(below, isBelow);
    const d = v128.andnot(f32x4.le(v, highs), isBelow);
    if (!v128.any_true(v128.or(v128.or(a, b), v128.or(c, d)))) continue;
    const all = i8x16.narrow_i16x8_s(i16x8.narrow_i32x4_s(a, b), i16x8.narrow_i32x4_s(c, d));
    for (let bits = i8x16.bitmask(all); bits != 0; bits &= bits - 1, list += 4) store<i32>(list, place + ctz(bits));
  }
  nearer = sumOfFour(below);
  return list;
}

/** The squared distance of a row from one of the reference, as `distanceBlock` computes it. */
function measure(query: usize, ofQuery: f64, reference: usize, lengths: usize, place: i32, columns: i32): f32 {
  let product: f64 = 0;
  let row = reference + ((<usize>place * <usize>columns) << 3);
  const end = row + (<usize>columns << 3);
  for (; row < end; row += 8, query += 8) product += load<f64>(row) * load<f64>(query);
  return <f32>max<f64>(0, ofQuery + load<f64>(lengths + (<usize>place << 3)) - 2 * product);
}

/** The `k`-th smallest of some numbers, which it reorders: as `kernels/kth-smallest.ts`. */
function smallest(values: usize, count: i32, k: i32): f32 {
  const wanted = k - 1;
  let low = 0;
  let high = count - 1;
  while (low < high) {
    const a = load<f32>(values + (<usize>low << 2));
    const b = load<f32>(values + (<usize>((low + high) >> 1) << 2));
    const c = load<f32>(values + (<usize>high << 2));
    const pivot = max(min(a, b), min(max(a, b), c));
    let i = low;
    let j = high;
    while (i <= j) {
      while (load<f32>(values + (<usize>i << 2)) < pivot) i++;
      while (load<f32>(values + (<usize>j << 2)) > pivot) j--;
      if (i > j) continue;
      const moved = load<f32>(values + (<usize>i << 2));
      store<f32>(values + (<usize>i << 2), load<f32>(values + (<usize>j << 2)));
      store<f32>(values + (<usize>j << 2), moved);
      i++;
      j--;
    }
    if (wanted <= j) high = j;
    else if (wanted >= i) low = i;
    else break;
  }
  return load<f32>(values + (<usize>wanted << 2));
}
