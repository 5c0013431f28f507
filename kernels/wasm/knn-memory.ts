import type { Matrix } from '../matrix.js';
import { MOST_TURNED } from './knn-rotation.js';
import { type ListArrays, type SideArrays, laneArrays, listArrays, sideArrays, tilesOf } from './knn-side.js';
import { checkShape, padRows, strideOf } from './padded-rows.js';
import { type Places, type Wanted, planMemory, viewArrays } from './shared-arrays.js';

/** A matrix on shared memory that neighbours are looked for in, and room for doing so. Plain data. */
export interface KnnMemory {
  readonly memory: WebAssembly.Memory;
  readonly rows: number;
  readonly columns: number;
  readonly stride: number;
  /** There is room for so many. */
  readonly threads: number;
  readonly index: Places<SideArrays>;
  readonly lanes: Places<LaneArrays>;
  readonly crew: Places<CrewArrays>;
}

/** With a list for each row. */
export interface AllPairsMemory extends KnnMemory {
  readonly k: number;
  readonly lists: Places<ListArrays>;
}

/** Room for some queries at a time. */
export interface QueryRoom {
  readonly queries: Places<SideArrays>;
  readonly lists: Places<ListArrays>;
  readonly asked: Places<ReturnType<typeof askedArrays>>;
}

/** With room for the queries of a crew, and for those of a thread that asks by itself meanwhile. */
export interface QueryMemory extends KnnMemory {
  readonly ofCrew: QueryRoom;
  readonly ofCaller: QueryRoom;
}

/** So many queries of a crew are answered at a time, at most. */
const MOST_QUERIES = 1024;

/** Queries that are few enough to be answered one after the other, by all of a crew: as many as a thread asks at a time by itself. */
export const FEW = 64;

/** So many parts of the tree, at most, are ordered side by side. */
export const MOST_PARTS = 4096;

/** 4-byte words that `assembly/knn-walk.ts` has for its lists. */
export const ROOM = 1216;

type LaneArrays = ReturnType<typeof laneArrays>;
export type CrewArrays = ReturnType<typeof crewArrays>;

const crewArrays = (threads: number, columns: number, stride: number) =>
  ({
    centre: ['f64', stride],
    /** Of each column, what a step along it is along the directions, `stride` of them. */
    rotation: ['f64', columns <= MOST_TURNED ? stride * stride : 0],
    /** The unit, the columns of the fronts, and 1 where points are turned. */
    settings: ['f64', 3],
    /** Of each thread, and of one that asks by itself. */
    room: ['i32', threads * ROOM],
    turning: ['f64', threads * 2 * stride],
    magnitudes: ['f64', threads],
    /** How many shares of the work are taken. */
    taken: ['i32', 1],
    /** Where the parts of the tree end that are ordered side by side, and how many there are. */
    parts: ['i32', MOST_PARTS + 1],
  }) as const satisfies Wanted;

const askedArrays = (queries: number, rows: number) =>
  ({
    /** For each query a row that is not to be among its neighbours, or -1. */
    excluded: ['i32', queries],
    /** How far each tile of the index is from the query that is answered. */
    gaps: ['i32', tilesOf(rows)],
  }) as const satisfies Wanted;

/** Copies a matrix to shared memory, with room for the `k` neighbours of each row. Throws RangeError as `indexMemory`. */
export function allPairsMemory(matrix: Matrix, k: number, threads: number): AllPairsMemory {
  const plan = planned(matrix, threads);
  const lists = plan.place(listArrays(matrix.rows, matrix.rows * k));
  return { ...plan.copied(), k, lists };
}

/**
 * Copies a matrix to shared memory, with room for queries. Throws RangeError for a matrix that is empty or has not rows x columns
 * values, and for one too large for the memory.
 */
export function indexMemory(matrix: Matrix, threads: number): QueryMemory {
  const plan = planned(matrix, threads);
  const room = (queries: number): QueryRoom => ({
    queries: plan.place(sideArrays(queries, strideOf(matrix.columns))),
    lists: plan.place(listArrays(queries, Math.max(matrix.rows, 2 ** 16))),
    asked: plan.place(askedArrays(queries, matrix.rows)),
  });
  const rooms = { ofCrew: room(MOST_QUERIES), ofCaller: room(FEW) };
  return { ...plan.copied(), ...rooms };
}

function planned(matrix: Matrix, threads: number) {
  checkShape(matrix);
  const { rows, columns, values } = matrix;
  const stride = strideOf(columns);
  const plan = planMemory();
  const index = plan.place(sideArrays(rows, stride));
  const lanes = plan.place(laneArrays(rows, stride));
  const crew = plan.place(crewArrays(threads + 1, columns, stride));
  return {
    place: plan.place,
    copied(): KnnMemory {
      const memory = plan.allocate();
      padRows(values, columns, viewArrays(memory, index).points, stride);
      return { memory, rows, columns, stride, threads, index, lanes, crew };
    },
  };
}
