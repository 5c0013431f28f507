import type { Neighbours } from '../knn.js';
import type { Matrix } from '../matrix.js';
import type { OnProgress } from '../progress.js';
import { type Crew, shareOf } from './crew.js';
import { MOST_QUERIES, type QueryMemory } from './knn-memory.js';
import { layOutTiles, prepareIndex, projectRows } from './knn-prepare-on-crew.js';
import { ALWAYS, NEVER, TILE, tilesOf, writeSide } from './knn-side.js';
import { type KnnWork, knnWork, numbersOf, once, shareOfTiles, takeShares } from './knn-work.js';
import { padRows } from './padded-rows.js';
import { viewArrays } from './shared-arrays.js';

/** How many neighbours of a query the index is laid out for; it finds any number. */
const USUAL_K = 10;

/** Tiles of queries for each thread from which on none need be shared between threads. */
const ENOUGH = 4;

/** Prepares an index for `queryOnCrew`. Every member of the crew calls it. */
export function fitKnnOnCrew(crew: Crew, memory: QueryMemory): void {
  const places = { side: memory.index, lanes: memory.lanes.lanes.offset, lists: undefined, excluded: 0 };
  prepareIndex(knnWork(memory, crew), places, USUAL_K, NEVER);
}

export interface QueryInput {
  /** Rows with the columns of the index, at least one, all values finite. */
  readonly points: Matrix;
  /** 1..rows that are left for every query. */
  readonly k: number;
  /** One row of the index for each query, -1 for none. */
  readonly exclude: Int32Array | undefined;
}

/** `queryKnn` of an index that is prepared. Every member of the crew calls it; the first has the answer. */
export function queryOnCrew(
  crew: Crew,
  memory: QueryMemory,
  { points, k, exclude }: QueryInput,
  onProgress: OnProgress,
): Neighbours | undefined {
  const work = knnWork(memory, crew);
  const queriesOf = viewArrays(memory.memory, memory.queries);
  const lists = viewArrays(memory.memory, memory.lists);
  const { excluded } = viewArrays(memory.memory, memory.excluded);
  const most = Math.min(MOST_QUERIES, Math.floor(lists.distances.length / k));
  const indices = new Int32Array(crew.index === 0 ? points.rows * k : 0);
  const distances = new Float64Array(indices.length);
  const places = {
    side: memory.queries,
    lanes: 0,
    lists: memory.lists,
    excluded: memory.excluded.excluded.offset,
  };
  for (let first = 0; first < points.rows; first += most) {
    const count = Math.min(most, points.rows - first);
    once(work, () => {
      const { columns, values } = points;
      padRows(values.subarray(first * columns, (first + count) * columns), columns, queriesOf.points, work.stride);
      for (let i = 0; i < count; i++) {
        queriesOf.order[i] = i;
        excluded[i] = exclude?.[first + i] ?? -1;
      }
      lists.distances.fill(Infinity, 0, count * k);
      lists.neighbours.fill(2 ** 31 - 1, 0, count * k);
      // A thread that was ended may have left one.
      lists.locks.fill(0, 0, count);
      writeSide(memory.memory, places, numbersOf(work, count, k));
      work.of.taken[0] = 0;
    });
    answer(work, memory, count);
    crew.meet();
    if (crew.index > 0) continue;
    indices.set(lists.neighbours.subarray(0, count * k), first * k);
    distances.set(lists.distances.subarray(0, count * k), first * k);
    onProgress({ phase: 'neighbours', rows: first + count, of: points.rows });
  }
  return crew.index === 0 ? { k, indices, distances } : undefined;
}

/** Finds the neighbours of the queries that are in the memory. */
function answer(work: KnnWork, { index, queries }: QueryMemory, count: number): void {
  const { kernels, thread, tiles, room } = work;
  const own = shareOfTiles(work, tilesOf(count));
  projectRows(work, queries, own.from * TILE, Math.min(count, own.to * TILE));
  layOutTiles(work, queries, count, ALWAYS);
  thread.meet();
  const parts = tilesOf(count) >= ENOUGH * thread.size ? 1 : thread.size;
  takeShares(work, tilesOf(count) * parts, (share) => {
    const tile = Math.floor(share / parts);
    const { from, to } = shareOf({ ...thread, index: share % parts, size: parts }, tiles, 1);
    if (from === to) return;
    const last = Math.min(count, (tile + 1) * TILE);
    for (let query = tile * TILE; query < last; query++) {
      kernels.startQuery(index.side.offset, from, to, queries.side.offset, query, room);
    }
    kernels.walkQueries(index.side.offset, from, to, queries.side.offset, tile, room);
  });
}
