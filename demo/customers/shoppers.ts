import type { Channel, Goods } from './customer-profile.js';

/** A kind of shopper. Its customers vary around it, and are alike in all columns at once. */
export interface Shopper {
  /** Its part of all customers; the parts sum to 1. */
  readonly share: number;
  readonly age: { readonly mean: number; readonly spread: number };
  /** The share of women. */
  readonly women: number;
  /** Over the typical income and order of the profile. */
  readonly income: number;
  readonly basket: number;
  /** Orders a month. */
  readonly perMonth: number;
  readonly items: number;
  /** Months since the first order, typically. */
  readonly tenure: number;
  /** Log odds that an order repeats one before. */
  readonly loyalty: number;
  /** How near to being a VIP: from 2.3 on, all else average, it is one. */
  readonly standing: number;
  readonly goods: Readonly<Record<Goods, number>>;
  readonly channels: Readonly<Record<Channel, number>>;
  /** How much more often than others it lives in the capital's region. */
  readonly capital: number;
  readonly hour: number;
  /** From Monday. */
  readonly week: readonly number[];
}

export type ShopperName =
  | 'premium'
  | 'familia'
  | 'joven_app'
  | 'cazaofertas'
  | 'mayor_de_barrio'
  | 'ocasional'
  | 'sin_compras';

/** The planted kinds of shopper. Those of `sin_compras` registered, and never bought. */
export const shoppers: Readonly<Record<ShopperName, Shopper>> = {
  premium: {
    share: 0.08,
    age: { mean: 46, spread: 8 },
    women: 0.52,
    income: 2.4,
    basket: 2.1,
    perMonth: 4.2,
    items: 9,
    tenure: 44,
    loyalty: 0.9,
    standing: 2.3,
    goods: { staples: 20, fresh: 24, drinks: 26, cleaning: 8, electronics: 22 },
    channels: { app: 46, web: 28, store: 12, social: 2, referral: 12 },
    capital: 2,
    hour: 20,
    week: [1, 1, 1, 1.2, 1.8, 1.5, 0.7],
  },
  familia: {
    share: 0.27,
    age: { mean: 41, spread: 7 },
    women: 0.62,
    income: 1.05,
    basket: 1.5,
    perMonth: 3.1,
    items: 14,
    tenure: 34,
    loyalty: 0.5,
    standing: -0.2,
    goods: { staples: 44, fresh: 27, drinks: 8, cleaning: 17, electronics: 4 },
    channels: { app: 22, web: 18, store: 48, social: 6, referral: 6 },
    capital: 1,
    hour: 18,
    week: [0.7, 0.7, 0.7, 0.8, 1.2, 2, 1.4],
  },
  joven_app: {
    share: 0.22,
    age: { mean: 26, spread: 4 },
    women: 0.48,
    income: 0.75,
    basket: 0.6,
    perMonth: 3.8,
    items: 4,
    tenure: 14,
    loyalty: -0.2,
    standing: -0.6,
    goods: { staples: 16, fresh: 8, drinks: 46, cleaning: 4, electronics: 26 },
    channels: { app: 62, web: 8, store: 4, social: 22, referral: 4 },
    capital: 1.6,
    hour: 22,
    week: [0.6, 0.6, 0.7, 1.2, 1.6, 1.6, 0.9],
  },
  cazaofertas: {
    share: 0.15,
    age: { mean: 37, spread: 11 },
    women: 0.58,
    income: 0.7,
    basket: 0.8,
    perMonth: 1.4,
    items: 11,
    tenure: 22,
    loyalty: -0.9,
    standing: -1,
    goods: { staples: 38, fresh: 8, drinks: 14, cleaning: 36, electronics: 4 },
    channels: { app: 18, web: 44, store: 12, social: 22, referral: 4 },
    capital: 0.8,
    hour: 13,
    week: [1.6, 1.6, 1.4, 0.8, 0.6, 0.5, 0.5],
  },
  mayor_de_barrio: {
    share: 0.14,
    age: { mean: 69, spread: 7 },
    women: 0.6,
    income: 0.65,
    basket: 0.7,
    perMonth: 2.4,
    items: 5,
    tenure: 58,
    loyalty: 1.5,
    standing: -0.8,
    goods: { staples: 36, fresh: 46, drinks: 4, cleaning: 13, electronics: 1 },
    channels: { app: 2, web: 4, store: 84, social: 2, referral: 8 },
    capital: 0.7,
    hour: 10,
    week: [1.4, 1.3, 1.2, 1.2, 1.2, 0.5, 0.2],
  },
  ocasional: {
    share: 0.1,
    age: { mean: 40, spread: 13 },
    women: 0.5,
    income: 1,
    basket: 1.1,
    perMonth: 0.25,
    items: 3,
    tenure: 26,
    loyalty: -1.8,
    standing: -1.6,
    goods: { staples: 14, fresh: 4, drinks: 22, cleaning: 8, electronics: 52 },
    channels: { app: 12, web: 56, store: 20, social: 8, referral: 4 },
    capital: 1,
    hour: 16,
    week: [1, 1, 1, 1, 1, 1, 1],
  },
  sin_compras: {
    share: 0.04,
    age: { mean: 33, spread: 12 },
    women: 0.5,
    income: 0.9,
    basket: 1,
    perMonth: 0,
    items: 0,
    tenure: 6,
    loyalty: -3,
    standing: -3,
    goods: { staples: 1, fresh: 1, drinks: 1, cleaning: 1, electronics: 1 },
    channels: { app: 30, web: 24, store: 4, social: 38, referral: 4 },
    capital: 1,
    hour: 12,
    week: [1, 1, 1, 1, 1, 1, 1],
  },
};
