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

export function cellsOf(labelings: readonly Pick<Labeling, 'clusters'>[], rows: number): Cells {
  let cells = new Int32Array(rows);
  let count = 1;
  for (const { clusters } of labelings) {
    const numbers = new Map<number, number>();
    const before = count;
    cells = cells.map((cell, i) => {
      const key = clusters[i] * before + cell;
      let number = numbers.get(key);
      if (number === undefined) numbers.set(key, (number = numbers.size));
      return number;
    });
    count = numbers.size;
  }
  const starts = new Int32Array(count + 1);
  for (let i = 0; i < rows; i++) starts[cells[i] + 1]++;
  for (let cell = 0; cell < count; cell++) starts[cell + 1] += starts[cell];
  const next = starts.slice();
  const order = new Int32Array(rows);
  for (let i = 0; i < rows; i++) order[next[cells[i]]++] = i;
  return { count, order, starts };
}
