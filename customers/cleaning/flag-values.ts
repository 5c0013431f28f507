import type { Reading, Spelling } from './cell.js';
import { findFarOut } from './far-out.js';

export interface Bounds {
  readonly min?: number | undefined;
  readonly max?: number | undefined;
}

/** Flags the numbers outside of the bounds; where one bound is missing, those that stand far apart too. Values stay. */
export function flagNumbers(
  spellings: readonly Spelling[],
  readings: readonly Reading[],
  { min, max }: Bounds,
  lookFar: boolean,
): Reading[] {
  const weighted = readings.flatMap(({ value }, i) =>
    typeof value === 'number' ? [{ value, count: spellings[i]?.count ?? 0 }] : [],
  );
  const far = lookFar ? findFarOut(weighted) : new Map<number, string>();
  if (far.size === 0 && min === undefined && max === undefined) return [...readings];
  return readings.map((reading) => {
    const { value } = reading;
    if (typeof value !== 'number' || reading.flag !== undefined) return reading;
    if (min !== undefined && value < min) return { ...reading, flag: 'below-min' };
    if (max !== undefined && value > max) return { ...reading, flag: 'above-max' };
    const flag = far.get(value);
    return flag === undefined ? reading : { ...reading, flag };
  });
}
