import type { Draws } from '../draws.js';
import type { CustomerProfile, Goods } from './customer-profile.js';
import type { TrueCustomer } from './draw-customer.js';

/** A customer as some system has it: with values that nobody knows any more, and some that cannot be. */
export interface KeptCustomer {
  readonly truth: TrueCustomer;
  /** Columns whose value cannot be; it is the truth of what the system has. */
  readonly impossible: ReadonlySet<string>;
}

type Forgettable = Exclude<keyof TrueCustomer, 'customer_id' | 'shopper' | 'spend' | 'days_since_last_purchase_never'>;

/** The chance that a value is not known. */
const missingRates: Readonly<Record<Forgettable, number>> = {
  gender: 0.02,
  age: 0.05,
  income: 0.06,
  tenure_months: 0.01,
  total_orders: 0.005,
  frequency: 0.01,
  days_since_last_purchase: 0.03,
  pct_reordered: 0.04,
  avg_items_per_order: 0.03,
  total_spent: 0.02,
  region_clean: 0.04,
  fav_category: 0.02,
  fav_hour: 0.05,
  fav_weekday: 0.05,
  signup_channel: 0.02,
  signup_date: 0.02,
  vip_flag: 0.01,
  vip_score: 0.03,
};

const SPEND_MISSING_RATE = 0.005;
/** Of each column in which a word is chosen from a list, but for the gender. */
const UNKNOWN_RATE = 0.003;
/** What stands for a word that no list has. */
export const UNKNOWN = 'desconocida';

type Impossible = readonly [rate: number, value: (profile: CustomerProfile, random: Draws) => number];

const impossibleValues: Readonly<Partial<Record<Forgettable, Impossible>>> = {
  age: [0.003, (_, random) => random.pick([133, 149, 199, 999])],
  income: [0.001, ({ absurdIncome }) => absurdIncome],
  tenure_months: [0.001, (_, random) => -random.integer(1, 9)],
  pct_reordered: [0.001, (_, random) => random.integer(1100, 1900) / 1000],
  total_spent: [0.001, ({ money }, random) => -Math.round(money.basket * random.integer(50, 150)) / 100],
};

/** Forgets values of a customer at their rates, and puts impossible ones in the place of a few. */
export function spoilCustomer(customer: TrueCustomer, profile: CustomerProfile, random: Draws): KeptCustomer {
  const truth: { -readonly [Name in keyof TrueCustomer]: TrueCustomer[Name] } = { ...customer };
  const impossible = new Set<string>();
  for (const [name, rate] of entries(missingRates)) {
    if (random.uniform() >= rate || truth.days_since_last_purchase_never === true) continue;
    truth[name] = null;
  }
  if (truth.days_since_last_purchase === null) truth.days_since_last_purchase_never ||= null;
  for (const [name, [rate, value]] of entries(impossibleValues)) {
    if (random.uniform() >= rate || truth[name] === null) continue;
    // These are columns of numbers.
    (truth as Record<typeof name, unknown>)[name] = value(profile, random);
    impossible.add(name);
  }
  for (const name of ['region_clean', 'fav_category', 'signup_channel'] as const) {
    if (truth[name] !== null && random.uniform() < UNKNOWN_RATE) truth[name] = UNKNOWN;
  }
  truth.spend = Object.fromEntries(
    entries(truth.spend).map(([name, amount]) => [name, random.uniform() < SPEND_MISSING_RATE ? null : amount]),
    // Object.fromEntries widens the keys.
  ) as Record<Goods, number | null>;
  return { truth, impossible };
}

// Object.entries widens the keys to string; they are the record's own.
const entries = <K extends string, V>(record: Readonly<Partial<Record<K, V>>>): [K, V][] =>
  Object.entries(record) as [K, V][];
