import type { Decision } from './cell.js';
import { unitFactor } from './number-units.js';
import type { NumberLook } from './read-numbers.js';
import { cellsOf, quantile } from './weighted.js';
import type { Weighted } from './weighted.js';

export interface Measures {
  /** What a number in a unit is to be multiplied by; undefined where it cannot be compared with the rest. */
  factor(measure: string): number | undefined;
  readonly decisions: readonly Decision[];
}

/** Numbers with the unit of the column are about as large as those without one. */
const ALIKE = 3;

/**
 * Which unit the numbers of a column are in, where some say one: the one that most of them say. Of others what always
 * is so many of it is turned into it (9 years are 108 months), and the rest cannot be read (30 days are no months).
 * A unit, but for months, is not taken for that of the numbers without one where these are far larger or smaller.
 */
export function settleMeasures(looks: readonly NumberLook[], plain: readonly Weighted[]): Measures {
  const byMeasure = new Map<string, Weighted[]>();
  for (const { number, count } of looks) {
    if (number.measure === '') continue;
    const values = byMeasure.get(number.measure) ?? [];
    byMeasure.set(number.measure, values);
    values.push({ value: Number(number.digits.decimals), count });
  }
  const [main] = [...byMeasure].toSorted(([a, m], [b, n]) => cellsOf(n) - cellsOf(m) || (a < b ? -1 : 1));
  if (main === undefined) return { factor: () => 1, decisions: [] };
  const [unit, values] = main;
  const isOther = unit !== 'month' && plain.length > 0 && !areAlike(median(values), median(plain));
  const converted = [...byMeasure].filter(([measure]) => measure !== unit && unitFactor(measure, unit) !== undefined);
  return {
    factor: (measure) => (measure === '' ? 1 : isOther ? undefined : unitFactor(measure, unit)),
    decisions: isOther
      ? []
      : converted.map(([measure, cells]) => ({
          what: `${measure}s in a column of ${unit}s`,
          chosen: `${unitFactor(measure, unit)} ${unit}s each`,
          by: 'default',
          evidence: { cells: cellsOf(cells) },
        })),
  };
}

const areAlike = (a: number, b: number): boolean => a <= ALIKE * b && b <= ALIKE * a;

const median = (values: readonly Weighted[]): number => quantile(values, 0.5, ({ value }) => value);
