/** A labeling whose clusters are counted without gaps. */
export interface Labeling {
  /** The cluster of each row, 0..sizes.length - 1, in the order of the labels given. */
  readonly clusters: Int32Array;
  /** Rows of each cluster. None is 0. */
  readonly sizes: Int32Array;
}

/** Throws RangeError for labels that are not one integer of 0 or above a row; numbers may be left out. */
export function labelingOf(labels: Int32Array, rows: number): Labeling {
  if (labels.length !== rows) throw new RangeError(`Expected ${rows} labels, one a row, got ${labels.length}`);
  for (let i = 0; i < rows; i++) {
    if (labels[i] < 0) throw new RangeError(`Expected labels of 0 or above, got ${labels[i]} at row ${i}`);
  }
  const numbers = new Map([...new Set(labels)].toSorted((a, b) => a - b).map((label, number) => [label, number]));
  const sizes = new Int32Array(numbers.size);
  const clusters = new Int32Array(rows);
  for (let i = 0; i < rows; i++) {
    clusters[i] = numbers.get(labels[i]) ?? 0;
    sizes[clusters[i]]++;
  }
  return { clusters, sizes };
}

/** Rows that have the same cluster in every one of several labelings. */
export interface Cells {
  readonly count: number;
  /** All rows, those of a cell one after the other. */
  readonly order: Int32Array;
  /** Where each cell starts in `order`, and at last their number of rows. */
  readonly starts: Int32Array;
}

export function cellsOf(labelings: readonly Labeling[], rows: number): Cells {
  // Sorted by each labeling in turn, so that in the end all of them count, the last one first.
  let order = Int32Array.from({ length: rows }, (_, i) => i);
  for (const { clusters, sizes } of labelings) {
    const next = new Int32Array(sizes.length);
    for (let c = 1; c < sizes.length; c++) next[c] = next[c - 1] + sizes[c - 1];
    const sorted = new Int32Array(rows);
    for (let at = 0; at < rows; at++) sorted[next[clusters[order[at]]]++] = order[at];
    order = sorted;
  }
  const starts = [0];
  for (let at = 1; at < rows; at++) {
    if (labelings.some(({ clusters }) => clusters[order[at]] !== clusters[order[at - 1]])) starts.push(at);
  }
  return { count: starts.length, order, starts: Int32Array.from([...starts, rows]) };
}
