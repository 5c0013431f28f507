/**
 * Compares the sixteen points of a block with the points of a tile at `picks`, an even number of places of 4 bytes, by the
 * first `columns` coordinates, a multiple of four: writes to `list` the pairs that may be nearer than the limit of either, the
 * number of the point in its tile times 256 and that in the block. Returns where the list ends.
 *
 * With halves of squared lengths a pair is left out where a·b - a²/2 - b²/2 <= -limit: so the sums of products start at
 * -a²/2, and are compared with b²/2 less the limit. Two points meet four groups of four: eight sums, and a register less than
 * half of them for what is loaded.
 */
export function scanBlock(
  lanes: usize,
  halves: usize,
  limits: usize,
  fronts: usize,
  bytes: usize,
  otherHalves: usize,
  otherLimits: usize,
  columns: i32,
  picks: usize,
  lastPick: usize,
  list: usize,
): usize {
  const end = lanes + (<usize>columns << 5);
  for (; picks < lastPick; picks += 8) {
    const i = <usize>load<i32>(picks);
    const j = <usize>load<i32>(picks, 4);
    let a0 = v128.load(halves);
    let a1 = v128.load(halves, 16);
    let a2 = v128.load(halves, 32);
    let a3 = v128.load(halves, 48);
    let b0 = a0;
    let b1 = a1;
    let b2 = a2;
    let b3 = a3;
    let x = fronts + i * bytes;
    let y = fronts + j * bytes;
    for (let at = lanes; at < end; at += 128, x += 8, y += 8) {
      let p = v128.load32_splat(x);
      let q = v128.load32_splat(y);
      let lane = v128.load(at);
      a0 = i32x4.add(a0, i32x4.dot_i16x8_s(p, lane));
      b0 = i32x4.add(b0, i32x4.dot_i16x8_s(q, lane));
      lane = v128.load(at, 16);
      a1 = i32x4.add(a1, i32x4.dot_i16x8_s(p, lane));
      b1 = i32x4.add(b1, i32x4.dot_i16x8_s(q, lane));
      lane = v128.load(at, 32);
      a2 = i32x4.add(a2, i32x4.dot_i16x8_s(p, lane));
      b2 = i32x4.add(b2, i32x4.dot_i16x8_s(q, lane));
      lane = v128.load(at, 48);
      a3 = i32x4.add(a3, i32x4.dot_i16x8_s(p, lane));
      b3 = i32x4.add(b3, i32x4.dot_i16x8_s(q, lane));
      p = v128.load32_splat(x, 4);
      q = v128.load32_splat(y, 4);
      lane = v128.load(at, 64);
      a0 = i32x4.add(a0, i32x4.dot_i16x8_s(p, lane));
      b0 = i32x4.add(b0, i32x4.dot_i16x8_s(q, lane));
      lane = v128.load(at, 80);
      a1 = i32x4.add(a1, i32x4.dot_i16x8_s(p, lane));
      b1 = i32x4.add(b1, i32x4.dot_i16x8_s(q, lane));
      lane = v128.load(at, 96);
      a2 = i32x4.add(a2, i32x4.dot_i16x8_s(p, lane));
      b2 = i32x4.add(b2, i32x4.dot_i16x8_s(q, lane));
      lane = v128.load(at, 112);
      a3 = i32x4.add(a3, i32x4.dot_i16x8_s(p, lane));
      b3 = i32x4.add(b3, i32x4.dot_i16x8_s(q, lane));
    }
    const l0 = v128.load(limits);
    const l1 = v128.load(limits, 16);
    const l2 = v128.load(limits, 32);
    const l3 = v128.load(limits, 48);
    let half = load<i32>(otherHalves + (i << 2));
    let own = i32x4.splat(-half - load<i32>(otherLimits + (i << 2)));
    let halfs = i32x4.splat(-half);
    a0 = i32x4.gt_s(a0, i32x4.min_s(own, i32x4.sub(halfs, l0)));
    a1 = i32x4.gt_s(a1, i32x4.min_s(own, i32x4.sub(halfs, l1)));
    a2 = i32x4.gt_s(a2, i32x4.min_s(own, i32x4.sub(halfs, l2)));
    a3 = i32x4.gt_s(a3, i32x4.min_s(own, i32x4.sub(halfs, l3)));
    half = load<i32>(otherHalves + (j << 2));
    own = i32x4.splat(-half - load<i32>(otherLimits + (j << 2)));
    halfs = i32x4.splat(-half);
    b0 = i32x4.gt_s(b0, i32x4.min_s(own, i32x4.sub(halfs, l0)));
    b1 = i32x4.gt_s(b1, i32x4.min_s(own, i32x4.sub(halfs, l1)));
    b2 = i32x4.gt_s(b2, i32x4.min_s(own, i32x4.sub(halfs, l2)));
    b3 = i32x4.gt_s(b3, i32x4.min_s(own, i32x4.sub(halfs, l3)));
    a0 = i8x16.narrow_i16x8_s(i16x8.narrow_i32x4_s(a0, a1), i16x8.narrow_i32x4_s(a2, a3));
    b0 = i8x16.narrow_i16x8_s(i16x8.narrow_i32x4_s(b0, b1), i16x8.narrow_i32x4_s(b2, b3));
    if (!v128.any_true(v128.or(a0, b0))) continue;
    list = append(i8x16.bitmask(a0), <i32>i << 8, list);
    list = append(i8x16.bitmask(b0), <i32>j << 8, list);
  }
  return list;
}

@inline
function append(bits: i32, place: i32, list: usize): usize {
  for (; bits != 0; bits &= bits - 1, list += 4) store<i32>(list, place | ctz(bits));
  return list;
}
