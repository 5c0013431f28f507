import { checkInteger } from '../check-integer.js';
import { squaredLengths } from '../distance-block.js';
import { scaleFor } from '../grid.js';
import { type AnyMatrix, checkMatrix } from '../matrix.js';
import type { SeedSearch } from '../seed-neighbours.js';
import { weightedRows } from '../weighted-rows.js';
import { type Places, type Wanted, planMemory, viewArrays } from './shared-arrays.js';

/** Rows that a thread takes at a time, a multiple of four: some tenths of a millisecond of work. */
export const TAKEN = 32;

/** Places come by sixteens, so that SIMD need not look where the rows end: seeds first, then the background. */
const placesFor = (rows: number): number => Math.ceil(rows / 16) * 16;

const arrays = (seeds: number, background: number, columns: number, rows: number, ks: number, threads: number) => {
  const places = placesFor(seeds) + placesFor(background);
  return {
    /** The rows to compare with, and their squared lengths. */
    reference: ['f64', places * columns],
    lengths: ['f64', places],
    /** The same, scaled, for `seedBlock`. */
    lanes: ['f32', places * columns],
    lengths32: ['f32', places],
    ks: ['i32', ks],
    /** The answer. */
    counts: ['f64', rows * ks],
    nearest: ['f64', rows],
    means: ['f64', rows],
    /** The next row to take. */
    next: ['i32', 1],
    /** Room for each thread. */
    queries: ['f64', threads * TAKEN * columns],
    queries32: ['f32', threads * TAKEN * columns],
    ofQueries: ['f64', threads * TAKEN],
    ofQueries32: ['f32', threads * TAKEN],
    selves: ['i32', threads * TAKEN],
    guesses: ['f32', threads * ks],
    distances: ['f32', threads * 4 * places],
    list: ['i32', threads * places],
    values: ['f32', threads * 2 * places],
    found: ['f64', threads * 8],
  } as const satisfies Wanted;
};

/** A search on shared memory, and room for its answer. Plain data. */
export interface SeedsMemory {
  readonly memory: WebAssembly.Memory;
  readonly at: Places<ReturnType<typeof arrays>>;
  readonly points: AnyMatrix;
  readonly multipliers: Float64Array;
  readonly rows: Int32Array;
  readonly seeds: Int32Array;
  readonly background: Int32Array;
  /** There is room for so many. */
  readonly threads: number;
  /** Those that are not left out. */
  readonly columns: number;
  /** Of the seeds, and of all. */
  readonly seedPlaces: number;
  readonly places: number;
  /** A power of two: what is scaled by it is at most 1. */
  readonly scale: number;
  /** The largest squared length of a row to compare with, scaled. */
  readonly longest: number;
}

/** Lays out a search. Throws RangeError as `seedNeighbours`, and where it does not fit into the memory. */
export function seedsMemory(search: SeedSearch, threads: number): SeedsMemory {
  const { points, multipliers, rows, seeds, background, ks } = search;
  checkInteger('seeds.length', seeds.length, 1, points.rows, `1..${points.rows}`);
  const most = seeds.length + background.length - 1;
  for (const [i, k] of ks.entries()) checkInteger(`ks[${i}]`, k, (ks[i - 1] ?? 0) + 1, most, `ascending, 1..${most}`);
  // No larger than that its square is a number: what is still small then is covered by the slack.
  const scale = Math.min(scaleFor(largestOf(search)), 2 ** 200);
  const ofSeeds = weightedRows(points, seeds, multipliers);
  const ofOthers = weightedRows(points, background, multipliers);
  const { columns } = ofSeeds;
  const plan = planMemory();
  const at = plan.place(arrays(seeds.length, background.length, columns, rows.length, ks.length, threads));
  const memory = plan.allocate();
  const of = viewArrays(memory, at);
  const seedPlaces = placesFor(seeds.length);
  of.ks.set(ks);
  of.lengths32.fill(Infinity);
  let longest = 0;
  for (const [matrix, first] of [
    [ofSeeds, 0],
    [ofOthers, seedPlaces],
  ] as const) {
    const lengths = squaredLengths(matrix);
    of.reference.set(matrix.values, first * columns);
    of.lengths.set(lengths, first);
    for (let i = 0; i < matrix.rows; i++) {
      const place = first + i;
      const length = lengths[i] * scale * scale;
      longest = Math.max(longest, length);
      of.lengths32[place] = length;
      const lane = (place >> 3) * columns * 8 + (place & 7);
      for (let c = 0; c < columns; c++) of.lanes[lane + c * 8] = matrix.values[i * columns + c] * scale;
    }
  }
  const places = of.lengths.length;
  return {
    memory,
    at,
    points,
    multipliers,
    rows,
    seeds,
    background,
    threads,
    columns,
    seedPlaces,
    places,
    scale,
    longest,
  };
}

/** The largest magnitude in the rows of a search, weighted. Throws RangeError where there is none. */
function largestOf({ points, multipliers, rows, seeds, background }: SeedSearch): number {
  const { columns, values } = points;
  const largest = new Float64Array(columns);
  for (const some of [rows, seeds, background]) {
    for (let i = 0; i < some.length; i++) {
      const start = some[i] * columns;
      for (let c = 0; c < columns; c++) largest[c] = Math.max(largest[c], Math.abs(values[start + c]));
    }
  }
  const most = largest.reduce((most, one, c) => Math.max(most, one * multipliers[c]), 0);
  if (Number.isFinite(most)) return most;
  checkMatrix(points, 'points');
  throw new RangeError(`Expected rows of 0..${points.rows - 1}, and ${columns} finite multipliers`);
}

const EPSILON = 2 ** -24;

/**
 * More than a squared distance of `seedBlock` is off from what `distanceBlock` gives, scaled, for rows of squared lengths up to
 * `length` and `longest`.
 *
 * With u = 2^-24, rounding the factors and adding up their products is off by (columns + 2.1) u (|q|² + |r|²) at most in 2qr,
 * since 2|q||r| <= |q|² + |r|²; rounding the lengths, their sum and the difference adds 4 u of the same, and rounding the
 * exact distance to float32, which `distanceBlock` does, 2 u. Room for comparing with bounds that are rounded themselves,
 * 4 u, and for float64 makes it columns + 16. Below the normal numbers of float32 an error is 2^-150 at most; for each of
 * the products, their factors and sums.
 */
export function slackOf(columns: number, length: number, longest: number, scale: number): number {
  const lengths = length + longest;
  const relative = (columns + 16) * EPSILON * 1.01 * lengths;
  const absolute = (columns + 4) * 2 ** -145 + 2 ** -149 * scale * scale;
  // Rounded up.
  return Math.fround(relative + absolute) * (1 + 2 ** -22);
}
