import { hasThreeDecimals } from './currencies.js';
import type { Decision } from './cell.js';
import type { Role, Separator } from './digits.js';
import { areFixedDecimals } from './fixed-decimals.js';
import type { NumberText } from './number-text.js';

export interface NumberCell {
  readonly number: NumberText;
  readonly count: number;
}

/** How a number was read: `sure` by evidence or configuration; `against` what the same sign does elsewhere; by `default`. */
export interface SeparatedNumber {
  readonly text: string;
  readonly by: 'sure' | 'against' | 'default';
}

/** Cells that a program wrote, which are not looked at one by one: those with a point before decimals, long ones, whole ones. */
export interface PlainNumbers {
  readonly decimals: number;
  readonly long: number;
  /** Those without a sign, but for zeros. */
  readonly whole: number;
}

export interface Separators {
  /** The number as a plain decimal, its sign left out. */
  read(number: NumberText): SeparatedNumber;
  readonly decisions: readonly Decision[];
}

export interface SeparatorOptions {
  /** Which sign stands before decimals. */
  readonly configured: 'point' | 'comma' | undefined;
  /**
   * What `1.234` and `1,234` are where nothing in the column tells. `grouped`: both thousands; `point`: `1.234` has
   * decimals, and `1,234` is thousands; `decimals`: both have decimals.
   */
  readonly fallback: 'grouped' | 'point' | 'decimals';
  /** Amounts have at most two decimals, unless their column shows otherwise. */
  readonly amounts: boolean;
}

const NONE: PlainNumbers = { decimals: 0, long: 0, whole: 0 };

interface Votes {
  decimals: number;
  /** Of these, those with three decimals or more. */
  long: number;
  thousands: number;
  open: number;
}
type Ballot = { readonly [sign in Separator]: Votes };

/** From so many different texts on, decimals that are always three are thousands. */
const ALWAYS_THREE = 20;
/** From so many decimals on they are no amount's: `.234` is four signs. */
export const LONG = 3;
/**
 * So many amounts with three digits behind the sign, for each with one or two decimals, are thousands to somebody. Of
 * amounts that do have three decimals one in ten loses a zero.
 */
const OPEN_FOR_SHORT = 2;

/**
 * Settles what the one separator of `1.234` and `1,234` does, for each of the two signs of a column of a file: by
 * configuration; else by what the same sign does in cells that leave no doubt (`1.234,5`, `12,5`, `1.234.567`), then by
 * what the other sign does, among the cells with the same currency first, then among all. A cell that leaves no doubt
 * is read as it says, whatever is settled.
 */
export function settleSeparators(
  cells: readonly NumberCell[],
  options: SeparatorOptions,
  plain: PlainNumbers = NONE,
): Separators {
  const all = emptyBallot(plain);
  const byCurrency = new Map([['', emptyBallot(plain)]]);
  let points = 0;
  for (const { number, count } of cells) {
    const { point, comma, open } = number.digits;
    if (point === undefined && comma === undefined && open === undefined) continue;
    const own = byCurrency.get(number.currency) ?? emptyBallot();
    byCurrency.set(number.currency, own);
    if (open === '.') points++;
    vote(own, number, count);
    vote(all, number, count);
  }
  // Decimals lose their zeros, thousands do not: in a column of decimals some would have fewer than three.
  const fallback = options.fallback === 'point' && points >= ALWAYS_THREE ? 'grouped' : options.fallback;
  const fixed = new Map<Separator, boolean>();
  const isFixed = (sign: Separator): boolean => {
    const known = fixed.get(sign);
    if (known !== undefined) return known;
    const found = options.fallback === 'point' && areFixedDecimals(cells, plain, sign);
    fixed.set(sign, found);
    return found;
  };
  const settled = (currency: string, sign: Separator): { role: Role; by: SeparatedNumber['by'] } => {
    if (options.configured !== undefined) {
      return { role: (options.configured === 'point') === (sign === '.') ? 'decimals' : 'thousands', by: 'sure' };
    }
    const isThousandth = hasThreeDecimals(currency);
    for (const ballot of [byCurrency.get(currency) ?? all, all]) {
      if (isThousandth && ballot === all) break;
      const role = roleBy(ballot, sign);
      if (role === undefined) continue;
      const isAgainst = options.amounts && !isThousandth && role === 'decimals' && isTooLong(ballot[sign]);
      return isAgainst ? { role: 'thousands', by: 'against' } : { role, by: 'sure' };
    }
    const isDecimal = isThousandth
      ? sign === '.'
      : fallback === 'decimals' || (fallback === 'point' && sign === '.') || isFixed(sign);
    return { role: isDecimal ? 'decimals' : 'thousands', by: 'default' };
  };
  return {
    read({ digits, currency }) {
      if (digits.open === undefined) return { text: digits.decimals, by: 'sure' };
      const { role, by } = settled(currency, digits.open);
      return { text: digits[role], by };
    },
    decisions: [...byCurrency].flatMap(([currency, ballot]) =>
      (['.', ','] as const).flatMap((sign): Decision[] => {
        const { open } = ballot[sign];
        if (open === 0) return [];
        const { role, by } = settled(currency, sign);
        const { decimals, thousands } = all[sign];
        return [
          {
            what: `1${sign}234${currency === '' ? '' : ` with ${currency}`}`,
            chosen: role,
            by: options.configured === undefined ? (by === 'default' ? 'default' : 'evidence') : 'configuration',
            evidence: { cells: open, decimals, thousands },
          },
        ];
      }),
    ),
  };
}

const emptyBallot = ({ decimals, long }: PlainNumbers = NONE): Ballot => ({
  '.': { decimals, long, thousands: 0, open: 0 },
  ',': { decimals: 0, long: 0, thousands: 0, open: 0 },
});

function vote(ballot: Ballot, { digits: { point, comma, open, decimals } }: NumberText, count: number): void {
  if (point !== undefined) ballot['.'][point] += count;
  if (comma !== undefined) ballot[','][comma] += count;
  if (open !== undefined) ballot[open].open += count;
  const sign = point === 'decimals' ? '.' : comma === 'decimals' ? ',' : undefined;
  if (sign !== undefined && decimals.length - decimals.indexOf('.') > LONG) ballot[sign].long += count;
}

/** By the sign itself, else by the other one: two signs do not do the same. */
function roleBy(ballot: Ballot, sign: Separator): Role | undefined {
  const [own, other] = [ballot[sign], ballot[sign === '.' ? ',' : '.']];
  if (own.decimals !== own.thousands) return own.decimals > own.thousands ? 'decimals' : 'thousands';
  if (other.decimals === other.thousands) return undefined;
  return other.decimals > other.thousands ? 'thousands' : 'decimals';
}

/** Three decimals where all others have one or two: these were thousands to somebody. */
const isTooLong = ({ decimals, long, open }: Votes): boolean => long === 0 && open <= OPEN_FOR_SHORT * decimals;
