import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { KernelThreads } from '../../kernels/threads/kernel-threads.js';
import { nearestOfOne } from './adapters/nearest-of-one.js';
import { matrixFile, readMatrix, writeNumbers } from './matrix.js';
import { drive } from './side.js';

const settings = z.object({ matrix: matrixFile, k: z.number(), queries: z.array(z.number()), out: z.string() });

await drive<readonly Int32Array[]>(async (said) => {
  const { matrix: file, k, queries, out } = settings.parse(said);
  const matrix = await readMatrix(file);
  const nearest = await nearestOfOne(new KernelThreads({ threads: availableParallelism() }), matrix);
  return {
    run: async () => {
      const answers: Int32Array[] = [];
      for (const row of queries) answers.push(await nearest(row, k));
      return answers;
    },
    tell: async (answers) => {
      const all = Int32Array.from(answers.flatMap((answer) => [...answer]));
      await writeNumbers(join(out, 'neighbours.i32'), all);
      return { neighbours: join(out, 'neighbours.i32') };
    },
  };
});
