import type { SeedNeighbours, SeedSearch } from '../seed-neighbours.js';
import { seedsMemory } from '../wasm/seeds-memory.js';
import { viewArrays } from '../wasm/shared-arrays.js';
import type { KernelThreads, RunKernelOptions } from './kernel-threads.js';

/**
 * How many seeds there are among the nearest of each row, and how far the nearest is: what `seedNeighbours` finds, bit for bit,
 * on all threads together and whatever their number. Throws RangeError as it does.
 */
export async function countSeedsOnThreads(
  threads: Pick<KernelThreads, 'runCrew' | 'size'>,
  search: SeedSearch,
  running: RunKernelOptions = {},
): Promise<Pick<SeedNeighbours, 'counts' | 'nearestSeed'>> {
  const input = seedsMemory(search, threads.size);
  await threads.runCrew('countSeeds', input, running);
  const { counts, nearest } = viewArrays(input.memory, input.at);
  return { counts: counts.slice(), nearestSeed: nearest.slice() };
}

/** As `countSeedsOnThreads`, of how far the nearest seed is and the mean of all. */
export async function meanOfSeedsOnThreads(
  threads: Pick<KernelThreads, 'runCrew' | 'size'>,
  search: Omit<SeedSearch, 'background' | 'ks'>,
  running: RunKernelOptions = {},
): Promise<Pick<SeedNeighbours, 'nearestSeed' | 'meanDistance'>> {
  const input = seedsMemory({ ...search, background: new Int32Array(), ks: [] }, threads.size);
  await threads.runCrew('meanOfSeeds', input, running);
  const { nearest, means } = viewArrays(input.memory, input.at);
  return { nearestSeed: nearest.slice(), meanDistance: means.slice() };
}
