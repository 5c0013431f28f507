import type { CustomerProfile, Goods, Word } from './customer-profile.js';
import type { RawRow } from './generate-customers.js';
import { rawColumns, spendColumn } from './raw-columns.js';

/** A value of the truth: empty is what nobody knows, a number its shortest decimal, a date ISO, a share of 1. */
export type TruthValue = string | number | boolean | null;

export type Truth = Readonly<Record<string, TruthValue>>;

/** The columns of a profile's truth, in their order, and how a row's is told. */
export interface TruthTable {
  readonly columns: readonly string[];
  /** Undefined for a row that is not the right one of a customer. */
  truthOf(row: RawRow): Truth | undefined;
}

/**
 * What the truth says of a customer, by column: the canonical columns in the order of the raw ones, and
 * - `days_since_last_purchase_never`: whether the recency is "never";
 * - `impossible`: the columns whose value stays and is flagged;
 * - `unclear`: those whose cell may be read wrong, since nobody could tell;
 * - `shopper`: the kind of customer that was planted.
 * Lists are joined by `;`.
 */
export function truthTable(profile: CustomerProfile): TruthTable {
  const raw = rawColumns(profile);
  // Object.entries widens the keys; they are those of `goods`.
  const spends = (Object.entries(profile.goods) as [Goods, Word][]).map(
    ([goods, { word }]) => [goods, spendColumn(word)] as const,
  );
  return {
    columns: [
      ...new Set(raw.map(({ of }) => of)),
      'days_since_last_purchase_never',
      'impossible',
      'unclear',
      'shopper',
    ],
    truthOf({ right, cells }) {
      if (right === undefined) return undefined;
      const { spend, ...values } = right.truth;
      const unclear = raw.filter((_, i) => cells[i]?.dirt === 'unclear');
      return {
        ...values,
        ...Object.fromEntries(spends.map(([goods, column]) => [column, spend[goods]])),
        impossible: [...right.impossible].toSorted().join(';'),
        unclear: unclear.map(({ of }) => of).join(';'),
      };
    },
  };
}
