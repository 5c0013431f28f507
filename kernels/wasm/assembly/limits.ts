/** What the machine can do at most in 128-bit SIMD: what `npm run bench` holds kernels against. */

/** Multiplies and adds 64 pairs of whole numbers of 16 bits, `times` times, in registers alone. */
export function multiplyAdd16(times: i32): i32 {
  const x = i16x8.splat(3);
  let a = i32x4.splat(0);
  let b = i32x4.splat(1);
  let c = i32x4.splat(2);
  let d = i32x4.splat(3);
  let e = i32x4.splat(4);
  let f = i32x4.splat(5);
  let g = i32x4.splat(6);
  let h = i32x4.splat(7);
  for (let i = 0; i < times; i++) {
    // What is multiplied changes with every step: nothing can be taken out of the loop.
    a = i32x4.add(a, i32x4.dot_i16x8_s(a, x));
    b = i32x4.add(b, i32x4.dot_i16x8_s(b, x));
    c = i32x4.add(c, i32x4.dot_i16x8_s(c, x));
    d = i32x4.add(d, i32x4.dot_i16x8_s(d, x));
    e = i32x4.add(e, i32x4.dot_i16x8_s(e, x));
    f = i32x4.add(f, i32x4.dot_i16x8_s(f, x));
    g = i32x4.add(g, i32x4.dot_i16x8_s(g, x));
    h = i32x4.add(h, i32x4.dot_i16x8_s(h, x));
  }
  a = i32x4.add(i32x4.add(a, b), i32x4.add(c, d));
  return i32x4.extract_lane(i32x4.add(a, i32x4.add(i32x4.add(e, f), i32x4.add(g, h))), 0);
}

/** Reads everything from `at` to `end`, 64 bytes at a time. */
export function readThrough(at: usize, end: usize): i32 {
  let a = i32x4.splat(0);
  let b = i32x4.splat(0);
  let c = i32x4.splat(0);
  let d = i32x4.splat(0);
  for (; at < end; at += 64) {
    a = v128.or(a, v128.load(at));
    b = v128.or(b, v128.load(at, 16));
    c = v128.or(c, v128.load(at, 32));
    d = v128.or(d, v128.load(at, 48));
  }
  return i32x4.extract_lane(v128.or(v128.or(a, b), v128.or(c, d)), 0);
}
