import { z } from 'zod';
import type { Matrix } from '../../../kernels/matrix.js';
import { matrixFile, readMatrix, readNumbers } from '../matrix.js';
import type { Agreement, Settings } from '../row.js';
import type { Figures } from '../side.js';

const fitted = z.object({ centroids: z.string(), iterations: z.number() });

/** From the same starts both find the same optimum, as far as float32 tells. */
const SAME = 1e-5;
/** From starts of its own each finds another one: ours is no worse than theirs, but for this. */
const WORSE = 1e-3;

/** Measures the inertia of both sides' centroids over all rows in float64, whatever they say themselves. */
export async function judgeInertia(ours: Figures, theirs: Figures, settings: Settings): Promise<Agreement> {
  const matrix = await readMatrix(matrixFile.parse(settings.matrix));
  const [our, their] = [fitted.parse(ours), fitted.parse(theirs)];
  const [mine, other] = [
    inertiaOf(matrix, await readNumbers(our.centroids, 'f64')),
    inertiaOf(matrix, await readNumbers(their.centroids, 'f64')),
  ];
  const apart = mine / other - 1;
  const isGiven = settings.initialRows !== null;
  return {
    says: `inertia ${apart >= 0 ? '+' : ''}${apart.toExponential(1)}, iterations ${our.iterations} to ${their.iterations}`,
    holds: isGiven ? Math.abs(apart) <= SAME : apart <= WORSE,
  };
}

/** Sum over the rows of the squared distance to the nearest centroid. */
export function inertiaOf({ rows, columns, values }: Matrix, centroids: Float64Array): number {
  let inertia = 0;
  for (let start = 0; start < rows * columns; start += columns) {
    let nearest = Infinity;
    for (let centroid = 0; centroid < centroids.length; centroid += columns) {
      let square = 0;
      for (let c = 0; c < columns; c++) square += ((values[start + c] ?? 0) - (centroids[centroid + c] ?? 0)) ** 2;
      if (square < nearest) nearest = square;
    }
    inertia += nearest;
  }
  return inertia;
}
