import { BLOCK_ROWS, blocksOf, drawByWeight, sumOf } from '../block-sums.js';
import type { Random } from '../random.js';
import { type FitWork, decideOnce, lanesOf, trialsOf } from './kmeans-arrays.js';
import type { PreparedPoints } from './prepare-on-crew.js';

/**
 * `kMeansPlusPlus` on points on a grid: the same rows, which it leaves as centroids in `work`, with the labels of the points and
 * their bounds. Returns how many there are. Every member of the crew calls it.
 */
export function seedOnCrew(work: FitWork, { unit }: PreparedPoints, k: number, random: Random): number {
  const { crew, kernels, pointsAt, stride, share, rows, relative, at, of, values } = work;
  const { from, to } = share;
  const trials = trialsOf(k);
  const blocks = blocksOf(rows);
  const closest = at.closest.offset;
  const next = at.next.offset;
  const labels = at.labels.offset;

  const first = decideOnce(work, () => (of.chosen[0] = random.integer(rows)));
  const row = pointsAt.points.offset + first * stride * 4;
  kernels.seedFirst(pointsAt.points.offset, stride, from, to, row, closest, next, labels, BLOCK_ROWS, at.blocks.offset);
  let found = 1;
  for (;;) {
    const inertia = decideOnce(work, () => {
      const inertia = sumOf(of.blocks);
      if (found === k || inertia === 0) return 0;
      for (let trial = 0; trial < trials; trial++) {
        of.drawn[trial] = drawByWeight(of.closest, of.blocks, random.uniform() * inertia);
      }
      return inertia;
    });
    if (inertia === 0) break;
    const squares = at.trialSquares.offset;
    kernels.seedTry(
      pointsAt.points.offset,
      stride,
      rows,
      from,
      to,
      at.drawn.offset,
      trials,
      closest,
      squares,
      BLOCK_ROWS,
      blocks,
      at.trialBlocks.offset,
    );
    const best = decideOnce(work, () => {
      let best = 0;
      let least = Infinity;
      for (let trial = 0; trial < trials; trial++) {
        const left = sumOf(of.trialBlocks.subarray(trial * blocks, (trial + 1) * blocks));
        if (left < least) {
          best = trial;
          least = left;
        }
      }
      of.blocks.set(of.trialBlocks.subarray(best * blocks, (best + 1) * blocks));
      of.chosen[found] = of.drawn[best];
      return best;
    });
    kernels.seedTake(from, to, squares + best * rows * 4, closest, next, labels, found);
    found++;
  }
  // By the margin, for which distances are below 65,536 units, and for rounding.
  const error = (relative - 1) * 65_536 + 1;
  kernels.seedBounds(
    from,
    to,
    closest,
    next,
    labels,
    1 / unit,
    error,
    lanesOf(found),
    at.upper.offset,
    at.bounds.offset,
  );
  if (crew.index === 0) {
    for (let c = 0; c < found; c++) {
      const start = of.chosen[c] * stride;
      of.centroids.set(values.subarray(start, start + stride), c * stride);
    }
  }
  crew.meet();
  return found;
}
