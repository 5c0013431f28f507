/**
 * What the labelling step of k-means works on, see `kmeans-assign.ts`. Four bytes a field, in the order in which
 * `kernels/wasm/labelling.ts` writes them: places in the memory, numbers of things, and margins.
 */
@unmanaged
export class Labelling {
  /** The points: float32 rows of `stride` columns. */
  points: usize;
  /** The points in whole units, 16 bits each. */
  whole: usize;
  /** Sums of squares of those. */
  norms: usize;
  stride: i32;
  k: i32;
  /** float64, and `rounded` to float32. */
  centroids: usize;
  rounded: usize;
  /** In whole units, and the sums of their squares. */
  wholeRows: usize;
  wholeNorms: usize;
  /**
   * How far each centroid has moved since bounds were brought up to date, rounded up, for what is read; `drift` has the same
   * in 16 bits, eight times each. And rounded down, for what is written.
   */
  drifts: usize;
  driftsBelow: usize;
  drift: usize;
  /** The number of a centroid for each point. */
  labels: usize;
  /** Above the distance to that centroid, less its drift rounded down. */
  upper: usize;
  /** Below the distance to each centroid, and its drift rounded down added, see `kmeans-bounds.ts`. */
  bounds: usize;
  /** What the points that change their cluster add to its sum and its count. */
  sums: usize;
  counts: usize;
  /** Room for the points of a block, see `kmeans-assign.ts`. */
  room: usize;
  /** Above 1, and above 0, by more than a distance of float32 is off. */
  relative: f32;
  absolute: f32;
  /** Whole units in 1. */
  units: f32;
  /** More than a distance in whole units is off by. */
  error: f32;
}
