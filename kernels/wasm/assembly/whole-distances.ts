import { Labelling } from './labelling';

/** Distances of points from centroids in whole units, see `kernels/wasm/prepare-on-crew.ts`, four at a time. */

/** The squared distances of four points from a centroid each, in whole units; `own` are the squares of the points. */
@inline
export function squaresFrom(
  job: Labelling,
  own: v128,
  p0: usize,
  p1: usize,
  p2: usize,
  p3: usize,
  c0: i32,
  c1: i32,
  c2: i32,
  c3: i32,
): v128 {
  const bytes = <usize>job.stride << 1;
  const rows = job.wholeRows;
  const squares = job.wholeNorms;
  const dots = sumsOf(
    dot(p0, rows + <usize>c0 * bytes, bytes),
    dot(p1, rows + <usize>c1 * bytes, bytes),
    dot(p2, rows + <usize>c2 * bytes, bytes),
    dot(p3, rows + <usize>c3 * bytes, bytes),
  );
  const theirs = fourOf(
    squares + (<usize>c0 << 2),
    squares + (<usize>c1 << 2),
    squares + (<usize>c2 << 2),
    squares + (<usize>c3 << 2),
  );
  return i32x4.sub(i32x4.add(own, theirs), i32x4.shl(dots, 1));
}

/** The products of two rows of whole numbers of 16 bits, `bytes` long, in four sums. */
@inline
function dot(a: usize, b: usize, bytes: usize): v128 {
  let sum = i32x4.splat(0);
  for (let x: usize = 0; x < bytes; x += 16) {
    sum = i32x4.add(sum, i32x4.dot_i16x8_s(v128.load(a + x), v128.load(b + x)));
  }
  return sum;
}

/** The sums of the lanes of each. */
@inline
export function sumsOf(a: v128, b: v128, c: v128, d: v128): v128 {
  const ab = i32x4.add(v128.shuffle<i32>(a, b, 0, 4, 1, 5), v128.shuffle<i32>(a, b, 2, 6, 3, 7));
  const cd = i32x4.add(v128.shuffle<i32>(c, d, 0, 4, 1, 5), v128.shuffle<i32>(c, d, 2, 6, 3, 7));
  return i32x4.add(v128.shuffle<i32>(ab, cd, 0, 1, 4, 5), v128.shuffle<i32>(ab, cd, 2, 3, 6, 7));
}

@inline
export function fourOf(a: usize, b: usize, c: usize, d: usize): v128 {
  const ab = v128.load32_lane(b, v128.load32_zero(a), 1);
  return v128.load32_lane(d, v128.load32_lane(c, ab, 2), 3);
}

/** Whole numbers above the distances whose squares in units are given, and below them. */
@inline
export function ceilings(squares: v128, error: v128): v128 {
  const distances = f32x4.add(f32x4.sqrt(f32x4.convert_i32x4_s(squares)), error);
  return i32x4.add(i32x4.trunc_sat_f32x4_s(distances), i32x4.splat(1));
}

@inline
export function floors(squares: v128, error: v128): v128 {
  const distances = f32x4.sub(f32x4.sqrt(f32x4.convert_i32x4_s(squares)), error);
  return i32x4.trunc_sat_f32x4_s(f32x4.pmax(f32x4.splat(0), distances));
}
