import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { z } from 'zod';

/** What all cores together can do at most, in the 128-bit SIMD that WebAssembly has. Per second. */
export interface Limits {
  /** Products of whole numbers of 16 bits, added up. */
  readonly multiplyAdds: number;
  /** Read from memory. */
  readonly bytes: number;
}

const answer = z.object({ multiplyAdds: z.number().positive(), bytes: z.number().positive() });

/** Measures for some seconds, on a thread for each core. */
export async function measureLimits(): Promise<Limits> {
  const threads = Array.from({ length: availableParallelism() }, async () => {
    const worker = new Worker(new URL('./limit-thread.js', import.meta.url));
    return new Promise<Limits>((resolve, reject) => {
      worker.once('error', reject);
      worker.once('message', (message) => {
        resolve(answer.parse(message));
      });
    });
  });
  const found = await Promise.all(threads);
  const total = (of: (limits: Limits) => number): number => found.reduce((sum, limits) => sum + of(limits), 0);
  return { multiplyAdds: total((limits) => limits.multiplyAdds), bytes: total((limits) => limits.bytes) };
}
