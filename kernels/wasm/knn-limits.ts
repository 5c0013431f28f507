/**
 * Why no neighbour is lost.
 *
 * Let f be what `projectRows` does to a point before it rounds: y = s V (x - c), with a centre c, a rotation V and s = 1 /
 * unit; then, where y is longer than RADIUS, the point of that length in its direction; and for the front, its first m - 1
 * coordinates and the length r of the others. Then |f(a) - f(b)| <= s |V| |a - b|, because each step moves no two points apart:
 *
 * - V with |V| <= 1 + 2^-20 stretches a distance by no more than that: `knn-rotation.ts` measures |VV' - I| in the Frobenius
 *   norm, above which |V|² - 1 cannot be, and turns nothing where that is not tiny.
 * - Shortening to a ball is the projection onto a convex set, and such a projection moves no two points apart.
 * - Nor do coordinates left out, and |r(a) - r(b)| <= |rest(a) - rest(b)| by the triangle inequality.
 *
 * f is computed in float64. A coordinate of V (x - c) is off by at most (D + 3) 2^-53 of the sum of |V_ij (x - c)_j|, D being
 * the columns: the vector by (D + 3) sqrt(D) 2^-52 of |x - c|, D <= 128 (with more columns nothing is turned, and D is 1
 * here). Within the ball, |x - c| s is hardly more than RADIUS = 30,000; outside, shortening to it makes the error as small.
 * That is below 1e-7 of a unit; the few roundings after it are smaller still.
 *
 * Rounding each of D coordinates to whole numbers q moves a point by at most sqrt(D) / 2 units: so
 *
 *   |q(a) - q(b)| <= (1 + 2^-20) |a - b| / unit + sqrt(D) + 2e-7.
 *
 * The distance that is reported, d, is that of float64, off relatively by less than 2^-30 for any D. So a pair with
 * |q(a) - q(b)| > t = d (1 + 2^-18) / unit + sqrt(D) + 0.01 is farther than d, also as it would be reported: neither below
 * nor equal to it. `units` and `slack` are those of t.
 *
 * What is compared is in whole numbers, without any further error: with h(q) the half of |q|² rounded down,
 * q(a) q(b) - h(a) - h(b) >= -|q(a) - q(b)|² / 2 >= -t² / 2 for every pair that may be as near as d, and so above minus the
 * limit floor(t² / 2) + 2. Boxes: the half of the squared gap between two, rounded down, is at most |q(a) - q(b)|² / 2 for
 * points in them, so where it reaches the limit, |q(a) - q(b)| is above t. A difference that saturates is only smaller.
 *
 * Nothing overflows: |q| <= RADIUS + sqrt(D) / 2 <= 30,512 for D <= 2^20, so products of two points are within 9.4e8, halves
 * of squares within 4.7e8, and -1.9e9 (`ALWAYS`, for lists that are not full) is below what they add up to; squares of
 * distances are below 2^32, where boxes add them up without sign.
 *
 * Both the front and all coordinates are compared in this way, first the one and then the other. What is left is measured in
 * float64 in the order of `squaredDistance`, and a list holds the k least by that distance and row. A limit that another
 * thread has lowered since it was read was larger before, and lets more pairs through. So the order in which tiles are visited
 * does not matter, as long as one that never is was once found no nearer than a limit: for one query, which visits tiles in
 * rings, the last ring reaches as far as the limit did when it began.
 */

/** The longest that a point is in whole units. */
export const RADIUS = 30_000;

export const limitsFor = (unit: number, columns: number): { readonly units: number; readonly slack: number } => ({
  units: (1 + 2 ** -18) / unit,
  slack: Math.sqrt(columns) + 0.01,
});
