import { BLOCK_ROWS } from '../block-sums.js';
import { type CompiledKernels, kernelsOn } from './compiled-kernels.js';
import { type Crew, shareOf } from './crew.js';
import { limitsFor } from './knn-limits.js';
import { type CrewArrays, type KnnMemory, ROOM } from './knn-memory.js';
import { type SideArrays, type SideNumbers, TILE, tilesOf } from './knn-side.js';
import { type Views, viewArrays } from './shared-arrays.js';

/** What each thread of a crew works with. */
export interface KnnWork extends KnnMemory {
  readonly thread: Crew;
  readonly kernels: CompiledKernels;
  readonly tiles: number;
  /** Where this thread has room for its lists, and for turning a row. */
  readonly room: number;
  readonly turning: number;
  readonly indexOf: Views<SideArrays>;
  readonly of: Views<CrewArrays>;
}

/** `desk` is whose room it works in: that of a thread of the crew, or the one after them. */
export function knnWork(memory: KnnMemory, thread: Crew, desk = thread.index): KnnWork {
  const { index, crew, rows, stride } = memory;
  const of = viewArrays(memory.memory, crew);
  // The places of all points of a tile, where none need be picked.
  for (let i = 0; i < TILE; i++) of.room[desk * ROOM + i] = i;
  return {
    ...memory,
    thread,
    kernels: kernelsOn(memory.memory),
    tiles: tilesOf(rows),
    room: crew.room.offset + desk * ROOM * 4,
    turning: crew.turning.offset + desk * 2 * stride * 8,
    indexOf: viewArrays(memory.memory, index),
    of,
  };
}

/** Does something on one thread when all have come here; the others wait for it. */
export function once({ thread }: KnnWork, act: () => void): void {
  thread.meet();
  if (thread.index === 0) act();
  thread.meet();
}

/** Calls `act` with the numbers below `shares`, each on one of the threads; waits for no other. The first thread had `taken` set to 0. */
export function takeShares({ of }: KnnWork, shares: number, act: (share: number) => void): void {
  for (let share = Atomics.add(of.taken, 0, 1); share < shares; share = Atomics.add(of.taken, 0, 1)) act(share);
}

export const shareOfRows = ({ thread }: KnnWork, rows: number) => shareOf(thread, rows, BLOCK_ROWS);
export const shareOfTiles = ({ thread }: KnnWork, tiles: number) => shareOf(thread, tiles, 1);

export const isWhole = ({ of, columns }: KnnWork): number => Number(of.settings[1] >= columns);

/** The numbers of a side, see `writeSide`. */
export function numbersOf({ of, columns, stride }: KnnWork, count: number, k: number): SideNumbers {
  return { count, k, columns: of.settings[1], stride, ...limitsFor(of.settings[0], columns) };
}
