import { setImmediate } from 'node:timers/promises';
import type { Index } from 'usearch';
import { PermanentError } from '../../dag/permanent-error.js';
import { squaredDistance } from '../../kernels/squared-distance.js';
import type { Matrix } from '../../kernels/matrix.js';
import { row } from '../../kernels/matrix.js';
import { randomStream } from '../../kernels/random.js';

/** A row of the index, and how far it is. */
export interface FoundRow {
  readonly row: number;
  readonly distance: number;
}

/** An HNSW graph over points (Y. Malkov, D. Yashunin, TPAMI 42(4), 2020), in usearch's format. */
export interface NeighbourGraph {
  readonly index: Index;
  readonly points: Matrix;
}

/** Links a point, and how many candidates are kept while building and while searching: recall for time. */
const SETTINGS = { connectivity: 16, expansion_add: 128, expansion_search: 256, multi: false } as const;

/** Points added between two turns of the event loop: some tens of milliseconds. */
const AT_ONCE = 64;

/** Candidates beside those asked for, so that rounding in float32 does not decide who is among the nearest. */
const SPARE = 16;

/**
 * Adds every point in an order drawn from the seed, on one thread: the same points and seed give the same bytes on the
 * same kind of processor (sums in float32 may round otherwise on another).
 */
export async function buildGraph(
  points: Matrix,
  seed: number,
  onProgress: (rows: number) => void,
  signal: AbortSignal,
): Promise<NeighbourGraph> {
  const index = await emptyIndex(points.columns);
  const order = shuffledRows(points.rows, seed);
  for (let start = 0; start < order.length; start += AT_ONCE) {
    signal.throwIfAborted();
    const rows = order.subarray(start, start + AT_ONCE);
    const batch = new Float32Array(rows.length * points.columns);
    for (const [i, r] of rows.entries()) batch.set(row(points, r), i * points.columns);
    index.add(BigUint64Array.from(rows, BigInt), batch, 1);
    onProgress(start + rows.length);
    await setImmediate();
  }
  return { index, points };
}

/** A graph that was saved, mapped into memory and not read whole. */
export async function openGraph(file: string, points: Matrix): Promise<NeighbourGraph> {
  const index = await emptyIndex(points.columns);
  index.view(file);
  if (index.size() !== points.rows) {
    throw new Error(`Expected a graph of ${points.rows} points in ${file}, got ${index.size()}`);
  }
  return { index, points };
}

/**
 * About the `k` nearest rows of a row, itself left out: nearest first, equal distances by row. The distances are exact.
 * Fewer where the graph does not lead to as many.
 */
export function searchGraph({ index, points }: NeighbourGraph, of: number, k: number): readonly FoundRow[] {
  const { columns } = points;
  const query = Float64Array.from(row(points, of));
  const wanted = Math.min(k + 1 + SPARE, points.rows);
  const { keys } = index.search(row(points, of), wanted, 1);
  const found = Array.from(keys, (key): FoundRow => {
    const at = Number(key);
    const other = Float64Array.from(row(points, at));
    return { row: at, distance: Math.sqrt(squaredDistance(other, 0, query, 0, columns)) };
  });
  const others = found.filter((candidate) => candidate.row !== of);
  return others.toSorted((a, b) => a.distance - b.distance || a.row - b.row).slice(0, k);
}

/** There is no binary of the library for this machine. */
export class NoGraphLibrary extends PermanentError {
  override readonly name = 'NoGraphLibrary';
}

/** The library is native code, and optional: who has no graph does not load it. */
async function emptyIndex(dimensions: number): Promise<Index> {
  const library = await import('usearch').catch((error: unknown) => {
    throw new NoGraphLibrary(
      `Expected the package usearch to load on ${process.platform} ${process.arch}: install it with its binary, or ` +
        'raise `exactUpTo` above the number of customers, for an index without a graph',
      { cause: error },
    );
  });
  const { Index, MetricKind, ScalarKind } = library;
  return new Index({ ...SETTINGS, dimensions, metric: MetricKind.L2sq, quantization: ScalarKind.F32 });
}

/** Every row once (R. Durstenfeld's shuffle). Sorted ids would put like beside like: a graph grows best from a mix. */
function shuffledRows(rows: number, seed: number): Int32Array {
  const random = randomStream(seed, 1);
  const order = Int32Array.from({ length: rows }, (_, i) => i);
  for (let last = rows - 1; last > 0; last--) {
    const at = random.integer(last + 1);
    [order[last], order[at]] = [order[at] ?? 0, order[last] ?? 0];
  }
  return order;
}
