import type { Draws } from '../draws.js';
import type { Cell, WrittenCell } from './cell.js';
import type { CustomerProfile, Goods, Word } from './customer-profile.js';
import type { TrueCustomer } from './draw-customer.js';
import { UNKNOWN } from './spoil-customer.js';
import { withUnit, writeDate, writeMoney, writeNumber, writePercent, writeUnclearMoney } from './write-numbers.js';
import { amongBlanks, writeWord } from './write-words.js';

/** What a row is written from. */
export interface RowSource {
  readonly truth: TrueCustomer;
  readonly profile: CustomerProfile;
  /** Only who is in the CRM has the columns that somebody has cleaned before. */
  readonly inCrm: boolean;
  /** Whether a few cells may be beyond what a rule can read. */
  readonly unclear: boolean;
  readonly random: Draws;
}

/** A column of the raw table: what it is the truth of, and how it is written. */
export interface RawColumn {
  readonly header: string;
  /** The column of the truth. */
  readonly of: string;
  readonly write: (row: RowSource) => WrittenCell;
}

const clean = (cell: Cell): WrittenCell => ({ cell, dirt: 'clean' });
const EMPTY: WrittenCell = { cell: null, dirt: 'empty' };

const UNCLEAR_RATE = 0.002;
const UNREADABLE_RATE = 0.04;

/** No value: mostly an empty cell, else one of the ways to say so, or, where no word is expected, a word. */
function absent({ profile, random }: RowSource, takesWords = false): WrittenCell {
  const chance = random.uniform();
  if (chance < UNREADABLE_RATE && !takesWords) return { cell: random.pick(profile.unreadable), dirt: 'unreadable' };
  return chance < 0.5 ? EMPTY : { cell: random.pick(profile.missing), dirt: 'missing' };
}

/** Writes what is known, and says what is not. */
const known =
  <Value>(read: (truth: TrueCustomer) => Value | null, write: (value: Value, row: RowSource) => WrittenCell) =>
  (row: RowSource): WrittenCell => {
    const value = read(row.truth);
    return value === null ? absent(row) : write(value, row);
  };

/** As the CRM has it: clean, or empty. */
const fromCrm =
  (read: (truth: TrueCustomer, row: RowSource) => Cell) =>
  (row: RowSource): WrittenCell => {
    const cell = row.inCrm ? read(row.truth, row) : null;
    return cell === null ? EMPTY : clean(cell);
  };

const number = (read: (truth: TrueCustomer) => number | null) =>
  known(read, (value, { profile, random }) => writeNumber(value, profile, random));

/** One of a list of words. */
const word =
  (read: (truth: TrueCustomer) => string | null, list: (profile: CustomerProfile) => readonly Word[]) =>
  (row: RowSource): WrittenCell => {
    const value = read(row.truth);
    if (value === null) return absent(row, true);
    if (value === UNKNOWN) return { cell: row.random.pick(row.profile.strangers), dirt: 'unknown' };
    const words = list(row.profile);
    const known = words.find(({ word }) => word === value) ?? { word: value, aliases: [] };
    return writeWord(
      known,
      words.map(({ word }) => word),
      row.random,
    );
  };

function writeId({ truth: { customer_id: id }, random }: RowSource): WrittenCell {
  const chance = random.uniform();
  if (chance < 0.01) return { cell: amongBlanks(id, random), dirt: 'blanks' };
  // A number keeps neither leading zeros nor letters.
  return clean(chance < 0.3 && String(Number(id)) === id ? Number(id) : id);
}

function writeRecency(row: RowSource): WrittenCell {
  const { truth, profile, random } = row;
  const { days_since_last_purchase: days, days_since_last_purchase_never: never } = truth;
  if (never) {
    return random.uniform() < 0.5
      ? { cell: random.pick(profile.never), dirt: 'never' }
      : { cell: random.pick(profile.sentinels), dirt: 'sentinel' };
  }
  if (days === null) return absent(row);
  return random.uniform() < 0.08 ? withUnit(days, profile.days, random) : writeNumber(days, profile, random);
}

function writeHour(hour: number, { random }: RowSource): WrittenCell {
  const forms = [`${hour}:00`, `${hour}h`, `${String(hour).padStart(2, '0')}:00`, `${hour} hs`];
  return random.uniform() < 0.06 ? { cell: random.pick(forms), dirt: 'notation' } : clean(hour);
}

function writeWeekday(day: number, { profile, random }: RowSource): WrittenCell {
  if (random.uniform() < 0.4) return clean(day);
  const name = random.pick(profile.weekdays)[day - 1] ?? String(day);
  return { cell: random.pick([name, name, name.toUpperCase(), ` ${name}`]), dirt: 'notation' };
}

function writeTotal(value: number, { profile, unclear, random }: RowSource): WrittenCell {
  const whole = Number.isInteger(value) && value >= 1000 && value < 1_000_000;
  if (whole && unclear && random.uniform() < UNCLEAR_RATE * 15)
    return { cell: writeUnclearMoney(value), dirt: 'unclear' };
  return writeMoney(value, 0.85, profile, random);
}

function decadeOf(age: number, form: string): string {
  const from = Math.floor(age / 10) * 10;
  return form.replace('{from}', String(from)).replace('{to}', String(from + 9));
}

function writeAge(value: number, { profile, unclear, random }: RowSource): WrittenCell {
  if (unclear && random.uniform() < UNCLEAR_RATE)
    return { cell: decadeOf(value, random.pick(profile.decades)), dirt: 'unclear' };
  return random.uniform() < 0.45 ? clean(value) : withUnit(value, profile.ages, random);
}

/** The columns of a profile's raw table, in their order. */
export function rawColumns({ goods, genders }: CustomerProfile): readonly RawColumn[] {
  // Object.keys widens the keys to string; they are those of `goods`.
  const kinds = Object.keys(goods) as Goods[];
  const genderWords = Object.entries(genders).map(([word, aliases]) => ({ word, aliases }));
  return [
    { header: 'customer_id', of: 'customer_id', write: writeId },
    {
      header: 'gender',
      of: 'gender',
      write: word(
        ({ gender }) => gender,
        () => genderWords,
      ),
    },
    { header: 'age', of: 'age', write: fromCrm(({ age }) => age) },
    { header: 'age_str_dirty', of: 'age', write: known(({ age }) => age, writeAge) },
    {
      header: 'income',
      of: 'income',
      write: known(
        ({ income }) => income,
        (value, { profile, random }) => writeMoney(value, 0.2, profile, random),
      ),
    },
    {
      header: 'tenure_months',
      of: 'tenure_months',
      write: number(({ tenure_months }) => tenure_months),
    },
    { header: 'total_orders', of: 'total_orders', write: number(({ total_orders }) => total_orders) },
    { header: 'frequency', of: 'frequency', write: number(({ frequency }) => frequency) },
    {
      header: 'days_since_last_purchase',
      of: 'days_since_last_purchase',
      write: fromCrm(({ days_since_last_purchase: days, days_since_last_purchase_never: never }, { profile }) =>
        never ? (profile.sentinels[0] ?? null) : days,
      ),
    },
    { header: 'days_since_last_purchase_dirty', of: 'days_since_last_purchase', write: writeRecency },
    { header: 'pct_reordered', of: 'pct_reordered', write: fromCrm(({ pct_reordered }) => pct_reordered) },
    {
      header: 'pct_reordered_dirty',
      of: 'pct_reordered',
      write: known(
        ({ pct_reordered }) => pct_reordered,
        (value, { profile, random }) => writePercent(value, profile, random),
      ),
    },
    {
      header: 'avg_items_per_order',
      of: 'avg_items_per_order',
      write: number(({ avg_items_per_order }) => avg_items_per_order),
    },
    { header: 'total_spent_dirty', of: 'total_spent', write: known(({ total_spent }) => total_spent, writeTotal) },
    ...kinds.map((kind) => ({
      header: spendColumn(goods[kind].word),
      of: spendColumn(goods[kind].word),
      write: known(
        ({ spend }) => spend[kind],
        (value, { profile, random }) => writeMoney(value, 0.03, profile, random),
      ),
    })),
    {
      header: 'region',
      of: 'region_clean',
      write: fromCrm(({ region_clean }) => (region_clean === UNKNOWN ? null : region_clean)),
    },
    {
      header: 'region_dirty',
      of: 'region_clean',
      write: word(
        ({ region_clean }) => region_clean,
        ({ regions }) => regions,
      ),
    },
    {
      header: 'fav_category',
      of: 'fav_category',
      write: word(
        ({ fav_category }) => fav_category,
        ({ goods }) => Object.values(goods),
      ),
    },
    { header: 'fav_hour', of: 'fav_hour', write: known(({ fav_hour }) => fav_hour, writeHour) },
    { header: 'fav_weekday', of: 'fav_weekday', write: known(({ fav_weekday }) => fav_weekday, writeWeekday) },
    {
      header: 'signup_channel',
      of: 'signup_channel',
      write: word(
        ({ signup_channel }) => signup_channel,
        ({ channels }) => Object.values(channels),
      ),
    },
    {
      header: 'signup_date',
      of: 'signup_date',
      write: known(
        ({ signup_date }) => signup_date,
        (value, { profile, random }) => writeDate(value, profile, random),
      ),
    },
    { header: 'vip_flag', of: 'vip_flag', write: known(({ vip_flag }) => vip_flag, writeFlag) },
    { header: 'vip_score', of: 'vip_score', write: number(({ vip_score }) => vip_score) },
  ];
}

/** The column of the spend on some goods: `almacén` is `spend_almacen`. */
export const spendColumn = (word: string): string => `spend_${word.normalize('NFD').replaceAll(/[^a-z]/g, '')}`;

function writeFlag(value: boolean, { profile, random }: RowSource): WrittenCell {
  const cell = random.pick((value ? profile.yes : profile.no).filter((cell) => cell !== null));
  return { cell, dirt: cell === value ? 'clean' : 'notation' };
}
