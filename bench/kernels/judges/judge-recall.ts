import { z } from 'zod';
import { fitKnn, queryKnn } from '../../../kernels/knn.js';
import { type Matrix, row } from '../../../kernels/matrix.js';
import { squaredDistance } from '../../../kernels/squared-distance.js';
import { matrixFile, readMatrix, readNumbers } from '../matrix.js';
import type { Agreement, Settings } from '../row.js';
import type { Figures } from '../side.js';

const found = z.object({ neighbours: z.string() });
const asked = z.object({ matrix: matrixFile, k: z.number(), queries: z.array(z.number()) });

/** Questions that are answered exactly, by comparing with all rows in float64. */
const ANSWERED = 1000;

const WANTED = 0.99;

/** The share of the nearest that each side found, over a sample of the questions: both are to reach it. */
export async function judgeRecall(ours: Figures, theirs: Figures, settings: Settings): Promise<Agreement> {
  const { matrix: file, k, queries } = asked.parse(settings);
  const matrix = await readMatrix(file);
  const step = Math.ceil(queries.length / ANSWERED);
  const sample = queries.flatMap((of, question) => (question % step === 0 ? [{ of, question }] : []));
  const farthest = farthestNeighbours(
    matrix,
    sample.map(({ of }) => of),
    k,
  );
  const recallOf = async (figures: Figures): Promise<number> => {
    const neighbours = await readNumbers(found.parse(figures).neighbours, 'i32');
    if (neighbours.length !== queries.length * k) {
      throw new Error(`Expected ${queries.length * k} neighbours, got ${neighbours.length}`);
    }
    let near = 0;
    for (const [i, { of, question }] of sample.entries()) {
      // One that is there twice counts once.
      const others = new Set(neighbours.subarray(question * k, (question + 1) * k));
      for (const other of others) {
        if (other >= 0 && other !== of && distance(matrix, of, other) <= (farthest[i] ?? 0)) near++;
      }
    }
    return near / (k * sample.length);
  };
  const [our, their] = [await recallOf(ours), await recallOf(theirs)];
  return {
    says: `recall@${k} ${our.toFixed(4)}, theirs ${their.toFixed(4)}, over ${sample.length.toLocaleString('en')} questions`,
    holds: our >= WANTED && their >= WANTED,
  };
}

/** How far the last of the `k` nearest others of each of some rows is. */
function farthestNeighbours(matrix: Matrix, of: readonly number[], k: number): Float64Array {
  const points = new Float32Array(of.length * matrix.columns);
  for (const [i, query] of of.entries()) points.set(row(matrix, query), i * matrix.columns);
  const queries = { rows: of.length, columns: matrix.columns, values: points };
  const { distances } = queryKnn(fitKnn(matrix), queries, k, { exclude: Int32Array.from(of) });
  return Float64Array.from(of, (_, i) => distances[i * k + k - 1] ?? 0);
}

function distance(matrix: Matrix, a: number, b: number): number {
  const [of, other] = [Float64Array.from(row(matrix, a)), Float64Array.from(row(matrix, b))];
  return Math.sqrt(squaredDistance(of, 0, other, 0, matrix.columns));
}
