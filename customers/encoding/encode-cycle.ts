import type { ColumnKind } from '../column-rule.js';
import { columnOf, indicator } from './encoded-feature.js';
import type { EncodedFeature } from './encoded-feature.js';
import type { FeatureColumn } from './feature-columns.js';

/** After how many steps a cycle is where it was. */
const PERIODS: { readonly [kind in ColumnKind]?: number } = { hour: 24, weekday: 7 };

export const isCycle = (kind: ColumnKind): boolean => PERIODS[kind] !== undefined;

/**
 * A point on the unit circle: 23 h is as near to 0 h as 1 h is. What is missing lies at the mean of the others' points,
 * inside the circle, and has a column that says so.
 */
export function encodeCycle(feature: FeatureColumn, values: Float64Array): EncodedFeature {
  const turn = (2 * Math.PI) / (PERIODS[feature.kind] ?? 1);
  const missing = Uint8Array.from(values, (value) => (Number.isFinite(value) ? 0 : 1));
  const rows = missing.reduce((sum, is) => sum + is, 0);
  if (rows === values.length) {
    const { source } = feature;
    return { columns: [], imputed: [], dropped: [{ name: source, source, reason: 'no value' }], lumped: [] };
  }
  const axes = [
    { name: 'sin', of: Math.sin },
    { name: 'cos', of: Math.cos },
  ].map(({ name, of }) => {
    const coordinates = values.map((value) => of(value * turn));
    let sum = 0;
    for (const coordinate of coordinates) if (!Number.isNaN(coordinate)) sum += coordinate;
    const centre = sum / (values.length - rows);
    const at = (row: number): number => (missing[row] === 1 ? centre : (coordinates[row] ?? centre));
    return { column: columnOf(feature, 'cycle', `${feature.source}:${name}`), at };
  });
  if (rows === 0) return { columns: axes, imputed: [], dropped: [], lumped: [] };
  return {
    columns: [...axes, indicator(feature, 'missing', missing)],
    imputed: [{ source: feature.source, method: 'centre', value: null, rows }],
    dropped: [],
    lumped: [],
  };
}
