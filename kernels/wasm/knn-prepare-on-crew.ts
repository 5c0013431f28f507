import { checkMatrix } from '../matrix.js';
import { RADIUS } from './knn-limits.js';
import { MOST_PARTS } from './knn-memory.js';
import { chooseRotation } from './knn-rotation.js';
import { type SideArrays, type SidePlaces, tilesOf, writeSide } from './knn-side.js';
import { type KnnWork, isWhole, numbersOf, once, shareOfRows, shareOfTiles, takeShares } from './knn-work.js';
import { unpadded } from './padded-rows.js';
import type { Places } from './shared-arrays.js';

/** Coordinates that the tree may halve along: the first, along which points vary most. */
const HALVED = 16;

/**
 * Brings the points of an index into order, and lays them out. Every member of the crew calls it. False where a value is not
 * finite: for that the first member throws RangeError.
 */
export function prepareIndex(work: KnnWork, places: SidePlaces, k: number, limit: number): boolean {
  if (!areFinite(work)) return false;
  once(work, () => {
    chooseAndKeepRotation(work, k);
    writeSide(work.memory, places, numbersOf(work, work.rows, k));
    for (let i = 0; i < work.rows; i++) work.indexOf.order[i] = i;
    work.of.taken[0] = 0;
  });
  const { from, to } = shareOfRows(work, work.rows);
  projectRows(work, work.index, from, to);
  orderPoints(work);
  layOutTiles(work, work.index, work.rows, limit);
  work.thread.meet();
  return true;
}

/** Writes the rows `from` to `to` of a side in whole units. */
export function projectRows(work: KnnWork, side: Places<SideArrays>, from: number, to: number): void {
  const { kernels, stride, of, crew, turning } = work;
  const [unit, front, isTurned] = of.settings;
  kernels.projectRows(
    side.points.offset,
    stride,
    from,
    to,
    crew.centre.offset,
    isTurned === 1 ? crew.rotation.offset : 0,
    1 / unit,
    RADIUS,
    front,
    side.byRow.offset,
    side.ends.offset,
    turning,
  );
}

/** Lays out this thread's share of the tiles of a side. */
export function layOutTiles(work: KnnWork, side: Places<SideArrays>, points: number, limit: number): void {
  const { from, to } = shareOfTiles(work, tilesOf(points));
  work.kernels.layOutTiles(side.side.offset, side.byRow.offset, side.ends.offset, isWhole(work), limit, from, to);
}

function areFinite(work: KnnWork): boolean {
  const { kernels, index, rows, columns, stride, of, thread, indexOf } = work;
  const { from, to } = shareOfRows(work, rows);
  const start = index.points.offset;
  of.magnitudes[thread.index] = kernels.largestMagnitude(start + from * stride * 4, start + to * stride * 4);
  thread.meet();
  if (of.magnitudes.every(Number.isFinite)) return true;
  if (thread.index === 0) checkMatrix(unpadded(indexOf.points, rows, columns, stride));
  return false;
}

function chooseAndKeepRotation({ rows, columns, stride, indexOf, of }: KnnWork, k: number): void {
  const matrix = { rows, columns, values: indexOf.points };
  const { centre, directions, unit, front } = chooseRotation(matrix, stride, k);
  of.centre.set(centre);
  of.settings.set([unit, front, Number(directions !== undefined)]);
  if (directions === undefined) return;
  for (let d = 0; d < columns; d++) {
    for (let c = 0; c < columns; c++) of.rotation[c * stride + d] = directions[d * columns + c];
  }
}

/** Near points beside each other: the first halves of the tree on one thread, the parts they leave side by side. */
function orderPoints(work: KnnWork): void {
  const { kernels, rows, columns, stride, index, lanes, of, thread } = work;
  const halved = Math.min(columns, HALVED);
  const { byRow, order } = index;
  // Nothing is in the lanes yet: there is room for a key a row.
  const keys = lanes.lanes.offset;
  once(work, () => {
    const wanted = thread.size === 1 ? 1 : Math.min(MOST_PARTS, 8 * thread.size);
    let parts = [rows];
    while (parts.length < wanted) {
      const halves = parts.flatMap((to, i) => {
        const from = parts[i - 1] ?? 0;
        const middle = kernels.halve(byRow.offset, stride, halved, order.offset, keys, from, to);
        return middle < 0 ? [to] : [middle, to];
      });
      if (halves.length === parts.length) break;
      parts = halves;
    }
    of.parts.set(parts);
    of.parts[MOST_PARTS] = parts.length;
  });
  takeShares(work, of.parts[MOST_PARTS], (part) => {
    const from = part === 0 ? 0 : of.parts[part - 1];
    kernels.orderRows(byRow.offset, stride, halved, order.offset, keys, from, of.parts[part]);
  });
  thread.meet();
}
