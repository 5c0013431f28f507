/** Points of a tile, and of a block, whose coordinates lie in lanes. A tile is whole blocks. */
export const TILE: i32 = 64;
export const BLOCK: i32 = 16;

/** The limit of what has no list, or is no point: nothing is below it. */
export const NEVER: i32 = -(1 << 30);

/** The limit of a list that is not full: everything is below it. */
export const ALWAYS: i32 = 1_900_000_000;

/**
 * The points of one side of a comparison: places, and numbers. A view of memory that `kernels/wasm/knn-side.ts` writes, where
 * it says what the arrays hold: the order and the types of the fields are those there. Nothing is ever allocated.
 */
@unmanaged
export class Side {
  lanes: usize;
  fronts: usize;
  frontHalves: usize;
  wholes: usize;
  wholeHalves: usize;
  limits: usize;
  tileLimits: usize;
  tileBoxes: usize;
  blockBoxes: usize;
  order: usize;
  points: usize;
  distances: usize;
  neighbours: usize;
  locks: usize;
  excluded: usize;
  count: i32;
  k: i32;
  columns: i32;
  frontStride: i32;
  stride: i32;
  units: f64;
  slack: f64;
}
