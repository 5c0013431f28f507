import type { NumberFormat } from './number-formats.js';
import { plainDecimal, shifted } from './plain-decimal.js';
import { shownText } from '../shown-text.js';
import { serialDate } from './serial-date.js';
import type { SharedStrings } from './shared-strings.js';
import type { SheetCell } from './sheet-rows.js';
import { unescapeText } from './escaped-text.js';

/** What the cells of a workbook refer to. */
export interface CellMeaning {
  readonly strings: SharedStrings;
  readonly formats: readonly NumberFormat[];
  readonly date1904: boolean;
}

/** Whole numbers as programs write them; they keep all their digits, also beyond 2^53. */
const WHOLE = /^(?:0|-?[1-9]\d*)$/;

/**
 * A cell's text; null for an empty one. A number is its shortest decimal, or, where that could be read as thousands, with a
 * fourth digit (`12.3450`); in a percent format it has its sign, in a format of zeros all its digits (`00042`), in a date's
 * it is ISO; a formula counts by its stored value, and an error by its name (`#N/A`). Throws a `RangeError` that says
 * what is wrong with it.
 */
export function cellText(cell: SheetCell, meaning: CellMeaning): string | null {
  const { type, value } = cell;
  if (value === '') {
    // A formula whose result is an empty text says so by its type; without one nobody has computed it yet.
    if (!cell.formula || type === 'str') return null;
    throw new RangeError(
      'Expected the stored value of the formula, got none: open the file in a spreadsheet program and save it',
    );
  }
  if (type === 's') return sharedText(value, meaning.strings);
  if (type === 'inlineStr' || type === 'str') return unescapeText(value) || null;
  if (type === 'b') return value === '1' || value === 'true' ? 'true' : 'false';
  if (type === 'e' || type === 'd') return value;
  return numberText(value, meaning.formats[cell.style] ?? 'number', meaning.date1904);
}

/** In a text `12.345` may be twelve thousand; of a number there is no doubt, so that it gets a fourth decimal. */
const beyondDoubt = (decimal: string): string => (/^-?[1-9]\d{0,2}\.\d{3}$/.test(decimal) ? `${decimal}0` : decimal);

/** As it is shown: whole numbers in so many digits. What is not whole has no such form. */
const padded = (decimal: string, digits: number): string =>
  WHOLE.test(decimal) ? decimal.replace(/\d+/, (whole) => whole.padStart(digits, '0')) : beyondDoubt(decimal);

function sharedText(value: string, strings: SharedStrings): string | null {
  const index = Number(value);
  if (!(Number.isInteger(index) && index >= 0 && index < strings.count)) {
    throw new RangeError(
      `Expected one of the workbook's ${strings.count} texts, got number '${shownText(value)}': save it again`,
    );
  }
  return strings.at(index) || null;
}

function numberText(value: string, format: NumberFormat, date1904: boolean): string {
  const trimmed = value.trim();
  if (format === 'number' && WHOLE.test(trimmed)) return trimmed;
  const number = trimmed === '' ? Number.NaN : Number(trimmed);
  if (!Number.isFinite(number))
    throw new RangeError(`Expected a number, got '${shownText(value)}': save the file again`);
  const decimal = WHOLE.test(trimmed) ? trimmed : plainDecimal(number);
  if (format === 'number') return beyondDoubt(decimal);
  if (format.startsWith('code-')) return padded(decimal, Number(format.slice('code-'.length)));
  if (format === 'percent') return `${shifted(decimal, 2)}%`;
  return serialDate(number, format, date1904) ?? decimal;
}
