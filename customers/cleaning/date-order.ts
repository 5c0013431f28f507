import type { Decision } from './cell.js';
import { countStyle, placeOf } from './count-orders.js';
import type { CountedStyle, SettledStyle, YearLastVotes } from './count-orders.js';
import { DEFAULT_ORDER, orderDecisions } from './date-order-decisions.js';
import { UNPADDED_ISO } from './date-parts.js';
import type { DateOrder, DateStyle, PartsDate } from './date-parts.js';
import { CLEAR, majority } from './majority.js';
import { ordersIn, yearPlaces } from './year-place.js';
import type { DateCell } from './year-place.js';

/** How a date in parts came out: `sure` where its parts or the column leave no doubt, else by default. */
export interface OrderedDate {
  readonly date: string;
  readonly sure: boolean;
}

/**
 * Settles the order of the parts in the dates of a file's column: by configuration, else by the cells that are a day in
 * one order only. Cells written in the same style (`6/16/14` and `16-06-2014` may come from two systems) first say
 * where the year stands, then whether the day or the month comes first; of dates that end with the year those of all
 * styles say it for a style that has no such cell. A cell that leaves no doubt is read as it says. Where a style has
 * both orders, its doubtful cells are not read.
 */
export function settleDateOrder(
  cells: readonly DateCell[],
  configured: DateOrder | undefined,
  thisYear: number,
): {
  read(date: PartsDate): OrderedDate | 'undecided' | undefined;
  readonly decisions: readonly Decision[];
} {
  const byStyle = new Map<string, { readonly style: DateStyle; readonly ofStyle: DateCell[] }>();
  for (const cell of cells) {
    const { style } = cell.date;
    const ofStyle: DateCell[] = byStyle.get(style.name)?.ofStyle ?? [];
    ofStyle.push(cell);
    byStyle.set(style.name, { style, ofStyle });
  }
  const counted = Array.from(byStyle.values(), ({ style, ofStyle }) =>
    countStyle(style, ofStyle, configured, thisYear),
  );
  const all: YearLastVotes = { dmy: 0, mdy: 0, ambiguous: 0 };
  for (const { yearLast } of counted) {
    for (const side of ['dmy', 'mdy', 'ambiguous'] as const) all[side] += yearLast[side];
  }
  const fixedLast = configured === 'dmy' || configured === 'mdy' ? configured : undefined;
  const fixedFirst = configured === 'ymd' || configured === 'ydm' ? configured : undefined;
  const styles = new Map<string, SettledStyle>();
  for (const one of counted) {
    styles.set(one.style.name, {
      ...one,
      last: fixedLast ?? majority(one.yearLast, 'dmy', 'mdy') ?? majority(all, 'dmy', 'mdy'),
      first: fixedFirst ?? dayOrMonthNext(one, counted),
    });
  }
  return {
    read(date) {
      const settled = styles.get(date.style.name);
      return settled && readIn(date, settled);
    },
    decisions: orderDecisions([...styles.values()], all, fixedLast),
  };
}

/** Fewer cells may be slips: nearly everybody who begins with the year goes on with the month. */
const NO_SLIPS = 3;

function dayOrMonthNext({ style, yearFirst }: CountedStyle, all: readonly CountedStyle[]): SettledStyle['first'] {
  const votes = { ...yearFirst };
  // Without zeros, many a date has none to lose and looks like ISO: those that do not say it for those that do.
  const unpadded = style.isIso === true ? all.find(({ style: { name } }) => name === UNPADDED_ISO) : undefined;
  for (const side of ['ymd', 'ydm', 'ambiguous'] as const) votes[side] += unpadded?.yearFirst[side] ?? 0;
  if (votes.ydm * CLEAR <= votes.ymd + votes.ambiguous) return 'ymd';
  const order = majority(votes, 'ymd', 'ydm') ?? 'ymd';
  // The signs and the zeros of ISO say the order too.
  const isEnough = style.isIso !== true || (order === 'ydm' && votes.ydm >= NO_SLIPS);
  return isEnough ? order : 'ymd';
}

function readIn(date: PartsDate, settled: SettledStyle): OrderedDate | 'undecided' | undefined {
  const { style, year, last, first } = settled;
  const days = new Set(date.readings.values());
  const [onlyDay] = days;
  const isNamed = style.parts === 'month by name';
  const place = placeOf(date, year.place);
  if (place === 'undecided') return days.size === 1 && onlyDay !== undefined ? { date: onlyDay, sure: true } : place;
  const isPlaceSure = isNamed || year.place !== undefined || yearPlaces(date).length === 1 || days.size === 1;
  const orders = new Map(ordersIn(date, place));
  const [day, second] = new Set(orders.values());
  if (day === undefined) return undefined;
  if (second === undefined) {
    const isSlip = !isNamed && place === 'first' && !orders.has('ymd') && first === 'ymd';
    return isSlip ? undefined : { date: day, sure: isPlaceSure };
  }
  // A slip amid dates that begin with the year, and in doubt itself.
  if (place === 'last' && (year.place ?? place) !== place) return 'undecided';
  const order = place === 'first' ? first : (last ?? (style.parts === 'digits alone' ? 'undecided' : undefined));
  if (order === 'undecided') return order;
  const ordered = orders.get(order ?? DEFAULT_ORDER);
  return ordered === undefined ? undefined : { date: ordered, sure: isPlaceSure && order !== undefined };
}
