import type { ColumnPart, EncodedColumn, Encoding } from './encoding.js';
import type { FeatureColumn } from './feature-columns.js';

/** A column of the matrix to be, and its value on each row. */
export interface MatrixColumn {
  readonly column: EncodedColumn;
  readonly at: (row: number) => number;
}

/** What one feature becomes. */
export interface EncodedFeature {
  readonly columns: readonly MatrixColumn[];
  readonly imputed: Encoding['imputed'];
  readonly dropped: Encoding['dropped'];
  readonly lumped: Encoding['lumped'];
}

/**
 * A matrix column of a feature. Its name is the source's, or the source's and what follows a `:` or `=`, which no source
 * has in its name: so no two are alike.
 */
export const columnOf = ({ source, group }: FeatureColumn, part: ColumnPart, name = source): EncodedColumn => ({
  name,
  source,
  group,
  part,
});

/** Says on which rows a feature has no value. */
export const indicator = (feature: FeatureColumn, part: 'missing' | 'never', is: Uint8Array): MatrixColumn => ({
  column: columnOf(feature, part, `${feature.source}:${part}`),
  at: (row) => is[row] ?? 0,
});
