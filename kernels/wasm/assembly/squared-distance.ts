/** Squared Euclidean distances in float64, in the order of additions that `kernels/squared-distance.ts` specifies. */

/**
 * Between a point of float32 and one of float64, both of `stride` columns, a multiple of four. Four running sums, one for
 * each column modulo four.
 */
@inline
export function squaredDistance64(point: usize, other: usize, stride: i32): f64 {
  let even = f64x2.splat(0);
  let odd = f64x2.splat(0);
  const end = point + (<usize>stride << 2);
  for (; point < end; point += 16, other += 32) {
    const a = f64x2.sub(f64x2.promote_low_f32x4(v128.load64_zero(point)), v128.load(other));
    const b = f64x2.sub(f64x2.promote_low_f32x4(v128.load64_zero(point, 8)), v128.load(other, 16));
    even = f64x2.add(even, f64x2.mul(a, a));
    odd = f64x2.add(odd, f64x2.mul(b, b));
  }
  return (
    f64x2.extract_lane(even, 0) +
    f64x2.extract_lane(even, 1) +
    (f64x2.extract_lane(odd, 0) + f64x2.extract_lane(odd, 1))
  );
}

/** Between two points of float32 of `stride` columns, a multiple of four, in float32 and in the same order. */
@inline
export function squaredDistance32(point: usize, other: usize, stride: i32): f32 {
  let sum = f32x4.splat(0);
  const end = point + (<usize>stride << 2);
  for (; point < end; point += 16, other += 16) {
    const d = f32x4.sub(v128.load(point), v128.load(other));
    sum = f32x4.add(sum, f32x4.mul(d, d));
  }
  return (
    f32x4.extract_lane(sum, 0) +
    f32x4.extract_lane(sum, 1) +
    (f32x4.extract_lane(sum, 2) + f32x4.extract_lane(sum, 3))
  );
}

/** As `squaredDistance64`, where both points are of float32. */
@inline
export function squaredDistanceOf32(point: usize, other: usize, stride: i32): f64 {
  let even = f64x2.splat(0);
  let odd = f64x2.splat(0);
  const end = point + (<usize>stride << 2);
  for (; point < end; point += 16, other += 16) {
    const a = f64x2.sub(
      f64x2.promote_low_f32x4(v128.load64_zero(point)),
      f64x2.promote_low_f32x4(v128.load64_zero(other)),
    );
    const b = f64x2.sub(
      f64x2.promote_low_f32x4(v128.load64_zero(point, 8)),
      f64x2.promote_low_f32x4(v128.load64_zero(other, 8)),
    );
    even = f64x2.add(even, f64x2.mul(a, a));
    odd = f64x2.add(odd, f64x2.mul(b, b));
  }
  return (
    f64x2.extract_lane(even, 0) +
    f64x2.extract_lane(even, 1) +
    (f64x2.extract_lane(odd, 0) + f64x2.extract_lane(odd, 1))
  );
}
