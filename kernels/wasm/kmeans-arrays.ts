import { BLOCK_ROWS, blocksOf } from '../block-sums.js';
import { type Crew, shareOf } from './crew.js';
import type { CompiledKernels } from './compiled-kernels.js';
import { LABELLING_FIELDS } from './labelling-fields.js';
import type { Places, Views, Wanted } from './shared-arrays.js';

/** Candidates that greedy k-means++ tries for each centroid but the first. */
export const trialsOf = (k: number): number => 2 + Math.floor(Math.log(k));

/** They are tried four at a time. */
export const foursOf = (k: number): number => Math.ceil(trialsOf(k) / 4);

/** Bounds lie in blocks of so many points, see `assembly/kmeans-bounds.ts`. */
export const BOUNDED_ROWS = 256;

/** Numbers of four bytes that the labelling of a block has room for, see `assembly/kmeans-assign.ts`. */
export const LABELLING_ROOM = 912;

export const pointArrays = (rows: number, stride: number) =>
  ({
    points: ['f32', rows * stride],
    /** The points in whole numbers of a unit, and the sums of their squares. */
    whole: ['i16', rows * stride],
    norms: ['i32', rows],
  }) as const satisfies Wanted;

/** What one fit of up to `k` clusters writes to, on up to `threads` threads. Rows of centroids have `stride` columns. */
export const fitArrays = (rows: number, stride: number, k: number, threads: number) =>
  ({
    /** The number of a centroid for each point. */
    labels: ['i32', rows],
    /** Above the distance of a point to that centroid, and for each centroid below the distance to it, see `assignRows`. */
    upper: ['i32', rows],
    bounds: ['i16', Math.ceil(rows / BOUNDED_ROWS) * BOUNDED_ROWS * k],
    /** How far each centroid has moved since the bounds were brought up to date, and rounded up and down, also as a register of eight. */
    moved: ['f64', k],
    drifts: ['i32', k],
    driftsBelow: ['i32', k + 3],
    drift: ['i16', 8 * k],
    /** While centroids are drawn: squared distances of points to the nearest, and to the one after it. */
    closest: ['f32', rows],
    next: ['f32', rows],
    /** Squared distances of points to their centroids, and their sums by blocks. */
    distances: ['f64', rows],
    blocks: ['f64', blocksOf(rows)],
    centroids: ['f64', k * stride],
    rounded: ['f32', k * stride],
    /** The centroids in whole units, and the sums of their squares; they are measured four at a time. */
    wholeRows: ['i16', (k + 3) * stride],
    wholeNorms: ['i32', k + 3],
    /** What the labelling on each thread works on, see `writeLabelling`, and room for it. */
    labelling: ['i32', threads * LABELLING_FIELDS],
    room: ['i32', threads * LABELLING_ROOM],
    /** Of the points of each cluster. */
    sums: ['f64', k * stride],
    counts: ['i32', k],
    /** What the points that changed their cluster add to them: a part for each thread. */
    changedSums: ['f64', threads * k * stride],
    changedCounts: ['i32', threads * k],
    changed: ['i32', threads],
    /** Rows that were made centroids, and those that are tried as the next one. */
    chosen: ['i32', k],
    drawn: ['i32', trialsOf(k)],
    /** Four of these at a time: their rows, also in whole units with two columns of each beside each other, and sums of squares. */
    trialRows: ['f32', foursOf(k) * 4 * stride],
    trialLanes: ['i16', foursOf(k) * 4 * stride],
    trialNorms: ['i32', foursOf(k) * 4],
    /** A quarter of their squared distances from each centroid, less what float32 errs, four a centroid. */
    trialQuarters: ['f32', foursOf(k) * 4 * k],
    /** Squared distances from them, four a point, and sums by blocks, four a block. */
    trialSquares: ['f32', foursOf(k) * 4 * rows],
    trialBlocks: ['f64', foursOf(k) * 4 * blocksOf(rows)],
    /** What one thread tells the others. */
    control: ['f64', 4],
  }) as const satisfies Wanted;

/** What a search by swaps keeps of the centroids it has: see `twoNearest` and `missWithout`. */
export const swapArrays = (rows: number, stride: number, k: number) =>
  ({
    nearest: ['i32', rows],
    first: ['f64', rows],
    second: ['f64', rows],
    row: ['f64', stride],
    missed: ['f64', k],
  }) as const satisfies Wanted;

type PointArrays = ReturnType<typeof pointArrays>;
type FitArrays = ReturnType<typeof fitArrays>;
type SwapArrays = ReturnType<typeof swapArrays>;

/** What the crew of a fit works on. */
export interface FitWork {
  readonly crew: Crew;
  readonly kernels: CompiledKernels;
  readonly rows: number;
  readonly columns: number;
  readonly stride: number;
  readonly share: { readonly from: number; readonly to: number };
  /** Above 1 by more than float32 errs, relatively, in a distance of `stride` columns. */
  readonly relative: number;
  readonly pointsAt: Places<PointArrays>;
  /** Those of the points. */
  readonly values: Float32Array;
  readonly whole: Int16Array;
  readonly norms: Int32Array;
  readonly at: Places<FitArrays>;
  readonly of: Views<FitArrays>;
}

/** What the crew of a fit searches by swaps. */
export interface SwapWork {
  /** The fit of all points, or of a sample of them. */
  readonly work: FitWork;
  readonly isSample: boolean;
  readonly at: Places<SwapArrays>;
  readonly of: Views<SwapArrays>;
}

export const shareOfRows = (crew: Crew, rows: number) => shareOf(crew, rows, BLOCK_ROWS);

/**
 * A squared distance in float32 errs relatively by (stride / 4 + 6) 2^-24 at most: half of it in the distance, whose
 * root is rounded once more. Twice of that, for the operations on bounds themselves.
 */
export const relativeMargin = (stride: number): number => Math.fround(1 + (stride / 8 + 5) * 2 ** -23);

/** Runs `decide` on one thread, when all have come here; gives all of them what it found. */
export function decideOnce({ crew, of }: FitWork, decide: () => number): number {
  crew.meet();
  if (crew.index === 0) of.control[0] = decide();
  crew.meet();
  return of.control[0];
}
