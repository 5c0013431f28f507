/**
 * Squared Euclidean distance between `columns` values of `a` from `aStart` and of `b` from `bStart`, as a sum of exact
 * squared differences, never by expanding the square, which loses the digits of small distances.
 */
export function squaredDistance(
  a: Float64Array,
  aStart: number,
  b: Float64Array,
  bStart: number,
  columns: number,
): number {
  return squaredDistanceWithin(a, aStart, b, bStart, columns, Infinity);
}

/**
 * As `squaredDistance`, bit for bit, where the distance is at most `bound`; otherwise any number above `bound`.
 *
 * The order of the additions is fixed: a running sum for each column modulo four, which are then added in pairs. That
 * is how two SIMD registers of float64 add. No term is negative and rounded addition is monotonic, so a partial sum
 * above the bound proves the whole sum above it.
 */
export function squaredDistanceWithin(
  a: Float64Array,
  aStart: number,
  b: Float64Array,
  bStart: number,
  columns: number,
  bound: number,
): number {
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  let i = aStart;
  let j = bStart;
  const end = aStart + columns;
  for (const endOfEights = end - 7; i < endOfEights; i += 8, j += 8) {
    const d0 = a[i] - b[j];
    const d1 = a[i + 1] - b[j + 1];
    const d2 = a[i + 2] - b[j + 2];
    const d3 = a[i + 3] - b[j + 3];
    s0 += d0 * d0;
    s1 += d1 * d1;
    s2 += d2 * d2;
    s3 += d3 * d3;
    const d4 = a[i + 4] - b[j + 4];
    const d5 = a[i + 5] - b[j + 5];
    const d6 = a[i + 6] - b[j + 6];
    const d7 = a[i + 7] - b[j + 7];
    s0 += d4 * d4;
    s1 += d5 * d5;
    s2 += d6 * d6;
    s3 += d7 * d7;
    const sum = s0 + s1 + (s2 + s3);
    if (sum > bound) return sum;
  }
  for (let column = 0; i < end; i++, j++, column++) {
    const d = a[i] - b[j];
    const square = d * d;
    switch (column & 3) {
      case 0:
        s0 += square;
        break;
      case 1:
        s1 += square;
        break;
      case 2:
        s2 += square;
        break;
      default:
        s3 += square;
    }
  }
  return s0 + s1 + (s2 + s3);
}
