import type { DateOrder, DateStyle, PartsDate } from './date-parts.js';
import { ordersIn, settleYearPlace, yearPlaces } from './year-place.js';
import type { DateCell, SettledYear, YearPlace } from './year-place.js';

/** Cells by the one order in which they are a day; `ambiguous` ones are in both. */
export interface YearLastVotes {
  dmy: number;
  mdy: number;
  ambiguous: number;
}
export interface YearFirstVotes {
  ymd: number;
  ydm: number;
  ambiguous: number;
}

export interface CountedStyle {
  readonly style: DateStyle;
  readonly year: SettledYear;
  readonly yearLast: YearLastVotes;
  readonly yearFirst: YearFirstVotes;
}

/** What is settled for the dates of one style. */
export interface SettledStyle extends CountedStyle {
  /** Of dates that end with the year; undefined where nothing tells. */
  readonly last: 'dmy' | 'mdy' | 'undecided' | undefined;
  readonly first: 'ymd' | 'ydm' | 'undecided';
}

/** Counts the cells of one style that say something: where its year stands, then the order of the other two. */
export function countStyle(
  style: DateStyle,
  cells: readonly DateCell[],
  configured: DateOrder | undefined,
  thisYear: number,
): CountedStyle {
  const found = settleYearPlace(cells, thisYear);
  const isFixed = configured !== undefined && style.parts === 'numbers' && style.yearDigits === 2;
  const wanted = configured?.startsWith('y') === true ? 'first' : 'last';
  const year: SettledYear = isFixed ? { ...found, place: wanted, by: 'configuration' } : found;
  const yearLast = { dmy: 0, mdy: 0, ambiguous: 0 };
  const yearFirst = { ymd: 0, ydm: 0, ambiguous: 0 };
  for (const { date, count } of cells) {
    const place = placeOf(date, year.place);
    if (style.parts === 'month by name' || place === 'undecided') continue;
    const orders = new Set(ordersIn(date, place).map(([order]) => order));
    if (place === 'last') yearLast[orders.size > 1 ? 'ambiguous' : orders.has('dmy') ? 'dmy' : 'mdy'] += count;
    else yearFirst[orders.size > 1 ? 'ambiguous' : orders.has('ymd') ? 'ymd' : 'ydm'] += count;
  }
  return { style, year, yearLast, yearFirst };
}

/** Where the year of a date is read, given what its style settled. */
export const placeOf = (date: PartsDate, settled: SettledYear['place']): YearPlace | 'undecided' => {
  const [only, second] = yearPlaces(date);
  return only !== undefined && second === undefined ? only : (settled ?? 'last');
};
