import type { Matrix } from '../matrix.js';
import { COMPARED_ROWS, comparedRows } from '../compared-rows.js';
import type { Steps } from '../steps.js';
import type { CompiledKernels } from './compiled-kernels.js';
import type { Crew } from './crew.js';
import {
  type FitWork,
  type SwapWork,
  fitArrays,
  pointArrays,
  relativeMargin,
  shareOfRows,
  swapArrays,
} from './kmeans-arrays.js';
import { checkShape, padRowsInSteps, strideOf } from './padded-rows.js';
import { type Places, planMemory, viewArrays } from './shared-arrays.js';

type PointPlaces = Places<ReturnType<typeof pointArrays>>;
type FitPlaces = Places<ReturnType<typeof fitArrays>>;

/** A matrix on shared memory, and room for the fits of it that are under way at the same time. Plain data. */
export interface KMeansMemory {
  readonly memory: WebAssembly.Memory;
  readonly rows: number;
  readonly columns: number;
  readonly stride: number;
  readonly points: PointPlaces;
  readonly fits: readonly FitPlaces[];
  readonly search: KMeansSearch | undefined;
}

/** Room for searches by swaps. */
interface KMeansSearch {
  /** For each fit. */
  readonly swaps: readonly Places<ReturnType<typeof swapArrays>>[];
  /** Where not all rows are searched: those that are, and room for the fits of them. */
  readonly sample:
    | { readonly rows: number; readonly points: PointPlaces; readonly fits: readonly FitPlaces[] }
    | undefined;
}

/**
 * Copies a matrix to shared memory, with room for `fits` fits of up to `k` clusters on up to `threads` threads each, and where
 * `search` is true, for searches by swaps. Throws RangeError for a matrix that is empty, or has not rows x columns values, and for
 * one too large for the memory.
 */
export function* kMeansMemoryInSteps(
  matrix: Matrix,
  {
    k,
    fits,
    threads,
    search,
  }: { readonly k: number; readonly fits: number; readonly threads: number; readonly search: boolean },
): Steps<KMeansMemory> {
  checkShape(matrix);
  const { rows, columns, values } = matrix;
  const stride = strideOf(columns);
  const plan = planMemory();
  const times = <T>(place: () => T): T[] => Array.from({ length: fits }, place);
  const points = plan.place(pointArrays(rows, stride));
  const places = times(() => plan.place(fitArrays(rows, stride, k, threads)));
  const searched = Math.min(rows, COMPARED_ROWS);
  const room = search
    ? {
        swaps: times(() => plan.place(swapArrays(searched, stride, k))),
        sample:
          searched === rows
            ? undefined
            : {
                rows: searched,
                points: plan.place(pointArrays(searched, stride)),
                fits: times(() => plan.place(fitArrays(searched, stride, k, threads))),
              },
      }
    : undefined;
  const memory = plan.allocate();
  yield* padRowsInSteps(values, columns, viewArrays(memory, points).points, stride);
  return { memory, rows, columns, stride, points, fits: places, search: room };
}

/** What a crew needs for fit number `fit`. */
export function fitWork(memory: KMeansMemory, kernels: CompiledKernels, crew: Crew, fit: number): FitWork {
  return workOn(memory, kernels, crew, { rows: memory.rows, points: memory.points, fit: memory.fits[fit] });
}

/** What it needs for its search; undefined where there is no room for one. */
export function swapWork(
  memory: KMeansMemory,
  kernels: CompiledKernels,
  crew: Crew,
  fit: number,
): SwapWork | undefined {
  if (memory.search === undefined) return undefined;
  const { sample, swaps } = memory.search;
  const work =
    sample === undefined
      ? fitWork(memory, kernels, crew, fit)
      : workOn(memory, kernels, crew, { rows: sample.rows, points: sample.points, fit: sample.fits[fit] });
  return { work, isSample: sample !== undefined, at: swaps[fit], of: viewArrays(memory.memory, swaps[fit]) };
}

/** Copies the rows that are searched, where not all are: when the points are prepared, and by one of the crew. */
export function copySample({ memory, rows, stride, points, search }: KMeansMemory, seed: number): void {
  const sample = comparedRows(rows, seed);
  if (sample === undefined || search?.sample === undefined) return;
  const all = viewArrays(memory, points);
  const few = viewArrays(memory, search.sample.points);
  for (let at = 0; at < sample.length; at++) {
    const row = sample[at];
    few.points.set(all.points.subarray(row * stride, (row + 1) * stride), at * stride);
    few.whole.set(all.whole.subarray(row * stride, (row + 1) * stride), at * stride);
    few.norms[at] = all.norms[row];
  }
}

function workOn(
  { memory, columns, stride }: KMeansMemory,
  kernels: CompiledKernels,
  crew: Crew,
  { rows, points, fit }: { readonly rows: number; readonly points: PointPlaces; readonly fit: FitPlaces },
): FitWork {
  const { points: values, whole, norms } = viewArrays(memory, points);
  return {
    crew,
    kernels,
    rows,
    columns,
    stride,
    share: shareOfRows(crew, rows),
    relative: relativeMargin(stride),
    pointsAt: points,
    values,
    whole,
    norms,
    at: fit,
    of: viewArrays(memory, fit),
  };
}
