import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { fitPca, projectPca } from '../../../kernels/pca.js';
import { sweepKMeans } from '../../../kernels/sweep-kmeans.js';
import type { KernelProgress } from '../../../kernels/progress.js';
import { KernelThreads } from '../../../kernels/threads/kernel-threads.js';
import { fitKMeansOnThreads } from '../../../kernels/threads/kmeans-on-threads.js';
import { ownBuffers } from '../../../kernels/threads/own-buffers.js';
import { shareMatrix } from '../../../kernels/threads/share-matrix.js';
import { sweepKMeansOnThreads } from '../../../kernels/threads/sweep-on-threads.js';
import { throttledProgress } from '../../../kernels/threads/throttled-progress.js';
import { float32Matrix, groupedMatrix } from './tables.js';

const matrix = groupedMatrix(200, 8, 5, 6);

/** Runs for minutes unless it is stopped: every one of its columns is compared with all others, over and over. */
const endless = { matrix: groupedMatrix(20, 3000, 4, 5), components: 1 };

/** Runs until it is stopped: no start of it converges within a minute. */
const restarted = { k: 300, seed: 1, restarts: 1_000_000, tolerance: 0 };
const scattered = groupedMatrix(3000, 20, 40, 20);

describe('KernelThreads', { timeout: 30_000 }, () => {
  const threads = new KernelThreads({ threads: 2 });
  afterAll(() => threads.close());

  it('gives the same bits as the kernel gives in this thread', async () => {
    const model = fitPca(matrix, 3);
    const [fitted, projected] = await Promise.all([
      threads.run('fitPca', { matrix, components: 3 }),
      threads.run('projectPca', { model, matrix }),
    ]);
    expect(fitted).toEqual(model);
    expect(projected).toEqual(projectPca(model, matrix));
  });

  it('reads a matrix on shared memory where it lies', async () => {
    const shared = shareMatrix(matrix);
    expect(shared.values.buffer).toBeInstanceOf(SharedArrayBuffer);
    expect(shareMatrix(shared).values).toBe(shared.values);
    expect(await threads.run('fitPca', { matrix: shared, components: 3 })).toEqual(fitPca(matrix, 3));
  });

  it('keeps the event loop free while a kernel runs', async () => {
    const controller = new AbortController();
    const running = threads.run('fitPca', endless, { signal: controller.signal });
    const stopped = expect(running).rejects.toThrow('enough');
    let fired = 0;
    const timer = setInterval(() => fired++, 10);
    await sleep(500);
    clearInterval(timer);
    controller.abort(new Error('enough'));
    await stopped;
    // 50 at best; a kernel in this thread would leave none.
    expect(fired).toBeGreaterThan(15);
  });

  it('reports progress a few times a second, in words fit for a heartbeat', async () => {
    const controller = new AbortController();
    const seen: KernelProgress[] = [];
    const running = fitKMeansOnThreads(threads, scattered, restarted, {
      signal: controller.signal,
      onProgress: (progress) => {
        seen.push(progress);
        if (seen.length === 4) controller.abort();
      },
    });
    const start = performance.now();
    await expect(running).rejects.toThrow();
    expect(performance.now() - start).toBeGreaterThan(3 * 190);
    expect(seen[0]).toEqual({ phase: 'lloyd', k: 300, restart: 1, restarts: 1_000_000, iteration: 1, of: 300 });
  });

  it('rejects with the reason of the signal, and goes on with what waited for the thread', async () => {
    const single = new KernelThreads({ threads: 1 });
    const controller = new AbortController();
    const reason = { why: 'cancelled' };
    const running = single.run('fitPca', endless, { signal: controller.signal });
    const waiting = single.run('fitPca', { matrix, components: 2 });
    const stopped = expect(running).rejects.toBe(reason);
    await sleep(100);
    controller.abort(reason);
    await stopped;
    expect(await waiting).toEqual(fitPca(matrix, 2));
    await single.close();
  });

  it('does not start when the signal has aborted already', async () => {
    const onProgress = vi.fn<(progress: KernelProgress) => void>();
    const signal = AbortSignal.abort('before');
    await expect(threads.run('fitPca', { matrix, components: 2 }, { signal, onProgress })).rejects.toBe('before');
    expect(onProgress).not.toHaveBeenCalled();
  });

  it('rejects with the name and message of what the kernel throws', async () => {
    const running = threads.run('fitPca', { matrix: float32Matrix([[1], [Number.NaN]]), components: 1 });
    const error: unknown = await running.catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(RangeError);
    expect(error).toEqual(new RangeError('Expected finite values in matrix, got NaN at row 1, column 0'));
    expect(error).toHaveProperty('stack', expect.stringContaining('kernels/matrix.js'));
  });

  it('stops the kernel when the listener throws', async () => {
    const running = fitKMeansOnThreads(threads, scattered, restarted, {
      onProgress: () => {
        throw new TypeError('heartbeat failed');
      },
    });
    await expect(running).rejects.toThrow(new TypeError('heartbeat failed'));
  });

  it('rejects what is under way and what comes after when it is closed', async () => {
    const closing = new KernelThreads({ threads: 1 });
    const running = closing.run('fitPca', endless);
    const stopped = expect(running).rejects.toThrow('Expected kernel threads to be open, but they were closed');
    await sleep(50);
    await closing.close();
    await stopped;
    await expect(closing.run('fitPca', { matrix, components: 2 })).rejects.toThrow('they were closed');
    await closing.close();
  });

  it.each([0, 1.5, -1])('refuses %s threads', (count) => {
    expect(() => new KernelThreads({ threads: count })).toThrow(
      new RangeError(`Expected \`threads\` to be 1..1024, got ${count}`),
    );
  });
});

describe('sweepKMeansOnThreads', { timeout: 30_000 }, () => {
  const options = { ks: [2, 3, 4, 5, 6], seed: 7, restarts: 3, swapPatience: 2, silhouetteSample: 80 };

  it.each([1, 2, 3])('gives the bits of sweepKMeans on %s threads', async (count) => {
    const threads = new KernelThreads({ threads: count });
    try {
      for (const ks of [options.ks, [4, 1], [8]]) {
        const asked = { ...options, ks };
        expect(await sweepKMeansOnThreads(threads, matrix, asked)).toEqual(sweepKMeans(matrix, asked));
      }
    } finally {
      await threads.close();
    }
  });

  it('stops the other ks when one fails, and rejects with its error', async () => {
    const threads = new KernelThreads({ threads: 2 });
    try {
      const failing = sweepKMeansOnThreads(threads, matrix, { ...options, restarts: 0 });
      await expect(failing).rejects.toThrow(new RangeError('Expected `restarts` to be at least 1, got 0'));
      const controller = new AbortController();
      const running = sweepKMeansOnThreads(
        threads,
        scattered,
        { ...options, ks: [299, 300], restarts: 1e6 },
        {
          signal: controller.signal,
        },
      );
      const stopped = expect(running).rejects.toBe('stop');
      await sleep(50);
      controller.abort('stop');
      await stopped;
    } finally {
      await threads.close();
    }
  });
});

describe('throttledProgress', () => {
  it('passes on the first, and then one an interval', () => {
    let time = 0;
    const passed: number[] = [];
    const report = throttledProgress(
      (progress) => 'rows' in progress && passed.push(progress.rows),
      200,
      () => time,
    );
    for (const at of [0, 10, 199, 200, 350, 400, 1000, 1100]) {
      time = at;
      report({ phase: 'silhouette', rows: at, of: 2000 });
    }
    expect(passed).toEqual([0, 200, 400, 1000]);
  });
});

describe('ownBuffers', () => {
  it('finds each buffer of nested plain data once, and no shared memory', () => {
    const buffer = new ArrayBuffer(16);
    const other = new Float64Array(2);
    const shared = new Int32Array(new SharedArrayBuffer(8));
    const data = {
      a: [new Float32Array(buffer), { b: new Int32Array(buffer, 8) }],
      other,
      shared,
      text: 'x',
      none: null,
    };
    expect(ownBuffers(data)).toEqual([buffer, other.buffer]);
    expect(ownBuffers(data)[0]).toBe(buffer);
  });
});
