import { labelingOf } from '../labeling.js';
import { type Matrix, checkMatrix } from '../matrix.js';
import { silhouetteMemory } from '../wasm/silhouettes-on-crew.js';
import type { KernelThreads, RunKernelOptions } from './kernel-threads.js';

/** `silhouettes` of float32 values on all threads together: the same scores, bit for bit, whatever their number. */
export async function silhouettesOnThreads(
  threads: KernelThreads,
  matrix: Matrix,
  labelings: readonly Int32Array[],
  running: RunKernelOptions = {},
): Promise<(number | null)[]> {
  checkMatrix(matrix);
  const counted = labelings.map((labels) => labelingOf(labels, matrix.rows));
  const [scores] = await threads.runCrew('silhouettes', silhouetteMemory(matrix, counted, threads.size), running);
  if (scores === undefined) throw new Error('Expected the crew to have the scores');
  return scores;
}
