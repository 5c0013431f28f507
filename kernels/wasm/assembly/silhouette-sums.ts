/**
 * Sums of the distances of each row to each cluster of several labelings, see `kernels/wasm/silhouettes-on-crew.ts`. Rows
 * are sorted by cell, and four of them make a group. `points` are float64, of a group the first column of its four rows, then
 * the second, and so on, `stride` columns, a multiple of four. Distances are rounded to a grid: their sums are exact.
 *
 * Each distance is measured once. Along the way it counts for the rows of the group, cell by cell; and in the lane of its
 * row of the group for the row that it leads to.
 */

/**
 * Adds to `sums`, a line of `rows` numbers for each cluster, the distances between the rows of the groups `from` to `to` and
 * those that come after each in the order. `rows` is a multiple of four.
 *
 * `cells` has for each row its cell, -1 for those that only fill the last group, `starts` where each cell starts, and
 * `clusters` its lines in `sums`, one a labeling. Room, where `lanes` is all 0 before and after: `lanes` for four numbers a row,
 * `byCell` for four a cell, `byLine` for four a line, `column` for one a row, `aside` for sixteen.
 */
export function addSilhouetteSums(
  points: usize,
  stride: i32,
  rows: i32,
  from: i32,
  to: i32,
  rounder: f64,
  cells: usize,
  count: i32,
  starts: usize,
  clusters: usize,
  labelings: i32,
  lines: i32,
  lanes: usize,
  byCell: usize,
  byLine: usize,
  column: usize,
  aside: usize,
  sums: usize,
): void {
  const bytes = (<usize>stride) << 5;
  let open = from;
  for (let group = from; group < to; group++) {
    const first = group << 2;
    const place = points + <usize>group * bytes;
    const own = load<i32>(cells + ((<usize>first) << 2));
    for (let cell = own; cell < count; cell++) {
      const start = max(first, load<i32>(starts + ((<usize>cell) << 2)));
      const end = load<i32>(starts + ((<usize>cell) << 2), 4);
      const sum = byCell + ((<usize>cell) << 5);
      v128.store(sum, f64x2.splat(0));
      v128.store(sum, f64x2.splat(0), 16);
      // Rows of the group itself: both ways, as each of them comes along once.
      const within = min(end, first + 4);
      if (start < within) addRun(place, points, stride, start, within, rounder, aside, sum);
      const after = max(start, first + 4);
      if (after < end) addRun(place, points, stride, after, end, rounder, lanes + ((<usize>after) << 5), sum);
    }
    addCells(own, count, clusters, labelings, lines, byCell, byLine);
    for (let line = 0; line < lines; line++) {
      const at = sums + ((<usize>line * <usize>rows + <usize>first) << 3);
      const sum = byLine + ((<usize>line) << 5);
      v128.store(at, f64x2.add(v128.load(at), v128.load(sum)));
      v128.store(at, f64x2.add(v128.load(at, 16), v128.load(sum, 16)), 16);
    }
    // Lanes are added up while all four, and those of the next group, are of one cell.
    if (group + 1 < to && load<i32>(cells + ((<usize>first) << 2), 28) == own) continue;
    closeLanes((open + 1) << 2, rows, cells + ((<usize>first) << 2), clusters, labelings, lanes, column, sums);
    open = group + 1;
  }
}

/** Measures the rows `from` to `to`, of one cell, from the four of a group. Adds to `sum`, and to the lanes of each row. */
function addRun(
  group: usize,
  points: usize,
  stride: i32,
  from: i32,
  to: i32,
  rounder: f64,
  lanes: usize,
  sum: usize,
): void {
  const bytes = (<usize>stride) << 5;
  const end = group + bytes;
  const grid = f64x2.splat(rounder);
  let low = v128.load(sum);
  let high = v128.load(sum, 16);
  for (let j = from; j < to; j++, lanes += 32) {
    let at = points + <usize>(j >> 2) * bytes + ((<usize>(j & 3)) << 3);
    let a0 = f64x2.splat(0);
    let a1 = f64x2.splat(0);
    let a2 = f64x2.splat(0);
    let a3 = f64x2.splat(0);
    let b0 = f64x2.splat(0);
    let b1 = f64x2.splat(0);
    let b2 = f64x2.splat(0);
    let b3 = f64x2.splat(0);
    for (let x = group; x < end; x += 128, at += 128) {
      let y = v128.load64_splat(at);
      let d = f64x2.sub(v128.load(x), y);
      a0 = f64x2.add(a0, f64x2.mul(d, d));
      d = f64x2.sub(v128.load(x, 16), y);
      b0 = f64x2.add(b0, f64x2.mul(d, d));
      y = v128.load64_splat(at, 32);
      d = f64x2.sub(v128.load(x, 32), y);
      a1 = f64x2.add(a1, f64x2.mul(d, d));
      d = f64x2.sub(v128.load(x, 48), y);
      b1 = f64x2.add(b1, f64x2.mul(d, d));
      y = v128.load64_splat(at, 64);
      d = f64x2.sub(v128.load(x, 64), y);
      a2 = f64x2.add(a2, f64x2.mul(d, d));
      d = f64x2.sub(v128.load(x, 80), y);
      b2 = f64x2.add(b2, f64x2.mul(d, d));
      y = v128.load64_splat(at, 96);
      d = f64x2.sub(v128.load(x, 96), y);
      a3 = f64x2.add(a3, f64x2.mul(d, d));
      d = f64x2.sub(v128.load(x, 112), y);
      b3 = f64x2.add(b3, f64x2.mul(d, d));
    }
    a0 = f64x2.sqrt(f64x2.add(f64x2.add(a0, a1), f64x2.add(a2, a3)));
    b0 = f64x2.sqrt(f64x2.add(f64x2.add(b0, b1), f64x2.add(b2, b3)));
    a0 = f64x2.sub(f64x2.add(a0, grid), grid);
    b0 = f64x2.sub(f64x2.add(b0, grid), grid);
    low = f64x2.add(low, a0);
    high = f64x2.add(high, b0);
    v128.store(lanes, f64x2.add(v128.load(lanes), a0));
    v128.store(lanes, f64x2.add(v128.load(lanes, 16), b0), 16);
  }
  v128.store(sum, low);
  v128.store(sum, high, 16);
}

/** The sums of four rows by line, from those by cell, `from` to `to`. */
function addCells(from: i32, to: i32, clusters: usize, labelings: i32, lines: i32, byCell: usize, byLine: usize): void {
  const end = byLine + ((<usize>lines) << 5);
  for (let at = byLine; at < end; at += 16) v128.store(at, f64x2.splat(0));
  const bytes = (<usize>labelings) << 2;
  let line = clusters + <usize>from * bytes;
  for (let cell = from; cell < to; cell++) {
    const low = v128.load(byCell + ((<usize>cell) << 5));
    const high = v128.load(byCell + ((<usize>cell) << 5), 16);
    for (const last = line + bytes; line < last; line += 4) {
      const sum = byLine + ((<usize>load<i32>(line)) << 5);
      v128.store(sum, f64x2.add(v128.load(sum), low));
      v128.store(sum, f64x2.add(v128.load(sum, 16), high), 16);
    }
  }
}

/** Adds the lanes of the rows from `from` on to `sums`, where `cells` has the cells of the four lanes, and makes them 0. */
function closeLanes(
  from: i32,
  rows: i32,
  cells: usize,
  clusters: usize,
  labelings: i32,
  lanes: usize,
  column: usize,
  sums: usize,
): void {
  let before = -1;
  for (let lane = 0; lane < 4; lane++) {
    const cell = load<i32>(cells + ((<usize>lane) << 2));
    if (cell == before || cell < 0) continue;
    before = cell;
    addLanes(from, rows, cells, cell, lanes, column);
    for (let labeling = 0; labeling < labelings; labeling++) {
      const line = load<i32>(clusters + ((<usize>(cell * labelings + labeling)) << 2));
      let at = sums + ((<usize>line * <usize>rows + <usize>from) << 3);
      const end = sums + ((<usize>(line + 1) * <usize>rows) << 3);
      for (let from64 = column + ((<usize>from) << 3); at < end; at += 16, from64 += 16) {
        v128.store(at, f64x2.add(v128.load(at), v128.load(from64)));
      }
    }
  }
  const end = lanes + ((<usize>rows) << 5);
  for (let at = lanes + ((<usize>from) << 5); at < end; at += 16) v128.store(at, f64x2.splat(0));
}

/** Writes to `column` the sum of those lanes of each row that are of `cell`. */
function addLanes(from: i32, rows: i32, cells: usize, cell: i32, lanes: usize, column: usize): void {
  const isOf = i32x4.eq(v128.load(cells), i32x4.splat(cell));
  const low = v128.shuffle<i32>(isOf, isOf, 0, 0, 1, 1);
  const high = v128.shuffle<i32>(isOf, isOf, 2, 2, 3, 3);
  for (let j = from; j < rows; j += 2) {
    const at = lanes + ((<usize>j) << 5);
    const a = f64x2.add(v128.and(v128.load(at), low), v128.and(v128.load(at, 16), high));
    const b = f64x2.add(v128.and(v128.load(at, 32), low), v128.and(v128.load(at, 48), high));
    const both = f64x2.add(v128.shuffle<f64>(a, b, 0, 2), v128.shuffle<f64>(a, b, 1, 3));
    v128.store(column + ((<usize>j) << 3), both);
  }
}
