import type { Decision } from './cell.js';
import type { DateOrder, PartsDate } from './date-parts.js';
import { majority } from './majority.js';

export interface DateCell {
  readonly date: PartsDate;
  readonly count: number;
}

export type YearPlace = 'first' | 'last';

/** Where the year stands in the dates of one style, and the cells that say it; undefined where none does. */
export interface SettledYear {
  readonly place: YearPlace | 'undecided' | undefined;
  readonly by: Decision['by'];
  /** Cells that are a day in one way or in both; of the latter, those that would be of long ago in the other way. */
  readonly evidence: {
    readonly first: number;
    readonly last: number;
    readonly open: number;
    readonly openButYoungerFirst: number;
    readonly openButYoungerLast: number;
  };
}

/** A year of two digits as far back as this is rather a day: nearly all that is of so few digits is younger. */
const LONG_AGO = 90;

/**
 * Whether a style's year comes first (`14-06-30`) or last (`30-06-14`), by the cells that are a day in one way only.
 * Where there is none, those count as well that would be of almost a century ago in the other way: of `21-11-30` and
 * `22-03-29` nobody means 1930 and 1929. So they do where more of them say the contrary: the others may be slips.
 */
export function settleYearPlace(cells: readonly DateCell[], thisYear: number): SettledYear {
  const evidence = { first: 0, last: 0, open: 0 };
  const younger = { first: 0, last: 0 };
  const oldest = String(thisYear - LONG_AGO);
  for (const { date, count } of cells) {
    const places = yearPlaces(date);
    const [only] = places;
    if (places.length === 1 && only !== undefined) {
      evidence[only] += count;
      continue;
    }
    evidence.open += count;
    const likely = places.filter((place) => ordersIn(date, place).some(([, day]) => day >= oldest));
    if (likely.length === 1 && likely[0] !== undefined) younger[likely[0]] += count;
  }
  const certain = majority(evidence, 'last', 'first');
  const against = (certain === 'last' ? 0 : younger.last) + (certain === 'first' ? 0 : younger.first);
  const areSlips = against > evidence.first + evidence.last;
  const votes = areSlips ? { first: evidence.first + younger.first, last: evidence.last + younger.last } : evidence;
  const place = majority(votes, 'last', 'first');
  return {
    place,
    by: place === undefined ? 'default' : 'evidence',
    evidence: { ...evidence, openButYoungerFirst: younger.first, openButYoungerLast: younger.last },
  };
}

/** Where the year may be. That the day follows it at once (`14-30-06`) is thought of only where nothing else is left. */
export function yearPlaces({ readings }: PartsDate): readonly YearPlace[] {
  const last = readings.has('dmy') || readings.has('mdy');
  const first = readings.has('ymd') || (!last && readings.has('ydm'));
  return [...(last ? (['last'] as const) : []), ...(first ? (['first'] as const) : [])];
}

/** What it is in the orders with the year in this place. */
export const ordersIn = ({ readings }: PartsDate, place: YearPlace): readonly (readonly [DateOrder, string])[] =>
  [...readings].filter(([order]) => order.startsWith('y') === (place === 'first'));
