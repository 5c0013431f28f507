import type { Neighbours } from '../knn.js';
import type { OnProgress } from '../progress.js';
import type { Crew } from './crew.js';
import type { AllPairsMemory } from './knn-memory.js';
import { prepareIndex } from './knn-prepare-on-crew.js';
import { ALWAYS } from './knn-side.js';
import { knnWork, shareOfRows, takeShares } from './knn-work.js';
import { viewArrays } from './shared-arrays.js';

/** Tiles that each is compared with first, which come after it: with these, lists have something near in them. */
const NEARBY = 3;

/** Tiles that are compared with as many others in one go: a thread's share of the work, about a millisecond. */
const SQUARE = 16;

/**
 * The nearest other rows of each row of a matrix, see `nearestOfAllOnThreads`. Every member of the crew calls it; the first has
 * the answer.
 *
 * Each pair of tiles is compared once, for the lists of both. The nearby ones come first; then squares of tiles, those nearest
 * to the diagonal first.
 */
export function nearestOfAllOnCrew(crew: Crew, memory: AllPairsMemory, onProgress: OnProgress): Neighbours | undefined {
  const { rows, k } = memory;
  const work = knnWork(memory, crew);
  const lists = viewArrays(memory.memory, memory.lists);
  const own = shareOfRows(work, rows);
  lists.distances.fill(Infinity, own.from * k, own.to * k);
  lists.neighbours.fill(2 ** 31 - 1, own.from * k, own.to * k);
  const places = { side: memory.index, lanes: memory.lanes.lanes.offset, lists: memory.lists, excluded: 0 };
  if (!prepareIndex(work, places, k, ALWAYS)) return undefined;

  const { kernels, tiles, room } = work;
  const side = memory.index.side.offset;
  const squares = Math.ceil(tiles / SQUARE);
  const shares = squares + (squares * (squares + 1)) / 2;
  if (crew.index === 0) work.of.taken[0] = 0;
  crew.meet();
  // The squares of a diagonal, `offset` from the main one, begin with share `start`.
  let offset = 0;
  let start = squares;
  const tilesOfSquare = (square: number) => [square * SQUARE, Math.min(tiles, (square + 1) * SQUARE)] as const;
  takeShares(work, shares, (share) => {
    if (share < squares) kernels.walkNearby(side, ...tilesOfSquare(share), NEARBY, tiles, room);
    else {
      for (; share >= start + squares - offset; offset++) start += squares - offset;
      const square = share - start;
      kernels.walkPairs(side, ...tilesOfSquare(square), ...tilesOfSquare(square + offset), NEARBY, room);
    }
    if (crew.index === 0) onProgress({ phase: 'neighbours', rows: Math.floor((rows * share) / shares), of: rows });
  });
  crew.meet();
  if (crew.index > 0) return undefined;
  onProgress({ phase: 'neighbours', rows, of: rows });
  return { k, indices: lists.neighbours.slice(), distances: lists.distances.slice() };
}
