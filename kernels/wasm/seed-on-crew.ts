import { BLOCK_ROWS, blocksOf, drawByWeight, sumOf } from '../block-sums.js';
import type { Random } from '../random.js';
import { squaredDistance } from '../squared-distance.js';
import { type FitWork, decideOnce, foursOf, trialsOf } from './kmeans-arrays.js';
import type { PreparedPoints } from './prepare-on-crew.js';

/**
 * `kMeansPlusPlus` on points on a grid: the same rows, which it leaves as centroids in `work`, with the labels of the points and
 * their bounds. Returns how many there are. Every member of the crew calls it.
 */
export function seedOnCrew(work: FitWork, { unit, error }: PreparedPoints, k: number, random: Random): number {
  const { crew, kernels, pointsAt, stride, share, rows, relative, at, of } = work;
  const { from, to } = share;
  const trials = trialsOf(k);
  // What a distance of float32 errs by in units, of which there are less than 65,536 in one; and what else is rounded.
  const slack = (relative - 1) * 65_536 + 1;
  const blocks = blocksOf(rows);
  const closest = at.closest.offset;
  const next = at.next.offset;
  const labels = at.labels.offset;

  const first = decideOnce(work, () => {
    of.drawn[0] = random.integer(rows);
    choose(work, 0, 0);
    return of.drawn[0];
  });
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
      layOutTrials(work, trials);
      measureFromCentroids(work, trials, found, k);
      return inertia;
    });
    if (inertia === 0) break;
    for (let four = 0; four < foursOf(k); four++) {
      kernels.seedTry(
        pointsAt.points.offset,
        pointsAt.whole.offset,
        pointsAt.norms.offset,
        stride,
        from,
        to,
        at.trialRows.offset + four * 16 * stride,
        at.trialLanes.offset + four * 8 * stride,
        at.trialNorms.offset + four * 16,
        1 / unit,
        // Both ends are rounded to units; and what is compared with are distances of float32.
        (2 * error) / unit + slack,
        closest,
        labels,
        at.trialQuarters.offset + four * 16 * k,
        at.trialSquares.offset + four * 16 * rows,
        BLOCK_ROWS,
        at.trialBlocks.offset + four * 32 * blocks,
      );
    }
    const best = decideOnce(work, () => {
      let best = 0;
      let least = Infinity;
      for (let trial = 0; trial < trials; trial++) {
        const left = sumOf(blocksOfTrial(work, trial));
        if (left < least) {
          best = trial;
          least = left;
        }
      }
      of.blocks.set(blocksOfTrial(work, best));
      choose(work, found, best);
      return best;
    });
    const squares = at.trialSquares.offset + ((best >> 2) * rows * 4 + (best & 3)) * 4;
    kernels.seedTake(from, to, squares, closest, next, labels, found);
    found++;
  }
  kernels.seedBounds(from, to, closest, next, labels, 1 / unit, slack, found, at.upper.offset, at.bounds.offset);
  crew.meet();
  return found;
}

/** Makes a row that was drawn centroid number `c`. */
function choose({ stride, values, of }: FitWork, c: number, trial: number): void {
  const start = of.drawn[trial] * stride;
  of.centroids.set(values.subarray(start, start + stride), c * stride);
}

function blocksOfTrial({ rows, of }: FitWork, trial: number): Float64Array {
  const blocks = blocksOf(rows);
  const start = (trial >> 2) * 4 * blocks + (trial & 3);
  return Float64Array.from({ length: blocks }, (_, block) => of.trialBlocks[start + 4 * block]);
}

/** Writes how far the trials are from the centroids so far. */
function measureFromCentroids(
  { stride, relative, values, of }: FitWork,
  trials: number,
  found: number,
  k: number,
): void {
  for (let trial = 0; trial < trials; trial++) {
    const start = (trial >> 2) * 4 * k + (trial & 3);
    const candidate = Float64Array.from(values.subarray(of.drawn[trial] * stride, (of.drawn[trial] + 1) * stride));
    for (let c = 0; c < found; c++) {
      const square = squaredDistance(candidate, 0, of.centroids, c * stride, stride);
      // Both distances that are compared, and their squares, err.
      of.trialQuarters[start + 4 * c] = (square / 4) * (1 - 8 * (relative - 1));
    }
  }
}

function layOutTrials({ stride, values, whole, norms, of }: FitWork, trials: number): void {
  for (let trial = 0; trial < trials; trial++) {
    const row = of.drawn[trial];
    of.trialRows.set(values.subarray(row * stride, (row + 1) * stride), trial * stride);
    of.trialNorms[trial] = norms[row];
    const start = (trial >> 2) * 4 * stride + (trial & 3) * 2;
    for (let c = 0; c < stride; c++) of.trialLanes[start + (c & ~1) * 4 + (c & 1)] = whole[row * stride + c];
  }
}
