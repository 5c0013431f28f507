import type { Cell } from './cell.js';

/** A country's way of keeping customers, and of soiling them: words, money, notations. Plain data. */
export interface CustomerProfile {
  readonly name: string;
  readonly ids: { readonly digits: number; readonly prefix: string };
  /** Regions by name; the first one is the capital's. */
  readonly regions: Words;
  /** Words that are on no list, of regions, goods or channels. */
  readonly strangers: readonly string[];
  /** A word for each kind of goods; customers have a column of spend for each. */
  readonly goods: Readonly<Record<Goods, Word>>;
  readonly channels: Readonly<Record<Channel, Word>>;
  readonly genders: Readonly<Record<'F' | 'M', readonly string[]>>;
  /** Monthly income and amount of an order, both typical (median). */
  readonly money: { readonly income: number; readonly basket: number };
  readonly moneyNotations: readonly MoneyNotation[];
  /** Of numbers with decimals that are written as text. */
  readonly decimal: '.' | ',';
  readonly percentNotations: Readonly<Partial<Record<PercentNotation, number>>>;
  /** `{n}` stands for the number. */
  readonly ages: readonly string[];
  /** Who was only asked for the decade: `{from}` and `{to}` are its first and last year. */
  readonly decades: readonly string[];
  readonly days: readonly string[];
  readonly never: readonly string[];
  readonly sentinels: readonly number[];
  readonly missing: readonly string[];
  readonly unreadable: readonly string[];
  readonly yes: readonly Cell[];
  readonly no: readonly Cell[];
  /** From Monday, in one list a language. */
  readonly weekdays: readonly (readonly string[])[];
  readonly dateNotations: Readonly<Partial<Record<DateNotation, number>>>;
  /** An income that is a joke of whoever typed it. */
  readonly absurdIncome: number;
  readonly csv: { readonly delimiter: ',' | ';'; readonly encoding: 'utf-8' | 'latin-1' };
}

export type Goods = 'staples' | 'fresh' | 'drinks' | 'cleaning' | 'electronics';
export type Channel = 'app' | 'web' | 'store' | 'social' | 'referral';

/** A canonical word, how frequent it is, and other words that mean it. */
export interface Word {
  readonly word: string;
  readonly aliases: readonly string[];
}
export type Words = readonly (Word & { readonly weight: number })[];

export interface MoneyNotation {
  readonly weight: number;
  readonly before: string;
  readonly after: string;
  /** Between thousands; empty for none. */
  readonly group: string;
  readonly decimal: '.' | ',';
}

/** `cell` is a number in a percent format, `number` 45.2, `share` 0.452, `sign` `45.2%`, `text` `45.2` as text. */
export type PercentNotation = 'cell' | 'number' | 'share' | 'sign' | 'spaced sign' | 'text';

/** `cell` is a date of the sheet; the others are texts. */
export type DateNotation = 'cell' | 'iso' | 'd/m/y' | 'd-m-y' | 'd.m.y' | 'd/m/yy' | 'm/d/y' | 'm/d/yy' | 'd mon y';
