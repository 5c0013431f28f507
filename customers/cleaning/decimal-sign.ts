import type { Decision } from './cell.js';
import type { DecimalSign } from './digits.js';
import type { NumberText } from './number-text.js';

export interface NumberCell {
  readonly number: NumberText;
  readonly count: number;
}

export interface DecimalSigns {
  /** The number as a plain decimal, its sign left out. `sure` says that nothing in the column speaks against it. */
  decimalOf(number: NumberText): { readonly text: string; readonly sure: boolean };
  readonly decisions: readonly Decision[];
}

/**
 * How `1.234` and `1,234` are meant where nothing in the column tells. `grouped`: as thousands; `point`: `1.234` has
 * decimals, and `1,234` thousands; `decimal`: both have decimals.
 */
export type SignDefault = 'grouped' | 'point' | 'decimal';

type Votes = { point: number; comma: number; ambiguous: number };

/** From so many different texts on, decimals that are always three are thousands. */
const ALWAYS_THREE = 20;
/** From so many different texts with decimals on, of which none has three or more, three digits are thousands. */
const NEVER_THREE = 20;

/**
 * Settles which sign stands before the decimals, for a whole column of a file: by configuration, else by what the cells
 * say that leave no doubt (`1.234,5`, `12,5`, `1.234.567`), first those with the same currency, then all. A cell that
 * leaves no doubt is read as it says, whatever is settled for the others. Where amounts (`grouped`) have cents and never
 * a third decimal, three digits behind one sign are thousands whichever sign it is: `$ 12,345` beside `$ 1.234,56`.
 */
export function settleDecimalSign(
  cells: readonly NumberCell[],
  configured: DecimalSign | undefined,
  fallback: SignDefault,
): DecimalSigns {
  const all: Votes = { point: 0, comma: 0, ambiguous: 0 };
  const byCurrency = new Map<string, Votes>();
  let points = 0;
  const decimals = { short: 0, long: 0 };
  for (const { number, count } of cells) {
    const { says, ambiguous } = number.digits;
    const side = ambiguous === undefined ? says : 'ambiguous';
    const digits = ambiguous === undefined ? decimalsIn(number.digits.point) : 0;
    if (digits > 0) decimals[digits < 3 ? 'short' : 'long'] += 1;
    if (side === undefined) continue;
    const own = byCurrency.get(number.currency) ?? { point: 0, comma: 0, ambiguous: 0 };
    byCurrency.set(number.currency, own);
    own[side] += count;
    all[side] += count;
    if (ambiguous === '.') points++;
  }
  // Decimals lose their zeros, thousands do not: in a column of decimals some would have fewer than three.
  const otherwise = fallback === 'point' && points >= ALWAYS_THREE ? 'grouped' : fallback;
  const chosenFor = (currency: string): DecimalSign | undefined =>
    configured ?? majority(byCurrency.get(currency)) ?? majority(all);
  const isCents =
    configured === undefined && fallback === 'grouped' && decimals.long === 0 && decimals.short >= NEVER_THREE;
  return {
    decimalOf: ({ digits, currency }) => {
      if (digits.ambiguous === undefined) return { text: digits.point, sure: true };
      const chosen = chosenFor(currency);
      if (isCents) {
        const groups = digits.ambiguous === '.' ? 'comma' : 'point';
        return { text: digits[groups], sure: chosen === groups };
      }
      if (chosen !== undefined) return { text: digits[chosen], sure: true };
      const asPoint =
        otherwise === 'decimal' ? digits.ambiguous === '.' : otherwise === 'point' || digits.ambiguous === ',';
      return { text: asPoint ? digits.point : digits.comma, sure: false };
    },
    decisions: decisionsOf(all, byCurrency, configured, chosenFor, otherwise),
  };
}

/** How many digits of a plain decimal stand behind its point. */
const decimalsIn = (plain: string): number => plain.split('e')[0]?.split('.')[1]?.length ?? 0;

const majority = (votes: Votes | undefined): DecimalSign | undefined => {
  if (votes === undefined || votes.point === votes.comma) return undefined;
  return votes.point > votes.comma ? 'point' : 'comma';
};

const DEFAULTS: { readonly [fallback in SignDefault]: string } = {
  grouped: 'thousands',
  point: 'point',
  decimal: 'decimals',
};

/** One for the column, and one for each currency that has a side of its own. Nothing where no cell has a separator. */
function decisionsOf(
  all: Votes,
  byCurrency: ReadonlyMap<string, Votes>,
  configured: DecimalSign | undefined,
  chosenFor: (currency: string) => DecimalSign | undefined,
  fallback: SignDefault,
): Decision[] {
  if (all.point + all.comma + all.ambiguous === 0) return [];
  const whole = configured ?? majority(all);
  const by = configured === undefined ? (whole === undefined ? 'default' : 'evidence') : 'configuration';
  const decisions: Decision[] = [
    { what: 'decimal sign', chosen: whole ?? DEFAULTS[fallback], by, evidence: { ...all } },
  ];
  for (const [currency, votes] of byCurrency) {
    const chosen = chosenFor(currency);
    if (chosen === undefined || chosen === whole) continue;
    const what = currency === '' ? 'decimal sign without a currency' : `decimal sign with ${currency}`;
    decisions.push({ what, chosen, by: 'evidence', evidence: { ...votes } });
  }
  return decisions;
}
