import { type Labeling, cellsOf } from '../labeling.js';
import type { Matrix } from '../matrix.js';
import type { OnProgress } from '../progress.js';
import { distanceRounder, meanSilhouette, sumPlaces } from '../silhouette-scores.js';
import { kernelsOn } from './compiled-kernels.js';
import type { Crew } from './crew.js';
import { type Places, type Views, type Wanted, planMemory, viewArrays } from './shared-arrays.js';

/** Groups of four rows that a thread takes at a time: some milliseconds of work at ten thousand rows. */
const GROUPS = 16;

/** Columns are padded with zeros to a multiple of four. */
const strideOf = (columns: number): number => Math.ceil(columns / 4) * 4;

const arrays = (rows: number, columns: number, labelings: number, lines: number, threads: number) => {
  const places = Math.ceil(rows / 4) * 4;
  return {
    values: ['f32', rows * columns],
    /** The cluster of each row, labeling by labeling. */
    clusters: ['i32', rows * labelings],
    /** The rows sorted by cell; the cell at each place, where each starts, and its line in the sums for each labeling. */
    order: ['i32', rows],
    cells: ['i32', places],
    starts: ['i32', rows + 1],
    lines: ['i32', rows * labelings],
    points: ['f64', places * strideOf(columns)],
    /** Room for each thread, see `addSilhouetteSums`. */
    lanes: ['f64', threads * places * 4],
    byCell: ['f64', threads * rows * 4],
    byLine: ['f64', threads * lines * 4],
    column: ['f64', threads * places],
    aside: ['f64', threads * 16],
    sums: ['f64', threads * lines * places],
    scores: ['f64', labelings],
    /** What rounds to the grid, and the number of cells. */
    control: ['f64', 2],
    /** The next group to take. */
    next: ['i32', 1],
  } as const satisfies Wanted;
};

type Arrays = ReturnType<typeof arrays>;

/** A matrix and labelings of it on shared memory, and room for their sums. Plain data. */
export interface SilhouetteMemory {
  readonly memory: WebAssembly.Memory;
  readonly rows: number;
  readonly columns: number;
  /** Of the clusters of each labeling. */
  readonly sizes: readonly Int32Array[];
  readonly at: Places<Arrays>;
}

/** Copies a matrix and labelings to shared memory. Throws RangeError where there is too much of them for it. */
export function silhouetteMemory(
  { rows, columns, values }: Matrix,
  labelings: readonly Labeling[],
  threads: number,
): SilhouetteMemory {
  const plan = planMemory();
  const at = plan.place(arrays(rows, columns, labelings.length, sumPlaces(labelings).width, threads));
  const memory = plan.allocate();
  const of = viewArrays(memory, at);
  of.values.set(values);
  for (const [l, { clusters }] of labelings.entries()) of.clusters.set(clusters, l * rows);
  return { memory, rows, columns, sizes: labelings.map(({ sizes }) => sizes), at };
}

/**
 * `silhouettes` of finite values: the same scores, bit for bit. Every member of the crew calls it and has them.
 *
 * Rows are sorted by cell, where all labelings agree, so that sums are over runs of rows; a sum of a cell is then added
 * to its cluster in each labeling. On their grid all these sums are exact, so that their order does not count.
 */
export function silhouettesOnCrew(crew: Crew, input: SilhouetteMemory, onProgress: OnProgress): (number | null)[] {
  const { memory, rows, columns, sizes, at } = input;
  const of = viewArrays(memory, at);
  const labelings = sizes.map((sizes, l) => ({ clusters: of.clusters.subarray(l * rows, (l + 1) * rows), sizes }));
  const { starts, width } = sumPlaces(labelings);
  if (crew.index === 0) layOut(input, of, labelings, starts);
  crew.meet();
  const kernels = kernelsOn(memory);
  const [rounder, cells] = of.control;
  const places = of.cells.length;
  for (;;) {
    const group = Atomics.add(of.next, 0, GROUPS);
    if (group >= places / 4) break;
    const end = Math.min(group + GROUPS, places / 4);
    kernels.addSilhouetteSums(
      at.points.offset,
      strideOf(columns),
      places,
      group,
      end,
      rounder,
      at.cells.offset,
      cells,
      at.starts.offset,
      at.lines.offset,
      labelings.length,
      width,
      at.lanes.offset + crew.index * places * 32,
      at.byCell.offset + crew.index * rows * 32,
      at.byLine.offset + crew.index * width * 32,
      at.column.offset + crew.index * places * 8,
      at.aside.offset + crew.index * 128,
      at.sums.offset + crew.index * width * places * 8,
    );
    onProgress({ phase: 'silhouette', rows: Math.min(end * 4, rows), of: rows });
  }
  crew.meet();
  const placeOf = new Int32Array(rows);
  for (let place = 0; place < rows; place++) placeOf[of.order[place]] = place;
  for (let l = crew.index; l < labelings.length; l += crew.size) {
    const sums = of.sums.subarray(starts[l] * places, (starts[l] + sizes[l].length) * places);
    for (let member = 1; member < crew.size; member++) {
      const more = (member * width + starts[l]) * places;
      for (let i = 0; i < sums.length; i++) sums[i] += of.sums[more + i];
    }
    // For no score there is no number.
    of.scores[l] = meanSilhouette(labelings[l], sums, places, placeOf) ?? Number.NaN;
  }
  crew.meet();
  return Array.from(of.scores, (score) => (Number.isNaN(score) ? null : score));
}

/** Sorts the rows by cell, and writes what is read of them. */
function layOut(
  { rows, columns }: SilhouetteMemory,
  of: Views<Arrays>,
  labelings: readonly Labeling[],
  firstLines: readonly number[],
): void {
  const { count, order, starts } = cellsOf(labelings, rows);
  of.order.set(order);
  of.starts.set(starts);
  of.cells.fill(-1);
  for (let cell = 0; cell < count; cell++) {
    of.cells.fill(cell, starts[cell], starts[cell + 1]);
    for (let l = 0; l < labelings.length; l++) {
      of.lines[cell * labelings.length + l] = firstLines[l] + labelings[l].clusters[order[starts[cell]]];
    }
  }
  const stride = strideOf(columns);
  for (let place = 0; place < rows; place++) {
    const start = (place >> 2) * stride * 4 + (place & 3);
    for (let c = 0; c < columns; c++) of.points[start + c * 4] = of.values[order[place] * columns + c];
  }
  of.control[0] = distanceRounder({ rows, columns, values: of.values });
  of.control[1] = count;
}
