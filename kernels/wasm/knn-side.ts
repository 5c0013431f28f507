import type { Places, Wanted } from './shared-arrays.js';

/** Points of a tile, which are compared with those of another at once, and of a block of it, which lie in lanes. */
export const TILE = 64;
export const BLOCK = 16;

/** Limits of a point that has no list, and of one whose list is not full, see `knn-limits.ts`. */
export const NEVER = -(2 ** 30);
export const ALWAYS = 1_900_000_000;

/** What `assembly/knn-side.ts` takes. */
const SIDE_BYTES = 96;

export const tilesOf = (points: number): number => Math.ceil(points / TILE);

/**
 * One side of a comparison: points in places, in an order in which near ones lie beside each other, the last tile filled up.
 * `stride` is the columns in whole eights. Coordinates are in whole units; the front of a point is its first ones, and the
 * length of the others.
 */
export const sideArrays = (points: number, stride: number) => {
  const tiles = tilesOf(points);
  return {
    fronts: ['i16', tiles * TILE * stride],
    /** Minus half of their squared lengths. */
    frontHalves: ['i32', tiles * TILE],
    /** All coordinates, and minus half of their squared lengths. */
    wholes: ['i16', tiles * TILE * stride],
    wholeHalves: ['i32', tiles * TILE],
    /** What half the square of a lower bound must be below, and the largest of each tile. */
    limits: ['i32', tiles * TILE],
    tileLimits: ['i32', tiles],
    /** The least and the largest of each coordinate of the fronts. */
    tileBoxes: ['i16', tiles * 2 * stride],
    blockBoxes: ['i16', tiles * (TILE / BLOCK) * 2 * stride],
    /** The row of the point in each place. */
    order: ['i32', tiles * TILE],
    /** The points themselves, and what they are in whole units, by row; `ends` are the lengths of what is not in the fronts. */
    points: ['f32', points * stride],
    byRow: ['i16', points * stride],
    ends: ['i16', points],
    /** What follows, for the compiled code. */
    side: ['f64', SIDE_BYTES / 8],
  } as const satisfies Wanted;
};

/** Of each two columns of the fronts those of the sixteen points of a block beside each other: for the side that is searched. */
export const laneArrays = (points: number, stride: number) =>
  ({ lanes: ['i16', tilesOf(points) * TILE * stride] }) as const satisfies Wanted;

/** For each row the k nearest others so far, in order, ended by Infinity; and 1 while a thread writes to it. */
export const listArrays = (rows: number, entries: number) =>
  ({
    distances: ['f64', entries],
    neighbours: ['i32', entries],
    locks: ['i32', rows],
  }) as const satisfies Wanted;

export type SideArrays = ReturnType<typeof sideArrays>;
export type ListArrays = ReturnType<typeof listArrays>;

export interface SideNumbers {
  /** Points, which may be fewer than there is room for. */
  readonly count: number;
  readonly k: number;
  /** Of the fronts, a multiple of four. */
  readonly columns: number;
  readonly stride: number;
  /** What turns a distance into units, and what is added to it there, see `knn-limits.ts`. */
  readonly units: number;
  readonly slack: number;
}

export interface SidePlaces {
  readonly side: Places<SideArrays>;
  readonly lanes: number;
  readonly lists: Places<ListArrays> | undefined;
  /** A row for each row that is not to be in its list. */
  readonly excluded: number;
}

/** Fronts have room for whole registers. */
export const frontStrideOf = (columns: number): number => Math.ceil(columns / 8) * 8;

/** Writes a side for the compiled code: the fields of `Side` in `assembly/knn-side.ts`. */
export function writeSide(
  memory: WebAssembly.Memory,
  { side, lanes, lists, excluded }: SidePlaces,
  { count, k, columns, stride, units, slack }: SideNumbers,
): void {
  const fields = new DataView(memory.buffer, side.side.offset, SIDE_BYTES);
  const integers = [
    lanes,
    side.fronts.offset,
    side.frontHalves.offset,
    side.wholes.offset,
    side.wholeHalves.offset,
    side.limits.offset,
    side.tileLimits.offset,
    side.tileBoxes.offset,
    side.blockBoxes.offset,
    side.order.offset,
    side.points.offset,
    lists?.distances.offset ?? 0,
    lists?.neighbours.offset ?? 0,
    lists?.locks.offset ?? 0,
    excluded,
    count,
    k,
    columns,
    frontStrideOf(columns),
    stride,
  ];
  for (const [i, value] of integers.entries()) fields.setUint32(i * 4, value, true);
  fields.setFloat64(80, units, true);
  fields.setFloat64(88, slack, true);
}
