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
  /** In whole units: as rows, and two columns of twelve or four beside each other, then the next two. */
  wholeRows: usize;
  wholeLanes: usize;
  /** Sums of their squares, and 2^30 past the last. */
  wholeNorms: usize;
  /** Below half the distance to the nearest other centroid, in whole units. */
  halfGaps: usize;
  /** How far each centroid has moved since bounds were brought up to date; `drift` has the same in 16 bits. */
  drifts: usize;
  drift: usize;
  /** Bounds of a point. */
  lanes: i32;
  /** The number of a centroid for each point. */
  labels: usize;
  /** Above the distance to that centroid, less its drift. */
  upper: usize;
  /** Below the distance to each centroid, and its drift added; 65,535 for the own one. */
  bounds: usize;
  /** What the points that change their cluster add to its sum and its count. */
  sums: usize;
  counts: usize;
  /** Room for a number of each centroid. */
  scores: usize;
  /** Room for the points of a block. */
  list: usize;
  /** Rows of a block. */
  block: i32;
  /** Above 1, and above 0, by more than a distance of float32 is off. */
  relative: f32;
  absolute: f32;
  /** Whole units in 1. */
  units: f32;
  /** More than a distance in whole units is off by. */
  error: f32;
}
