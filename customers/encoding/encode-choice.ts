import { columnOf } from './encoded-feature.js';
import type { EncodedFeature, MatrixColumn } from './encoded-feature.js';
import type { FeatureColumn } from './feature-columns.js';

/** Columns that one category may become. */
export const CHOICES_AT_MOST = 40;

/** Not to know it is a value like the others. */
export const NO_VALUE = '(sin dato)';
/** What the rarest values become where there are too many. */
export const OTHER_VALUES = '(otras)';

/**
 * One column a value, 1 where the row has it, in order of the values by code unit. Of more than `CHOICES_AT_MOST` values
 * the most frequent ones have columns of their own, and the rest shares one.
 */
export function encodeChoice(feature: FeatureColumn, values: readonly (string | null)[]): EncodedFeature {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value ?? NO_VALUE, (counts.get(value ?? NO_VALUE) ?? 0) + 1);
  const kept = new Set(
    counts.size <= CHOICES_AT_MOST
      ? counts.keys()
      : [...counts]
          .toSorted(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))
          .slice(0, CHOICES_AT_MOST - 1)
          .map(([value]) => value),
  );
  const isLumped = kept.size < counts.size;
  const categories = [...new Set([...kept, ...(isLumped ? [OTHER_VALUES] : [])])].toSorted((a, b) => (a < b ? -1 : 1));
  const codes = new Map(categories.map((category, code) => [category, code]));
  const rest = codes.get(OTHER_VALUES) ?? -1;
  const codeOfRow = Int32Array.from(values, (value) => codes.get(value ?? NO_VALUE) ?? rest);
  const columns = categories.map((category, code): MatrixColumn => {
    const column = { ...columnOf(feature, 'choice', `${feature.source}=${category}`), category };
    return { column, at: (row) => (codeOfRow[row] === code ? 1 : 0) };
  });
  const lumped = isLumped ? [{ source: feature.source, values: counts.size, kept: kept.size }] : [];
  return { columns, imputed: [], dropped: [], lumped };
}
