import { afterAll, describe, expect, it } from 'vitest';
import { scoreCandidates } from '../../../activities/lookalikes/score-candidates.js';
import { KernelThreads } from '../../../kernels/threads/kernel-threads.js';
import { randomStream } from '../../../kernels/random.js';

const threads = new KernelThreads({ threads: 1 });
afterAll(() => threads.close());

const named = (rows: readonly (readonly number[])[]) => {
  const columns = rows[0]?.map((_, i) => `x${i}`) ?? [];
  return { columns, matrix: { rows: rows.length, columns: columns.length, values: Float32Array.from(rows.flat()) } };
};

describe('the score of a candidate', () => {
  // Eight customers on a line; the seeds are at 0 and 1. A quarter of them is a neighbourhood of two.
  const line = named([[0], [1], [2], [3], [10], [11], [12], [13]]);
  const seeds = Int32Array.of(0, 1);

  it('is the share of seeds among its neighbours, with one customer of the overall share added', async () => {
    const { rows, score, distance, scoring } = await scoreCandidates(threads, line, seeds, {
      score: 'contrast',
      seed: 1,
    });
    expect([...rows]).toEqual([2, 3, 4, 5, 6, 7]);
    expect(scoring).toMatchObject({ k: 2, emphasis: 0, auc: null, heldOut: 0, expected: [] });
    // At 2 the nearest are 1 and 3, at 3 they are 2 and 1; from 10 on there is no seed among them.
    expect([...score].map((one) => Number(one.toFixed(6)))).toEqual(
      [(1 + 0.25) / 3, (1 + 0.25) / 3, 0.25 / 3, 0.25 / 3, 0.25 / 3, 0.25 / 3].map((one) => Number(one.toFixed(6))),
    );
    expect([...distance]).toEqual([1, 2, 9, 10, 11, 12]);
  });

  it('by mean distance is higher the nearer the seeds are on average', async () => {
    const { score, scoring } = await scoreCandidates(threads, line, seeds, { score: 'mean-distance', seed: 1 });
    expect([...score]).toEqual([1.5, 2.5, 9.5, 10.5, 11.5, 12.5].map((mean) => 1 / (1 + mean)));
    expect(scoring).toMatchObject({ k: null, score: 'mean-distance' });
  });

  it('finds what sets the seeds apart among columns that say nothing', async () => {
    const random = randomStream(3);
    const rows = Array.from({ length: 400 }, (_, i) => [
      (i < 80 ? 1.5 : 0) + random.uniform(),
      ...Array.from({ length: 10 }, () => random.uniform() * 4),
    ]);
    const half = Int32Array.from({ length: 40 }, (_, i) => i);
    const { scoring, score } = await scoreCandidates(threads, named(rows), half, { score: 'contrast', seed: 1 });
    expect(scoring.emphasis).toBeGreaterThan(0);
    expect(scoring.auc).toBeGreaterThan(0.85);
    const best = Array.from(score.keys()).toSorted((a, b) => (score[b] ?? 0) - (score[a] ?? 0));
    // The first 40 candidates are those that are like the seeds.
    expect(best.slice(0, 40).filter((at) => at < 40).length).toBeGreaterThan(36);
  });
});
