import type { Draws } from '../draws.js';
import type { CustomerProfile } from './customer-profile.js';
import { rounded } from './draw-customer.js';
import type { KeptCustomer } from './spoil-customer.js';
import { UNKNOWN } from './spoil-customer.js';

/**
 * How a customer comes to have two rows: `equal` twice the same; `newer` with other values, and as many; `poorer` with
 * other values, and fewer; `richer` with more than the first. The row with most values is the right one, then the later.
 */
export type Repetition = 'equal' | 'newer' | 'poorer' | 'richer';

export const repetitionRates: Readonly<Record<Repetition, number>> = {
  equal: 0.006,
  newer: 0.003,
  poorer: 0.003,
  richer: 0.002,
};

export function drawRepetition(random: Draws): Repetition | undefined {
  let left = random.uniform();
  // Object.entries widens the keys to string; they are those of the rates.
  for (const [kind, rate] of Object.entries(repetitionRates) as [Repetition, number][]) {
    left -= rate;
    if (left < 0) return kind;
  }
  return undefined;
}

/** The two rows of a customer in their order, and which one is right. */
export function repeatCustomer(
  kept: KeptCustomer,
  repetition: Repetition,
  profile: CustomerProfile,
  random: Draws,
): { readonly rows: readonly [KeptCustomer, KeptCustomer]; readonly right: 0 | 1 } {
  if (repetition === 'equal') return { rows: [kept, kept], right: 1 };
  const other = changed(kept, profile, random);
  if (repetition === 'newer') return { rows: [kept, other], right: 1 };
  const less = poorer(other);
  return repetition === 'poorer' ? { rows: [kept, less], right: 0 } : { rows: [less, kept], right: 1 };
}

/** Another state of the same customer: where there was a value there is one still. */
function changed({ truth, impossible }: KeptCustomer, profile: CustomerProfile, random: Draws): KeptCustomer {
  const grown = (name: 'income' | 'total_spent', by: number): number | null => {
    const value = truth[name];
    return value === null || impossible.has(name) ? value : rounded(value * by, 2);
  };
  const other = (value: string | null, words: readonly string[]): string | null =>
    value === null || value === UNKNOWN ? value : random.pick(words.filter((word) => word !== value));
  return {
    impossible,
    truth: {
      ...truth,
      income: grown('income', 1.15),
      total_spent: grown('total_spent', 1.25),
      region_clean: other(
        truth.region_clean,
        profile.regions.map(({ word }) => word),
      ),
      signup_channel: other(
        truth.signup_channel,
        Object.values(profile.channels).map(({ word }) => word),
      ),
      vip_score: truth.vip_score === null ? null : rounded(100 - truth.vip_score, 1),
    },
  };
}

/** Without what else is there of a customer in the columns that even those who never bought have. */
function poorer({ truth, impossible }: KeptCustomer): KeptCustomer {
  const forgotten = { gender: null, income: null, signup_date: null, vip_flag: null, vip_score: null } as const;
  return {
    truth: { ...truth, ...forgotten },
    impossible: new Set([...impossible].filter((name) => !(name in forgotten))),
  };
}
