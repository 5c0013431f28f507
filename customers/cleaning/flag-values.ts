import type { Reading, Spelling } from './cell.js';
import { findFarOut } from './far-out.js';
import type { Weighted } from './weighted.js';

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
  const far = lookFar ? findFarOut(weightedValues(spellings, readings)) : new Map<number, string>();
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

/** The numbers of a column, with how many cells have each spelling of them. */
export function weightedValues(spellings: readonly Spelling[], readings: readonly Reading[]): Weighted[] {
  const weighted: Weighted[] = [];
  for (const [i, { value }] of readings.entries()) {
    if (typeof value === 'number') weighted.push({ value, count: spellings[i]?.count ?? 0 });
  }
  return weighted;
}
