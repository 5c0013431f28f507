/** A number of a column and how many cells have it. */
export interface Weighted {
  readonly value: number;
  readonly count: number;
}

/** With fewer different values nothing can be said of one of them. */
const ENOUGH = 10;
/** How many times the next value a repeated digit, and any other value, must be to be out of the question. */
const PLACEHOLDER_GAP = 2;
const FAR_GAP = 20;
/** More than this share of the cells is no slip of somebody's. */
const FEW = 0.005;

/**
 * Values that cannot be meant, and why. `placeholder`: one digit repeated (666666, 9999), at least twice the largest of
 * all others; or -1, -9, -99, …, the only negative value. `far-out`: at least twenty times what comes below it, which
 * few cells are. Takes every value of a column, in any order.
 */
export function findFarOut(values: readonly Weighted[]): ReadonlyMap<number, string> {
  const counts = new Map<number, number>();
  for (const { value, count } of values) counts.set(value, (counts.get(value) ?? 0) + count);
  const distinct = [...counts.keys()].toSorted((a, b) => a - b);
  const found = new Map<number, string>();
  const negative = distinct.filter((value) => value < 0);
  const [only] = negative;
  if (negative.length === 1 && only !== undefined && distinct.length > ENOUGH && isNegativePlaceholder(only)) {
    found.set(only, 'placeholder');
  }
  const positive = distinct.filter((value) => value > 0);
  const ordinary = positive.filter((value) => !isRepeatedDigit(value));
  const largest = ordinary.at(-1);
  if (largest === undefined || ordinary.length < ENOUGH) return found;
  for (const value of positive) {
    if (isRepeatedDigit(value) && value >= PLACEHOLDER_GAP * largest) found.set(value, 'placeholder');
  }
  const few = Math.max(1, FEW * values.reduce((sum, { count }) => sum + count, 0));
  let above = 0;
  for (let i = ordinary.length - 1; i >= ENOUGH; i--) {
    const [value, below] = [ordinary[i] ?? 0, ordinary[i - 1] ?? 0];
    above += counts.get(value) ?? 0;
    if (above > few) break;
    if (value < FAR_GAP * below) continue;
    for (const far of ordinary.slice(i)) found.set(far, 'far-out');
    break;
  }
  return found;
}

/** 111, 666666; at least three digits. */
export const isRepeatedDigit = (value: number): boolean => /^([1-9])\1{2,}$/.test(String(value));

const isNegativePlaceholder = (value: number): boolean => value === -1 || /^-9+$/.test(String(value));
