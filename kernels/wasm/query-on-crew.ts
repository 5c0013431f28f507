import type { Neighbours } from '../knn.js';
import type { Matrix } from '../matrix.js';
import type { OnProgress } from '../progress.js';
import { type Crew, alone, shareOf } from './crew.js';
import { FEW, type QueryMemory, type QueryRoom } from './knn-memory.js';
import { layOutTiles, prepareIndex, projectRows } from './knn-prepare-on-crew.js';
import { ALWAYS, NEVER, TILE, tilesOf, writeSide } from './knn-side.js';
import { type KnnWork, knnWork, numbersOf, once, shareOfTiles, takeShares } from './knn-work.js';
import { padRows } from './padded-rows.js';
import { viewArrays } from './shared-arrays.js';

/** How many neighbours of a query the index is laid out for; it finds any number. */
const USUAL_K = 10;

/** Tiles of queries for each thread from which on none need be shared between threads. */
const ENOUGH = 4;

/** Prepares an index for `queryOnCrew` and `queryAlone`. Every member of the crew calls it. */
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
export const queryOnCrew = (
  crew: Crew,
  memory: QueryMemory,
  input: QueryInput,
  onProgress: OnProgress,
): Neighbours | undefined => query(knnWork(memory, crew), memory.ofCrew, input, onProgress);

/** What a thread that asks by itself works with: making it takes longer than many an answer. */
const works = new WeakMap<WebAssembly.Memory, KnnWork>();

/** `queryOnCrew` without others: not on two threads at once, but also while a crew answers. */
export function queryAlone(memory: QueryMemory, input: QueryInput): Neighbours | undefined {
  const work = works.get(memory.memory) ?? knnWork(memory, alone, memory.threads);
  works.set(memory.memory, work);
  return query(work, memory.ofCaller, input, () => {});
}

function query(
  work: KnnWork,
  room: QueryRoom,
  { points, k, exclude }: QueryInput,
  onProgress: OnProgress,
): Neighbours | undefined {
  const { memory, thread } = work;
  const lists = viewArrays(memory, room.lists);
  const most = Math.min(room.asked.excluded.length, Math.floor(lists.distances.length / k));
  const indices = new Int32Array(thread.index === 0 ? points.rows * k : 0);
  const distances = new Float64Array(indices.length);
  for (let first = 0; first < points.rows; first += most) {
    const count = Math.min(most, points.rows - first);
    once(work, () => takeIn(work, room, { points, k, exclude }, first, count));
    answer(work, room, count);
    thread.meet();
    if (thread.index > 0) continue;
    indices.set(lists.neighbours.subarray(0, count * k), first * k);
    distances.set(lists.distances.subarray(0, count * k), first * k);
    onProgress({ phase: 'neighbours', rows: first + count, of: points.rows });
  }
  return thread.index === 0 ? { k, indices, distances } : undefined;
}

/** Puts `count` queries from `first` on into the room, with empty lists. */
function takeIn(
  work: KnnWork,
  room: QueryRoom,
  { points, k, exclude }: QueryInput,
  first: number,
  count: number,
): void {
  const { memory, stride } = work;
  const queries = viewArrays(memory, room.queries);
  const lists = viewArrays(memory, room.lists);
  const { excluded } = viewArrays(memory, room.asked);
  const { columns, values } = points;
  padRows(values.subarray(first * columns, (first + count) * columns), columns, queries.points, stride);
  for (let i = 0; i < count; i++) {
    queries.order[i] = i;
    excluded[i] = exclude?.[first + i] ?? -1;
  }
  lists.distances.fill(Infinity, 0, count * k);
  lists.neighbours.fill(2 ** 31 - 1, 0, count * k);
  // A thread that was ended may have left one.
  lists.locks.fill(0, 0, count);
  const places = { side: room.queries, lanes: 0, lists: room.lists, excluded: room.asked.excluded.offset };
  writeSide(memory, places, numbersOf(work, count, k));
  if (count > FEW) work.of.taken[0] = 0;
}

/** Finds the neighbours of the queries that are in the room. */
function answer(work: KnnWork, room: QueryRoom, count: number): void {
  const { thread } = work;
  const own = shareOfTiles(work, tilesOf(count));
  projectRows(work, room.queries, own.from * TILE, Math.min(count, own.to * TILE));
  layOutTiles(work, room.queries, count, ALWAYS);
  thread.meet();
  if (count <= FEW) answerEach(work, room, count);
  else answerTiles(work, room, count);
}

/** One query after the other, each by all threads. */
function answerEach({ kernels, thread, index, room }: KnnWork, { queries, asked }: QueryRoom, count: number): void {
  for (let i = 0; i < count; i++) {
    kernels.walkQuery(index.side.offset, thread.index, thread.size, queries.side.offset, i, asked.gaps.offset, room);
  }
}

/** Tiles of queries together, which reads an index of which little can be left out less often. */
function answerTiles(work: KnnWork, { queries }: QueryRoom, count: number): void {
  const { kernels, thread, tiles, room, index } = work;
  const parts = tilesOf(count) >= ENOUGH * thread.size ? 1 : thread.size;
  takeShares(work, tilesOf(count) * parts, (share) => {
    const tile = Math.floor(share / parts);
    const { from, to } = shareOf({ ...thread, index: share % parts, size: parts }, tiles, 1);
    if (from === to) return;
    const last = Math.min(count, (tile + 1) * TILE);
    for (let i = tile * TILE; i < last; i++) {
      kernels.startQuery(index.side.offset, from, to, queries.side.offset, i, room);
    }
    kernels.walkQueries(index.side.offset, from, to, queries.side.offset, tile, room);
  });
}
