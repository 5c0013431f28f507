import type { Draws } from '../draws.js';
import type { CustomerProfile, Goods } from './customer-profile.js';
import { shoppers } from './shoppers.js';
import type { Shopper, ShopperName } from './shoppers.js';

/** What is true of a customer, in canonical units and words; null is what nobody knows. */
export interface TrueCustomer {
  readonly customer_id: string;
  readonly shopper: ShopperName;
  readonly gender: 'F' | 'M' | null;
  readonly age: number | null;
  readonly income: number | null;
  readonly tenure_months: number | null;
  readonly total_orders: number | null;
  /** Orders a month. */
  readonly frequency: number | null;
  readonly days_since_last_purchase: number | null;
  /** Null where nobody knows when, or whether. */
  readonly days_since_last_purchase_never: boolean | null;
  /** A share of 1. */
  readonly pct_reordered: number | null;
  readonly avg_items_per_order: number | null;
  readonly total_spent: number | null;
  readonly spend: Readonly<Record<Goods, number | null>>;
  readonly region_clean: string | null;
  readonly fav_category: string | null;
  readonly fav_hour: number | null;
  /** 1 (Monday) .. 7. */
  readonly fav_weekday: number | null;
  readonly signup_channel: string | null;
  /** `YYYY-MM-DD`. */
  readonly signup_date: string | null;
  readonly vip_flag: boolean | null;
  /** 0..100. */
  readonly vip_score: number | null;
}

/** The day of the snapshot: days and months are counted up to it. */
export const SNAPSHOT = '2026-11-16';

const DAY_MS = 86_400_000;
const VIP_FROM = 2.3;

/**
 * A customer of a random kind. Wealth and zeal, which nobody sees, move income, orders, recency and reorders together;
 * being a VIP follows from them and the kind, with noise. Nothing is missing yet.
 */
export function drawCustomer(customer_id: string, profile: CustomerProfile, random: Draws): TrueCustomer {
  const shopper = random.weighted(sharesOfShoppers);
  const kind = shoppers[shopper];
  const [wealth, zeal] = [random.normal(), random.normal()];
  const tenure = within(1, 120, Math.round(kind.tenure * Math.exp(0.5 * random.normal())));
  const perMonth = kind.perMonth * Math.exp(0.35 * zeal);
  const standing = kind.standing + 0.8 * wealth + 0.8 * zeal + 0.6 * random.normal();
  return {
    customer_id,
    shopper,
    gender: random.uniform() < kind.women ? 'F' : 'M',
    age: within(18, 93, Math.round(kind.age.mean + kind.age.spread * random.normal())),
    income: Math.round(profile.money.income * kind.income * Math.exp(0.3 * wealth + 0.15 * random.normal())),
    tenure_months: tenure,
    ...drawOrders(profile, kind, tenure, perMonth, wealth, random),
    ...drawTastes(profile, kind, perMonth, random),
    region_clean: drawRegion(profile, kind, random),
    signup_channel: profile.channels[random.weighted(kind.channels)].word,
    signup_date: new Date(Date.parse(SNAPSHOT) - (tenure * 30 + random.integer(0, 29)) * DAY_MS)
      .toISOString()
      .slice(0, 10),
    vip_flag: standing > VIP_FROM,
    vip_score: rounded(100 * logistic(standing - 1.5 + 0.4 * random.normal()), 1),
  };
}

// Object.entries widens the keys; they are the names by the type of `shoppers`.
const sharesOfShoppers = Object.fromEntries(
  Object.entries(shoppers).map(([name, { share }]) => [name, share]),
) as Readonly<Record<ShopperName, number>>;

function drawOrders(
  profile: CustomerProfile,
  kind: Shopper,
  tenure: number,
  perMonth: number,
  wealth: number,
  random: Draws,
) {
  const orders = perMonth === 0 ? 0 : Math.max(1, drawCount(perMonth * tenure, random));
  const basket = profile.money.basket * kind.basket * Math.exp(0.3 * wealth + 0.15 * random.normal());
  const tastes = Object.entries(kind.goods).map(
    ([name, weight]) => [name, weight * Math.exp(0.35 * random.normal())] as const,
  );
  const whole = tastes.reduce((sum, [, weight]) => sum + weight, 0);
  // Object.fromEntries widens the keys; they are those of `goods`.
  const spend = Object.fromEntries(
    tastes.map(([name, weight]) => [name, rounded((orders * basket * weight) / whole, 2)]),
  ) as Record<Goods, number>;
  return {
    total_orders: orders,
    frequency: rounded(orders / tenure, 2),
    avg_items_per_order: orders === 0 ? null : rounded(Math.max(1, kind.items * Math.exp(0.2 * random.normal())), 2),
    total_spent: rounded(
      Object.values(spend).reduce((sum, amount) => sum + amount, 0),
      // Some systems keep whole amounts.
      random.uniform() < 0.06 ? 0 : 2,
    ),
    spend,
  };
}

/** When, how faithfully and what it buys: of who never bought nothing can be said. */
function drawTastes(profile: CustomerProfile, kind: Shopper, perMonth: number, random: Draws) {
  const never = perMonth === 0;
  const days = never ? 0 : Math.round((-Math.log(1 - random.uniform()) * 30) / perMonth);
  const loyalty = logistic(kind.loyalty + 0.4 * random.normal());
  const [category, hour] = [random.weighted(kind.goods), Math.round(kind.hour + 1.8 * random.normal())];
  const weekday = Number(random.weighted(Object.fromEntries(kind.week.map((weight, i) => [i + 1, weight]))));
  return {
    days_since_last_purchase: never ? null : Math.min(days, 720),
    days_since_last_purchase_never: never,
    pct_reordered: never ? 0 : within(0.02, 0.97, rounded(loyalty, 3)),
    fav_category: never ? null : profile.goods[category].word,
    fav_hour: never ? null : (hour + 24) % 24,
    fav_weekday: never ? null : weekday,
  };
}

function drawRegion({ regions }: CustomerProfile, { capital }: Shopper, random: Draws): string {
  return random.weighted(
    Object.fromEntries(regions.map(({ word, weight }, i) => [word, i === 0 ? weight * capital : weight])),
  );
}

/** Poisson; above 30 by its normal limit, whose time does not grow. */
const drawCount = (mean: number, random: Draws): number =>
  mean < 30 ? random.poisson(mean) : Math.max(0, Math.round(mean + Math.sqrt(mean) * random.normal()));

const logistic = (x: number): number => 1 / (1 + Math.exp(-x));
const within = (low: number, high: number, value: number): number => Math.min(Math.max(value, low), high);
/** The double nearest to the decimal, so that text and number are the same value. */
export const rounded = (value: number, decimals: number): number => Number(value.toFixed(decimals));
