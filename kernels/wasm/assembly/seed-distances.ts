/** Distances of rows that are looked at from the rows they are compared with, see `kernels/wasm/seeds-on-crew.ts`. */

/**
 * Squared distances of four rows from all rows of a reference, in float32 and off by less than a slack that is known: as
 * |q|² + |r|² - 2qr, to `out`, a line of `width` numbers a row. `lanes` has of eight rows the first column, then the second,
 * and so on; `width` is a multiple of eight. `queries` are four rows of `columns`, `ofQueries` and `lengths` squared lengths.
 */
export function seedBlock(
  lanes: usize,
  lengths: usize,
  width: i32,
  columns: i32,
  queries: usize,
  ofQueries: usize,
  out: usize,
): void {
  const bytes = <usize>columns << 2;
  const line = <usize>width << 2;
  const last = out + line;
  const two = f32x4.splat(-2);
  for (; out < last; out += 32, lengths += 32) {
    let a0 = f32x4.splat(0);
    let a1 = f32x4.splat(0);
    let b0 = f32x4.splat(0);
    let b1 = f32x4.splat(0);
    let c0 = f32x4.splat(0);
    let c1 = f32x4.splat(0);
    let d0 = f32x4.splat(0);
    let d1 = f32x4.splat(0);
    const end = lanes + (bytes << 3);
    for (let q = queries; lanes < end; lanes += 32, q += 4) {
      const x = v128.load(lanes);
      const y = v128.load(lanes, 16);
      let value = v128.load32_splat(q);
      a0 = f32x4.add(a0, f32x4.mul(x, value));
      a1 = f32x4.add(a1, f32x4.mul(y, value));
      value = v128.load32_splat(q + bytes);
      b0 = f32x4.add(b0, f32x4.mul(x, value));
      b1 = f32x4.add(b1, f32x4.mul(y, value));
      value = v128.load32_splat(q + 2 * bytes);
      c0 = f32x4.add(c0, f32x4.mul(x, value));
      c1 = f32x4.add(c1, f32x4.mul(y, value));
      value = v128.load32_splat(q + 3 * bytes);
      d0 = f32x4.add(d0, f32x4.mul(x, value));
      d1 = f32x4.add(d1, f32x4.mul(y, value));
    }
    const x = v128.load(lengths);
    const y = v128.load(lengths, 16);
    let own = v128.load32_splat(ofQueries);
    v128.store(out, squares(own, x, two, a0));
    v128.store(out, squares(own, y, two, a1), 16);
    own = v128.load32_splat(ofQueries, 4);
    v128.store(out + line, squares(own, x, two, b0));
    v128.store(out + line, squares(own, y, two, b1), 16);
    own = v128.load32_splat(ofQueries, 8);
    v128.store(out + 2 * line, squares(own, x, two, c0));
    v128.store(out + 2 * line, squares(own, y, two, c1), 16);
    own = v128.load32_splat(ofQueries, 12);
    v128.store(out + 3 * line, squares(own, x, two, d0));
    v128.store(out + 3 * line, squares(own, y, two, d1), 16);
  }
}

/** Past the last row lengths are infinite, and so are distances. */
@inline
function squares(own: v128, lengths: v128, two: v128, products: v128): v128 {
  return f32x4.max(f32x4.splat(0), f32x4.add(f32x4.add(own, lengths), f32x4.mul(two, products)));
}

/**
 * Of four rows the distance to the nearest seed, and the sum of those to all, in the order of the seeds: to `found`, four and
 * four float64. All as `kernels/seed-neighbours.ts` computes it. `queries` has of the four the first column, then the second,
 * and so on; `seeds` are rows of `columns`, both float64. `selves` has for each of the four which seed it is itself, or -1.
 */
export function meanOfSeeds(
  seeds: usize,
  lengths: usize,
  count: i32,
  columns: i32,
  queries: usize,
  ofQueries: usize,
  selves: usize,
  found: usize,
): void {
  const itself = v128.load(selves);
  const low = v128.load(ofQueries);
  const high = v128.load(ofQueries, 16);
  const infinite = f32x4.splat(Infinity);
  let nearest = infinite;
  let sumLow = f64x2.splat(0);
  let sumHigh = f64x2.splat(0);
  const bytes = <usize>columns << 3;
  for (let seed = 0; seed < count; seed += 2, lengths += 16) {
    // An odd last one goes with itself.
    const step = seed + 1 < count ? bytes : 0;
    let aLow = f64x2.splat(0);
    let aHigh = f64x2.splat(0);
    let bLow = f64x2.splat(0);
    let bHigh = f64x2.splat(0);
    const end = seeds + bytes;
    for (let q = queries; seeds < end; seeds += 8, q += 32) {
      const x = v128.load(q);
      const y = v128.load(q, 16);
      let value = v128.load64_splat(seeds);
      aLow = f64x2.add(aLow, f64x2.mul(value, x));
      aHigh = f64x2.add(aHigh, f64x2.mul(value, y));
      value = v128.load64_splat(seeds + step);
      bLow = f64x2.add(bLow, f64x2.mul(value, x));
      bHigh = f64x2.add(bHigh, f64x2.mul(value, y));
    }
    seeds += bytes;
    let own = v128.load64_splat(lengths);
    let distances = demoted(low, high, own, aLow, aHigh);
    let isSelf = i32x4.eq(itself, i32x4.splat(seed));
    nearest = f32x4.min(nearest, v128.bitselect(infinite, distances, isSelf));
    // What is not compared adds 0.
    distances = v128.andnot(distances, isSelf);
    sumLow = f64x2.add(sumLow, f64x2.sqrt(f64x2.promote_low_f32x4(distances)));
    sumHigh = f64x2.add(sumHigh, f64x2.sqrt(f64x2.promote_low_f32x4(upper(distances))));
    if (step == 0) break;
    own = v128.load64_splat(lengths, 8);
    distances = demoted(low, high, own, bLow, bHigh);
    isSelf = i32x4.eq(itself, i32x4.splat(seed + 1));
    nearest = f32x4.min(nearest, v128.bitselect(infinite, distances, isSelf));
    distances = v128.andnot(distances, isSelf);
    sumLow = f64x2.add(sumLow, f64x2.sqrt(f64x2.promote_low_f32x4(distances)));
    sumHigh = f64x2.add(sumHigh, f64x2.sqrt(f64x2.promote_low_f32x4(upper(distances))));
  }
  v128.store(found, f64x2.sqrt(f64x2.promote_low_f32x4(nearest)));
  v128.store(found, f64x2.sqrt(f64x2.promote_low_f32x4(upper(nearest))), 16);
  v128.store(found, sumLow, 32);
  v128.store(found, sumHigh, 48);
}

/** The two upper of four numbers, as the lower ones. */
@inline
function upper(four: v128): v128 {
  return v128.shuffle<i32>(four, four, 2, 3, 2, 3);
}

/** Squared distances of four rows from one, rounded to float32. */
@inline
function demoted(low: v128, high: v128, own: v128, productsLow: v128, productsHigh: v128): v128 {
  const two = f64x2.splat(2);
  const zero = f64x2.splat(0);
  const a = f64x2.max(zero, f64x2.sub(f64x2.add(low, own), f64x2.mul(two, productsLow)));
  const b = f64x2.max(zero, f64x2.sub(f64x2.add(high, own), f64x2.mul(two, productsHigh)));
  return v128.shuffle<i32>(f32x4.demote_f64x2_zero(a), f32x4.demote_f64x2_zero(b), 0, 1, 4, 5);
}
