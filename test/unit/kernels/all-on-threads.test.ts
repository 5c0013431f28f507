import { afterAll, describe, expect, it } from 'vitest';
import { allOnThreads } from '../../../kernels/threads/all-on-threads.js';
import { KernelThreads } from '../../../kernels/threads/kernel-threads.js';
import { seedNeighbours } from '../../../kernels/seed-neighbours.js';
import { groupedMatrix } from './tables.js';

describe('allOnThreads', { timeout: 30_000 }, () => {
  const threads = new KernelThreads({ threads: 2 });
  afterAll(() => threads.close());
  const search = {
    points: groupedMatrix(300, 6, 4, 5),
    multipliers: new Float64Array(6).fill(1),
    seeds: Int32Array.of(0, 4, 8),
    background: Int32Array.from({ length: 100 }, (_, i) => i + 100),
  };
  const parts = [0, 1, 2, 3, 4].map((i) => ({ ...search, rows: Int32Array.of(i * 10, i * 10 + 1), ks: [5] }));

  it('gives what the kernel gives in this thread, in the order of the inputs', async () => {
    expect(await allOnThreads(threads, 'seedNeighbours', parts)).toEqual(parts.map((part) => seedNeighbours(part)));
  });

  it('fails with the first failure, and stops the others', async () => {
    const endless = { matrix: groupedMatrix(3000, 20, 40, 20), k: 300, seed: 1, restarts: 1_000_000, tolerance: 0 };
    await expect(allOnThreads(threads, 'fitKMeans', [endless, { ...endless, k: 0 }])).rejects.toThrow('Expected `k`');
    // A thread is free again: the endless one was ended.
    expect(await allOnThreads(threads, 'seedNeighbours', parts)).toHaveLength(5);
  });

  it('stops all when it is aborted', async () => {
    const controller = new AbortController();
    const running = allOnThreads(threads, 'seedNeighbours', parts, { signal: controller.signal });
    controller.abort(new Error('enough'));
    await expect(running).rejects.toThrow('enough');
  });
});
