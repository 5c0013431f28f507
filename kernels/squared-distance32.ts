const { fround } = Math;

/**
 * Squared Euclidean distance in float32, every operation rounded: for choices that need no more than its seven digits.
 * Added up in the order of `squaredDistance`: a running sum for each column modulo four, as a SIMD register adds.
 */
export function squaredDistance32(
  a: Float64Array,
  aStart: number,
  b: Float64Array,
  bStart: number,
  columns: number,
): number {
  let s0 = fround(0);
  let s1 = fround(0);
  let s2 = fround(0);
  let s3 = fround(0);
  let c = 0;
  for (; c + 3 < columns; c += 4) {
    const d0 = fround(a[aStart + c] - b[bStart + c]);
    const d1 = fround(a[aStart + c + 1] - b[bStart + c + 1]);
    const d2 = fround(a[aStart + c + 2] - b[bStart + c + 2]);
    const d3 = fround(a[aStart + c + 3] - b[bStart + c + 3]);
    s0 = fround(s0 + fround(d0 * d0));
    s1 = fround(s1 + fround(d1 * d1));
    s2 = fround(s2 + fround(d2 * d2));
    s3 = fround(s3 + fround(d3 * d3));
  }
  const rest = [0, 0, 0];
  for (let column = 0; c < columns; c++, column++) {
    const d = fround(a[aStart + c] - b[bStart + c]);
    rest[column] = fround(d * d);
  }
  return fround(fround(fround(s0 + rest[0]) + fround(s1 + rest[1])) + fround(fround(s2 + rest[2]) + s3));
}
