import { z } from 'zod';
import type { Matrix } from '../../../kernels/matrix.js';
import { matrixFile, readMatrix, readNumbers } from '../matrix.js';
import type { Agreement, Settings } from '../row.js';
import type { Figures } from '../side.js';

const found = z.object({ neighbours: z.string() });
const asked = z.object({ matrix: matrixFile, k: z.number(), queries: z.array(z.number()).optional() });

/** Ours may never be farther away than theirs by more than rounding. */
const FARTHER = 1e-9;

/** Compares the neighbours of every question: as sets, and where they differ by the distances in float64. */
export async function judgeNeighbours(ours: Figures, theirs: Figures, settings: Settings): Promise<Agreement> {
  const { matrix: file, k, queries } = asked.parse(settings);
  const matrix = await readMatrix(file);
  const [mine, other] = [
    await readNumbers(found.parse(ours).neighbours, 'i32'),
    await readNumbers(found.parse(theirs).neighbours, 'i32'),
  ];
  const questions = queries?.length ?? matrix.rows;
  if (mine.length !== questions * k || other.length !== questions * k) {
    throw new Error(`Expected ${questions * k} neighbours, got ${mine.length} and ${other.length}`);
  }
  let same = 0;
  let [oursFarther, theirsFarther] = [0, 0];
  for (let q = 0; q < questions; q++) {
    const [a, b] = [mine.subarray(q * k, (q + 1) * k), other.subarray(q * k, (q + 1) * k)];
    const set = new Set(a);
    if (set.size === k && b.every((row) => set.has(row))) {
      same++;
      continue;
    }
    const of = queries?.[q] ?? q;
    const [near, far] = [farthest(matrix, of, a), farthest(matrix, of, b)];
    if (near > far * (1 + FARTHER)) oursFarther++;
    else if (far > near * (1 + FARTHER)) theirsFarther++;
  }
  const differ = questions - same - oursFarther - theirsFarther;
  return {
    says: `same for ${same.toLocaleString('en')} of ${questions.toLocaleString('en')}; ties ${differ}; theirs not nearest ${theirsFarther}; ours not nearest ${oursFarther}`,
    holds: oursFarther === 0,
  };
}

/** The largest squared distance from a row to those found. A row that was found twice, or is itself, is infinitely far. */
function farthest({ columns, values }: Matrix, of: number, rows: Int32Array): number {
  if (new Set(rows).size < rows.length || rows.includes(of)) return Infinity;
  let largest = 0;
  for (const row of rows) {
    let square = 0;
    for (let c = 0; c < columns; c++)
      square += ((values[of * columns + c] ?? 0) - (values[row * columns + c] ?? 0)) ** 2;
    largest = Math.max(largest, square);
  }
  return largest;
}
