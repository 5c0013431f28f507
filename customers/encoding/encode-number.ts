import type { ColumnKind } from '../column-rule.js';
import { columnOf, indicator } from './encoded-feature.js';
import type { EncodedFeature, MatrixColumn } from './encoded-feature.js';
import type { FeatureColumn } from './feature-columns.js';
import { medianOf, skewnessOf } from './moments.js';

/** Kinds that can span orders of magnitude. */
const MAY_BE_SKEWED: ReadonlySet<ColumnKind> = new Set<ColumnKind>(['number', 'money']);

/** From this skewness on (an exponential distribution has 2, a normal one 0), a few large values would rule the distance. */
export const SKEWED = 1;

/**
 * The number, or its log1p: of the kinds `number` and `money`, where no value is negative and the skewness is above
 * `SKEWED`. The median stands for what is missing; where there is any, a column says so, and of days another says
 * "never".
 */
export function encodeNumber(feature: FeatureColumn, values: Float64Array, never?: Uint8Array): EncodedFeature {
  const { source } = feature;
  const known = values.filter((value) => Number.isFinite(value));
  const missing = Uint8Array.from(values, (value, row) => (Number.isFinite(value) || never?.[row] === 1 ? 0 : 1));
  const indicators: MatrixColumn[] = [];
  if (never?.includes(1) === true) indicators.push(indicator(feature, 'never', never));
  if (missing.includes(1)) indicators.push(indicator(feature, 'missing', missing));
  if (known.length === 0) {
    const dropped = [{ name: source, source, reason: 'no value' }];
    return { columns: indicators, imputed: [], dropped, lumped: [] };
  }
  const isSkewed = MAY_BE_SKEWED.has(feature.kind) && known.every((value) => value >= 0) && skewnessOf(known) > SKEWED;
  const rows = values.length - known.length;
  const median = medianOf(known);
  const at = (row: number): number => {
    const value = values[row] ?? Number.NaN;
    const known = Number.isFinite(value) ? value : median;
    return isSkewed ? Math.log1p(known) : known;
  };
  const column = { ...columnOf(feature, 'number'), ...(isSkewed ? { transform: 'log1p' as const } : {}) };
  return {
    columns: [{ column, at }, ...indicators],
    imputed: rows === 0 ? [] : [{ source, method: 'median', value: median, rows }],
    dropped: [],
    lumped: [],
  };
}
