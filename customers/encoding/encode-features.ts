import type { Matrix } from '../../kernels/matrix.js';
import type { FeatureColumn } from './feature-columns.js';
import type { Encoding } from './encoding.js';
import type { EncodedFeature, MatrixColumn } from './encoded-feature.js';
import { encodeChoice } from './encode-choice.js';
import { encodeCycle, isCycle } from './encode-cycle.js';
import { encodeNumber } from './encode-number.js';

/** One feature's values, a row each. */
export interface FeatureValues {
  readonly feature: FeatureColumn;
  /** Texts of categories and flags, null where missing; numbers of all else, NaN where missing. */
  readonly values: Float64Array | readonly (string | null)[];
  /** Of days: where they are missing because it never happened. */
  readonly never?: Uint8Array;
}

export interface EncodedMatrix {
  readonly encoding: Encoding;
  readonly matrix: Matrix;
}

/**
 * The features as a matrix of numbers, nothing scaled and nothing missing:
 *
 * - numbers stand as they are, skewed ones as log1p; where values are missing the median stands for them;
 * - categories, flags and numbers of two values have a column for each value, a missing one counting as a value;
 * - hours and weekdays are points on a circle;
 * - where numbers or hours are missing, a column says so, and of days another says "never";
 * - a column with one value throughout is dropped.
 *
 * Of one customer, and of customers that are all the same, no column is left. Throws `RangeError` without rows.
 */
export function encodeFeatures(features: readonly FeatureValues[], rows: number): EncodedMatrix {
  if (rows < 1) throw new RangeError(`Expected at least 1 customer to encode, got ${rows}`);
  const encoded = features.map(encodeFeature);
  const columns: MatrixColumn[] = [];
  const dropped: Encoding['dropped'] = encoded.flatMap((feature) => feature.dropped);
  for (const { column, at } of encoded.flatMap((feature) => feature.columns)) {
    if (isConstant(at, rows)) {
      dropped.push({ name: column.name, source: column.source, reason: `one value throughout: ${at(0)}` });
    } else columns.push({ column, at });
  }
  const values = new Float32Array(rows * columns.length);
  for (const [c, { at }] of columns.entries()) {
    for (let r = 0, i = c; r < rows; r++, i += columns.length) values[i] = at(r);
  }
  const encoding = {
    columns: columns.map(({ column }) => column),
    imputed: encoded.flatMap(({ imputed }) => imputed),
    dropped,
    lumped: encoded.flatMap(({ lumped }) => lumped),
  };
  return { encoding, matrix: { rows, columns: columns.length, values } };
}

function encodeFeature({ feature, values, never }: FeatureValues): EncodedFeature {
  if (!(values instanceof Float64Array)) return encodeChoice(feature, values);
  if (feature.kind === 'number' && hasTwoValues(values)) return encodeChoice(feature, textsOf(values));
  return isCycle(feature.kind) ? encodeCycle(feature, values) : encodeNumber(feature, values, never);
}

/** A flag that somebody called a number: as a number its rare value would be far from everything. */
const hasTwoValues = (values: Float64Array): boolean => {
  const known = new Set<number>();
  for (const value of values) {
    if (Number.isFinite(value)) known.add(value);
    if (known.size > 2) return false;
  }
  return known.size === 2;
};

const textsOf = (values: Float64Array): (string | null)[] =>
  Array.from(values, (value) => (Number.isFinite(value) ? String(value) : null));

/** As the matrix will have it, in float32. */
function isConstant(at: (row: number) => number, rows: number): boolean {
  const first = Math.fround(at(0));
  for (let r = 1; r < rows; r++) if (Math.fround(at(r)) !== first) return false;
  return true;
}
