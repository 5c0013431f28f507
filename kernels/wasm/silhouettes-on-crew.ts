import { type Labeling, cellsOf } from '../labeling.js';
import type { Matrix } from '../matrix.js';
import type { OnProgress } from '../progress.js';
import { distanceRounder, meanSilhouette, sumPlaces } from '../silhouette-scores.js';
import { kernelsOn } from './compiled-kernels.js';
import type { Crew } from './crew.js';
import { type Places, type Wanted, planMemory, viewArrays } from './shared-arrays.js';

/** Groups of four rows that a thread takes at a time: some milliseconds of work at ten thousand rows. */
const GROUPS = 16;

const arrays = (rows: number, columns: number, labelings: number, lines: number, threads: number) => {
  const groups = Math.ceil(rows / 4);
  return {
    values: ['f32', rows * columns],
    /** The cluster of each row, labeling by labeling. */
    clusters: ['i32', rows * labelings],
    points: ['f64', groups * 4 * strideOf(columns)],
    /** Of each row, in the order of cells: its cell; of each cell its start, and its line in the sums for each labeling. */
    cells: ['i32', groups * 4],
    starts: ['i32', rows + 1],
    lines: ['i32', rows * labelings],
    /** For each thread, see `addSilhouetteSums`. */
    lanes: ['f64', threads * groups * 16],
    byCell: ['f64', threads * rows * 4],
    byLine: ['f64', threads * lines * 4],
    column: ['f64', threads * groups * 4],
    aside: ['f64', threads * 16],
    sums: ['f64', threads * lines * groups * 4],
    /** The step of the grid and the number of cells, and the next group to take. */
    control: ['f64', 2],
    next: ['i32', 1],
  } as const satisfies Wanted;
};

const strideOf = (columns: number): number => Math.ceil(columns / 4) * 4;

/** A matrix and labelings of it on shared memory, and room for their sums. Plain data. */
export interface SilhouetteMemory {
  readonly memory: WebAssembly.Memory;
  readonly rows: number;
  readonly columns: number;
  readonly sizes: readonly Int32Array[];
  readonly at: Places<ReturnType<typeof arrays>>;
}

export function silhouetteMemory(
  { rows, columns, values }: Matrix,
  labelings: readonly Labeling[],
  threads: number,
): SilhouetteMemory {
  const plan = planMemory();
  const at = plan.place(arrays(rows, columns, labelings.length, sumPlaces(labelings).width, threads));
  const memory = plan.allocate();
  const views = viewArrays(memory, at);
  views.values.set(values);
  for (const [l, { clusters }] of labelings.entries()) views.clusters.set(clusters, l * rows);
  return { memory, rows, columns, sizes: labelings.map(({ sizes }) => sizes), at };
}

/**
 * `silhouettes` of finite values: the same scores, bit for bit, of the first of the crew. Every member calls it.
 *
 * Rows are sorted by cell, where all labelings agree, so that sums are over runs of rows; a sum of a cell is then added
 * to its cluster in each labeling. On their grid all these sums are exact, so that their order does not count.
 */
export function silhouettesOnCrew(
  crew: Crew,
  { memory, rows, columns, sizes, at }: SilhouetteMemory,
  onProgress: OnProgress,
): (number | null)[] | undefined {
  const kernels = kernelsOn(memory);
  const of = viewArrays(memory, at);
  const labelings = sizes.map((size, l) => ({ clusters: of.clusters.subarray(l * rows, (l + 1) * rows), sizes: size }));
  const { starts, width } = sumPlaces(labelings);
  const groups = Math.ceil(rows / 4);
  const order = crew.index === 0 ? layOut() : new Int32Array(0);
  crew.meet();
  const [rounder, cells] = of.control;
  for (;;) {
    const group = Atomics.add(of.next, 0, GROUPS);
    if (group >= groups) break;
    const end = Math.min(group + GROUPS, groups);
    kernels.addSilhouetteSums(
      at.points.offset,
      strideOf(columns),
      groups * 4,
      group,
      end,
      rounder,
      at.cells.offset,
      cells,
      at.starts.offset,
      at.lines.offset,
      labelings.length,
      width,
      at.lanes.offset + crew.index * groups * 128,
      at.byCell.offset + crew.index * rows * 32,
      at.byLine.offset + crew.index * width * 32,
      at.column.offset + crew.index * groups * 32,
      at.aside.offset + crew.index * 128,
      at.sums.offset + crew.index * width * groups * 32,
    );
    onProgress({ phase: 'silhouette', rows: Math.min(end * 4, rows), of: rows });
  }
  crew.meet();
  if (crew.index > 0) return undefined;
  const length = width * groups * 4;
  for (let i = length; i < of.sums.length; i++) of.sums[i % length] += of.sums[i];
  const places = new Int32Array(rows);
  for (let place = 0; place < rows; place++) places[order[place]] = place;
  return labelings.map((labeling, l) =>
    meanSilhouette(labeling, of.sums.subarray(starts[l] * groups * 4, length), groups * 4, places),
  );

  function layOut() {
    const found = cellsOf(labelings, rows);
    of.starts.set(found.starts);
    of.cells.fill(-1);
    for (let cell = 0; cell < found.count; cell++) {
      of.cells.fill(cell, found.starts[cell], found.starts[cell + 1]);
      const row = found.order[found.starts[cell]];
      for (const [l, { clusters }] of labelings.entries()) {
        of.lines[cell * labelings.length + l] = starts[l] + clusters[row];
      }
    }
    const stride = strideOf(columns);
    for (let place = 0; place < rows; place++) {
      const start = (place >> 2) * stride * 4 + (place & 3);
      for (let c = 0; c < columns; c++) of.points[start + c * 4] = of.values[found.order[place] * columns + c];
    }
    of.control[0] = distanceRounder({ rows, columns, values: of.values });
    of.control[1] = found.count;
    return found.order;
  }
}
