import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import type { Matrix } from '../../../kernels/matrix.js';
import { randomStream } from '../../../kernels/random.js';

/** A float32 matrix of the given rows, which must all be as long as the first. */
export function float32Matrix(rows: readonly (readonly number[])[]): Matrix {
  return { rows: rows.length, columns: rows[0]?.length ?? 0, values: Float32Array.from(rows.flat()) };
}

/** A float64 matrix of the given rows, which must all be as long as the first. */
export function float64Matrix(rows: readonly (readonly number[])[]): Matrix<Float64Array> {
  return { rows: rows.length, columns: rows[0]?.length ?? 0, values: Float64Array.from(rows.flat()) };
}

export function toRows({ rows, columns, values }: Matrix<Float32Array | Float64Array>): number[][] {
  return Array.from({ length: rows }, (_, i) => Array.from(values.subarray(i * columns, (i + 1) * columns)));
}

/** Rows around `groups` centres, `spread` wide, the same for the same seed. */
export function groupedMatrix(rows: number, columns: number, groups: number, spread: number, seed = 1): Matrix {
  const random = randomStream(seed);
  const centres = Array.from({ length: groups }, () => Array.from({ length: columns }, () => random.uniform() * 10));
  return float32Matrix(
    Array.from({ length: rows }, (_, i) =>
      (centres[i % groups] ?? []).map((x) => x + (random.uniform() - 0.5) * spread),
    ),
  );
}

/** Small whole numbers: duplicates and equal distances abound, and every sum of squares is exact. */
export const coarseTables = tablesOf(fc.integer({ min: -3, max: 3 }));

/** Numbers of ordinary size, none so close to another that their squared difference underflows. */
export const fineTables = tablesOf(
  fc.double({ min: -1e3, max: 1e3, noNaN: true }).map((x) => Math.round(x * 1e6) / 1e6),
);

function tablesOf(values: fc.Arbitrary<number>): fc.Arbitrary<number[][]> {
  return fc
    .tuple(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 11 }))
    .chain(([rows, columns]) =>
      fc.array(fc.array(values, { minLength: columns, maxLength: columns }), { minLength: rows, maxLength: rows }),
    );
}

/** Squared distance added up naively, column by column. */
export function naiveSquaredDistance(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, x, c) => sum + (x - (b[c] ?? Number.NaN)) ** 2, 0);
}

export function distinctRows(rows: readonly (readonly number[])[]): number {
  // Adding 0 makes -0 the 0 it is equal to.
  return new Set(rows.map((row) => row.map((x) => x + 0).join())).size;
}

export interface GoldenLloyd {
  readonly labels: number[];
  readonly centroids: number[][];
  readonly inertia: number;
  readonly iterations: number;
}

/** What kernels_sklearn.py writes. */
export interface SklearnFigures {
  readonly table: number[][];
  readonly scaler: { readonly means: number[]; readonly scales: number[] };
  readonly scaled: number[][];
  readonly given: {
    readonly rows: number[];
    readonly inertia_before: number;
    readonly three_iterations: GoldenLloyd;
    readonly default_tolerance: GoldenLloyd;
    readonly converged: GoldenLloyd;
  };
  readonly empty: {
    readonly initial: number[][];
    readonly one_iteration: GoldenLloyd;
    readonly converged: GoldenLloyd;
  };
  readonly silhouettes: { readonly labels: number[]; readonly mean: number }[];
  readonly neighbours: { readonly rows: number[][]; readonly distances: number[][] };
  readonly best: { readonly k: number; readonly inertia: number }[];
  readonly single_starts: { readonly k: number; readonly inertia: number }[];
}

export function sklearnFigures(): SklearnFigures {
  // The file's shape is that of the script beside it.
  return JSON.parse(readFileSync('test/golden/kernels-sklearn.json', 'utf8')) as SklearnFigures;
}
