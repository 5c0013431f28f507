import type { Decision } from './cell.js';
import { isoDate } from './date-text.js';
import type { DateOrder, DateText } from './date-text.js';

type Parts = Extract<DateText, { readonly first: number }>;

export interface PartsCell {
  readonly parts: Parts;
  readonly count: number;
}

/** How a date in parts came out: `sure` where its parts or the column leave no doubt, else by default, or not at all. */
export interface OrderedDate {
  readonly date: string;
  readonly sure: boolean;
}

type Votes = { dmy: number; mdy: number; ambiguous: number };

/** Where both orders occur, so many times more cells must have one of them for it to count. */
const CLEAR = 20;
/** Where nothing tells. */
const DEFAULT_ORDER = 'dmy';

/**
 * Settles whether the day or the month stands first in dates that end with the year, for a column of a file: by
 * configuration, else by the cells of which one part is above 12, first those written in the same style (`6/16/14` and
 * `16-06-2014` may come from two systems), then all. A cell that leaves no doubt is read as it says. Where a style has
 * both orders, its doubtful cells are not read; where nothing tells in the whole column, the day comes first.
 */
export function settleDateOrder(
  cells: readonly PartsCell[],
  configured: DateOrder | undefined,
): { read(parts: Parts): OrderedDate | 'undecided' | undefined; readonly decisions: readonly Decision[] } {
  const all: Votes = { dmy: 0, mdy: 0, ambiguous: 0 };
  const byStyle = new Map<string, Votes>();
  for (const { parts, count } of cells) {
    const own = byStyle.get(parts.style) ?? { dmy: 0, mdy: 0, ambiguous: 0 };
    byStyle.set(parts.style, own);
    const sides = possible(parts);
    if (sides.length === 0) continue;
    const side = sides.length === 2 ? 'ambiguous' : (sides[0] ?? 'ambiguous');
    own[side] += count;
    all[side] += count;
  }
  const fixed = configured === 'ymd' ? undefined : configured;
  const orderFor = (style: string): 'dmy' | 'mdy' | 'undecided' | undefined =>
    fixed ?? clear(byStyle.get(style)) ?? clear(all);
  const read = (parts: Parts): OrderedDate | 'undecided' | undefined => {
    const sides = possible(parts);
    const [only] = sides;
    if (only === undefined) return undefined;
    const order = sides.length === 1 || parts.first === parts.second ? only : orderFor(parts.style);
    if (order === 'undecided') return order;
    const date = dateIn(parts, order ?? DEFAULT_ORDER);
    return date === undefined ? undefined : { date, sure: order !== undefined };
  };
  return { read, decisions: decisionsOf(all, byStyle, fixed, orderFor) };
}

/** The orders in which it is a day that exists. */
const possible = (parts: Parts): ('dmy' | 'mdy')[] =>
  (['dmy', 'mdy'] as const).filter((order) => dateIn(parts, order) !== undefined);

const dateIn = ({ first, second, year }: Parts, order: 'dmy' | 'mdy'): string | undefined =>
  order === 'dmy' ? isoDate(year, second, first) : isoDate(year, first, second);

function clear(votes: Votes | undefined): 'dmy' | 'mdy' | 'undecided' | undefined {
  if (votes === undefined || votes.dmy + votes.mdy === 0) return undefined;
  if (votes.dmy >= CLEAR * votes.mdy) return 'dmy';
  return votes.mdy >= CLEAR * votes.dmy ? 'mdy' : 'undecided';
}

function decisionsOf(
  all: Votes,
  byStyle: ReadonlyMap<string, Votes>,
  configured: 'dmy' | 'mdy' | undefined,
  orderFor: (style: string) => 'dmy' | 'mdy' | 'undecided' | undefined,
): Decision[] {
  if (all.dmy + all.mdy + all.ambiguous === 0) return [];
  const whole = configured ?? clear(all);
  const by = configured === undefined ? (whole === undefined ? 'default' : 'evidence') : 'configuration';
  const decisions: Decision[] = [{ what: 'date order', chosen: whole ?? DEFAULT_ORDER, by, evidence: { ...all } }];
  for (const [style, votes] of byStyle) {
    const chosen = orderFor(style);
    if (chosen === undefined || chosen === whole) continue;
    const example = `${style[0]} and a year of ${style.slice(1)} digits`;
    decisions.push({ what: `date order with ${example}`, chosen, by: 'evidence', evidence: { ...votes } });
  }
  return decisions;
}
