import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { KernelThreads } from '../../kernels/threads/kernel-threads.js';
import { allNeighbours } from './adapters/all-neighbours.js';
import { matrixFile, readMatrix, writeNumbers } from './matrix.js';
import { drive } from './side.js';

const settings = z.object({ matrix: matrixFile, k: z.number(), out: z.string() });

await drive<Int32Array>(async (said) => {
  const { matrix: file, k, out } = settings.parse(said);
  const matrix = await readMatrix(file);
  const threads = new KernelThreads({ threads: availableParallelism() });
  return {
    run: async () => allNeighbours(threads, matrix, k),
    tell: async (neighbours) => {
      await writeNumbers(join(out, 'neighbours.i32'), neighbours);
      return { neighbours: join(out, 'neighbours.i32') };
    },
  };
});
