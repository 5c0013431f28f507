import type { Matrix } from '../matrix.js';
import type { CompiledKernels } from './compiled-kernels.js';
import type { Crew } from './crew.js';
import { type FitWork, fitArrays, pointArrays, relativeMargin, shareOfRows } from './kmeans-arrays.js';
import { checkShape, padRows, strideOf } from './padded-rows.js';
import { type Places, planMemory, viewArrays } from './shared-arrays.js';

/** A matrix on shared memory, and room for the fits of it that are under way at the same time. Plain data. */
export interface KMeansMemory {
  readonly memory: WebAssembly.Memory;
  readonly rows: number;
  readonly columns: number;
  readonly stride: number;
  readonly points: Places<ReturnType<typeof pointArrays>>;
  readonly fits: readonly Places<ReturnType<typeof fitArrays>>[];
}

/**
 * Copies a matrix to shared memory, with room for `fits` fits of up to `k` clusters on up to `threads` threads each.
 * Throws RangeError for a matrix that is empty, or has not rows x columns values, and for one too large for the memory.
 */
export function kMeansMemory(
  matrix: Matrix,
  { k, fits, threads }: { readonly k: number; readonly fits: number; readonly threads: number },
): KMeansMemory {
  checkShape(matrix);
  const { rows, columns, values } = matrix;
  const stride = strideOf(columns);
  const plan = planMemory();
  const points = plan.place(pointArrays(rows, stride));
  const places = Array.from({ length: fits }, () => plan.place(fitArrays(rows, stride, k, threads)));
  const memory = plan.allocate();
  padRows(values, columns, viewArrays(memory, points).points, stride);
  return { memory, rows, columns, stride, points, fits: places };
}

/** What a crew needs for fit number `fit`. */
export function fitWork(
  { memory, rows, columns, stride, points, fits }: KMeansMemory,
  kernels: CompiledKernels,
  crew: Crew,
  fit: number,
): FitWork {
  const at = fits[fit];
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
    at,
    of: viewArrays(memory, at),
  };
}
