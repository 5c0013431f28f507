import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { judgeInertia } from '../../../bench/kernels/judges/judge-inertia.js';
import { judgeNeighbours } from '../../../bench/kernels/judges/judge-neighbours.js';
import { judgeSweep } from '../../../bench/kernels/judges/judge-sweep.js';
import { writeNumbers } from '../../../bench/kernels/matrix.js';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'segmenta-judges-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

let files = 0;
async function written(numbers: ArrayBufferView): Promise<string> {
  const file = join(folder, String((files += 1)));
  await writeNumbers(file, numbers);
  return file;
}

/** Points on a line. */
const line = async (...values: number[]) => ({
  file: await written(Float32Array.from(values)),
  rows: values.length,
  columns: 1,
});

describe('the judge of k-means', () => {
  const fitted = async (...centroids: number[]) => ({
    centroids: await written(Float64Array.from(centroids)),
    iterations: 3,
  });

  it('wants the same inertia from given starts, whichever is lower', async () => {
    const settings = { matrix: await line(0, 2, 10, 12), initialRows: [0, 2] };
    const best = await fitted(1, 11);
    const near = await fitted(1.001, 11);
    const far = await fitted(1.1, 11);
    expect((await judgeInertia(best, near, settings)).holds).toBe(true);
    expect((await judgeInertia(best, far, settings)).holds).toBe(false);
    expect((await judgeInertia(far, best, settings)).holds).toBe(false);
  });

  it('wants ours to be hardly worse from own starts', async () => {
    const settings = { matrix: await line(0, 2, 10, 12), initialRows: null };
    const [best, far] = [await fitted(1, 11), await fitted(1.1, 11)];
    expect((await judgeInertia(best, far, settings)).holds).toBe(true);
    expect((await judgeInertia(far, best, settings)).holds).toBe(false);
  });
});

describe('the judge of neighbours', () => {
  const found = async (...rows: number[]) => ({ neighbours: await written(Int32Array.from(rows)) });

  it('takes ties as the same, and says which side missed a nearer one', async () => {
    // The nearest of 0 is 1, that of 1 is 0 or 2, that of 2 is 1, that of 9 is 2.
    const settings = { matrix: await line(0, 1, 2, 9), k: 1 };
    const [right, tied, wrong] = [await found(1, 0, 1, 2), await found(1, 2, 1, 2), await found(2, 0, 1, 2)];
    expect(await judgeNeighbours(right, tied, settings)).toEqual({
      says: 'same for 3 of 4; ties 1; theirs not nearest 0; ours not nearest 0',
      holds: true,
    });
    expect(await judgeNeighbours(right, wrong, settings)).toEqual({
      says: 'same for 3 of 4; ties 0; theirs not nearest 1; ours not nearest 0',
      holds: true,
    });
    expect((await judgeNeighbours(wrong, right, settings)).holds).toBe(false);
  });

  it('does not take a row for its own neighbour, nor one row for two', async () => {
    const settings = { matrix: await line(0, 1, 2, 9), k: 2, queries: [1] };
    const right = await found(0, 2);
    expect((await judgeNeighbours(await found(1, 0), right, settings)).holds).toBe(false);
    expect((await judgeNeighbours(await found(0, 0), right, settings)).holds).toBe(false);
    await expect(judgeNeighbours(await found(0), right, settings)).rejects.toThrow(
      'Expected 2 neighbours, got 1 and 2',
    );
  });
});

describe('the judge of a k sweep', () => {
  it('goes by the worst k, and misses none', async () => {
    const one = (k: number, inertia: number) => ({ k, inertia, silhouette: 0.5 });
    const theirs = { byK: [one(2, 100), one(3, 50)] };
    expect((await judgeSweep({ byK: [one(2, 99), one(3, 50.01)] }, theirs)).holds).toBe(true);
    expect((await judgeSweep({ byK: [one(2, 99), one(3, 51)] }, theirs)).holds).toBe(false);
    expect((await judgeSweep({ byK: [one(2, 99)] }, theirs)).holds).toBe(false);
  });
});
