import { randomStream } from '../../kernels/random.js';
import { drawsFrom } from '../draws.js';
import type { Draws } from '../draws.js';
import type { Dirt, WrittenCell } from './cell.js';
import type { CustomerProfile } from './customer-profile.js';
import { drawCustomer } from './draw-customer.js';
import { rawColumns } from './raw-columns.js';
import type { RawColumn } from './raw-columns.js';
import { drawRepetition, repeatCustomer } from './repeat-customer.js';
import type { Repetition } from './repeat-customer.js';
import { spoilCustomer } from './spoil-customer.js';
import type { KeptCustomer } from './spoil-customer.js';

/** What a table of customers is made from. The same options give the same rows. */
export interface CustomerOptions {
  readonly profile: CustomerProfile;
  /** An integer of 0..2^53 - 1. */
  readonly seed: number;
  /** Different customers; the table has about 2% more rows. */
  readonly customers: number;
}

/** A row of the raw table. */
export interface RawRow {
  /** In the order of `rawColumns`. */
  readonly cells: readonly WrittenCell[];
  /** What is true of the customer: with the row that is right of him, and with no other. */
  readonly right?: KeptCustomer;
  /** What makes it one row too many: it is a customer's second one, or nobody's. */
  readonly extra?: Repetition | 'nobody';
}

const NOBODY_RATE = 0.0004;
/** Of the customers, those whose clean columns are filled. */
const CRM_SHARE = 0.65;

/**
 * The rows of a dirty table of customers, in no order. Most are a customer's only row; some customers have two
 * (`repeat-customer.ts`), the second one up to a tenth of the table later; a few rows have no id and are nobody's. The
 * id `0` is there, and an id that differs from another by leading zeros alone.
 *
 * Throws a RangeError where `customers` is not 10..1,000,000.
 */
export function* generateCustomers({ profile, seed, customers }: CustomerOptions): Generator<RawRow, void, undefined> {
  if (!Number.isSafeInteger(customers) || customers < 10 || customers > 1_000_000) {
    throw new RangeError(`Expected \`customers\` to be 10..1000000, got ${customers}`);
  }
  const columns = rawColumns(profile);
  const ids = drawIds(profile, customers, drawsFrom(randomStream(seed, 10)));
  const later = new Map<number, RawRow[]>();
  for (const [i, id] of ids.entries()) {
    // Customers and dirt draw from streams of their own: other dirt leaves the customers as they are.
    const person = drawsFrom(randomStream(seed, 11, i));
    const dirt = drawsFrom(randomStream(seed, 12, i));
    const kept = spoilCustomer(drawCustomer(id, profile, person), profile, person);
    const [first, second] = rowsOf(kept, profile, columns, dirt);
    yield first;
    if (second !== undefined) {
      const at = i + dirt.integer(0, Math.ceil(customers / 10));
      later.set(at, [...(later.get(at) ?? []), second]);
    }
    if (dirt.uniform() < NOBODY_RATE) yield nobody(first, dirt);
    yield* later.get(i) ?? [];
    later.delete(i);
  }
  yield* [...later].toSorted(([a], [b]) => a - b).flatMap(([, rows]) => rows);
}

function rowsOf(
  kept: KeptCustomer,
  profile: CustomerProfile,
  columns: readonly RawColumn[],
  random: Draws,
): readonly [RawRow, RawRow?] {
  const repetition = drawRepetition(random);
  const inCrm = random.uniform() < CRM_SHARE;
  const write = ({ truth }: KeptCustomer): WrittenCell[] =>
    columns.map((column) => column.write({ truth, profile, inCrm, unclear: repetition === undefined, random }));
  if (repetition === undefined) return [{ cells: write(kept), right: kept }];
  const { rows, right } = repeatCustomer(kept, repetition, profile, random);
  const first = write(rows[0]);
  const second = repetition === 'equal' ? first : write(rows[1]);
  return [
    right === 0 ? { cells: first, right: rows[0] } : { cells: first },
    right === 1 ? { cells: second, right: rows[1], extra: repetition } : { cells: second, extra: repetition },
  ];
}

/** A row without an id, and sometimes without anything. */
function nobody({ cells }: RawRow, random: Draws): RawRow {
  const blank: WrittenCell = { cell: null, dirt: 'empty' };
  const all = random.uniform() < 0.3;
  return { cells: cells.map((cell, i) => (all || i === 0 ? blank : cell)), extra: 'nobody' };
}

/** Ids, none twice: most of full length, some with leading zeros, some short. */
function drawIds({ ids: { digits, prefix } }: CustomerProfile, count: number, random: Draws): string[] {
  const ids = new Set(['123'.padStart(digits, '0'), '0', '123']);
  while (ids.size < count) {
    const chance = random.uniform();
    const length = chance < 0.1 ? digits - 2 : digits;
    const number = String(random.integer(10 ** (length - 1), 10 ** length - 1));
    if (chance < 0.06) ids.add(number.padStart(digits, '0'));
    else ids.add(chance < 0.1 ? number : prefix + number);
  }
  return [...ids];
}

/** How many cells of each column have which dirt, and how many rows are too many. */
export interface PlantedCustomerDirt {
  readonly cells: Readonly<Record<string, Readonly<Partial<Record<Dirt, number>>>>>;
  readonly extraRows: Readonly<Partial<Record<Repetition | 'nobody', number>>>;
  readonly rows: number;
}

/** Counts what `generateCustomers` planted, row by row. */
export function countDirt(profile: CustomerProfile): { add(row: RawRow): void; readonly planted: PlantedCustomerDirt } {
  const headers = rawColumns(profile).map(({ header }) => header);
  const cells: Record<string, Partial<Record<Dirt, number>>> = Object.fromEntries(headers.map((name) => [name, {}]));
  const planted = { cells, extraRows: {} as Partial<Record<Repetition | 'nobody', number>>, rows: 0 };
  return {
    planted,
    add({ cells: written, extra }) {
      planted.rows++;
      if (extra !== undefined) planted.extraRows[extra] = (planted.extraRows[extra] ?? 0) + 1;
      for (const [i, header] of headers.entries()) {
        const counts = cells[header];
        const dirt = written[i]?.dirt;
        if (counts !== undefined && dirt !== undefined) counts[dirt] = (counts[dirt] ?? 0) + 1;
      }
    },
  };
}
