export type DateOrder = 'dmy' | 'mdy' | 'ymd' | 'ydm';

/** How the dates of one system look; the order of their parts is settled for each style by itself. */
export interface DateStyle {
  /** `with / and a year of 2 digits` */
  readonly name: string;
  readonly parts: 'numbers' | 'month by name' | 'digits alone';
  readonly yearDigits: 2 | 4;
  /** `2014-06-16`, with its zeros. */
  readonly isIso?: true;
}

/** A date in day, month and year: what it is in each order in which there is such a day; in one at least. */
export interface PartsDate {
  readonly style: DateStyle;
  readonly readings: ReadonlyMap<DateOrder, string>;
}

const SIGNED = /^(\d{1,4})([-/._\\, ])(\d{1,2})([-/._\\, ])'?(\d{1,4})$/;
/** Of a number, also with the decimals that a program gave it, and without the zero that it does not keep. */
const DIGITS = /^(\d{7,8})(?:\.0+)?$/;
/** Of `2014-6-16`. */
export const UNPADDED_ISO = 'with - and a year of 4 digits first';
const ISO_STYLE: DateStyle = { name: 'as in ISO', parts: 'numbers', yearDigits: 4, isIso: true };
const DIGIT_STYLE: DateStyle = { name: 'in digits alone', parts: 'digits alone', yearDigits: 4 };
const DIGITS_YEAR_FIRST: DateStyle = { ...DIGIT_STYLE, name: 'in digits alone with the year first' };

/** A date in three numbers, or in seven or eight digits; undefined where it is none that exists. */
export function numericDate(text: string, thisYear: number): PartsDate | undefined {
  const [, digits] = DIGITS.exec(text) ?? [];
  if (digits !== undefined) return inDigits(digits);
  const [, first = '', sign = '', middle = '', next = '', last = ''] = SIGNED.exec(text) ?? [];
  // One sign, or two of the usual ones by a slip.
  if (sign !== next && !/^[-/.]{2}$/.test(sign + next)) return undefined;
  const signs = (sign === next ? sign : `${sign}${next}`).replace(' ', 'blanks');
  const readings = new Map<DateOrder, string>();
  const put = (order: DateOrder, year: string, month: string, day: string): void => {
    if (month.length > 2 || day.length > 2) return;
    const date = isoDate(fullYear(year, thisYear), Number(month), Number(day));
    if (date !== undefined) readings.set(order, date);
  };
  if (isYear(last)) {
    put('dmy', last, middle, first);
    put('mdy', last, first, middle);
  }
  if (isYear(first)) {
    put('ymd', first, middle, last);
    put('ydm', first, last, middle);
  }
  if (readings.size === 0) return undefined;
  if (/^\d{4}-\d\d-\d\d$/.test(text)) return { style: ISO_STYLE, readings };
  const isLong = first.length === 4 || last.length === 4;
  const year = first.length === 4 ? 'a year of 4 digits first' : `a year of ${isLong ? 4 : 2} digits`;
  return { style: { name: `with ${signs} and ${year}`, parts: 'numbers', yearDigits: isLong ? 4 : 2 }, readings };
}

/** `20140616`, `16062014`, `06162014`: no year of our time is a month and a day. */
function inDigits(digits: string): PartsDate | undefined {
  const readings = new Map<DateOrder, string>();
  const put = (order: DateOrder, year: string, month: string, day: string): void => {
    const date = /^(?:1[7-9]|2[01])\d\d$|^0001$|^2999$|^9999$/.test(year)
      ? isoDate(Number(year), Number(month), Number(day))
      : undefined;
    if (date !== undefined) readings.set(order, date);
  };
  const full = digits.padStart(8, '0');
  if (digits.length === 8) put('ymd', full.slice(0, 4), full.slice(4, 6), full.slice(6));
  put('dmy', full.slice(4), full.slice(2, 4), full.slice(0, 2));
  put('mdy', full.slice(4), full.slice(0, 2), full.slice(2, 4));
  if (readings.size === 0) return undefined;
  return { style: readings.has('ymd') ? DIGITS_YEAR_FIRST : DIGIT_STYLE, readings };
}

const isYear = (digits: string): boolean => digits.length === 2 || digits.length === 4;

/** As `YYYY-MM-DD`; undefined where there is no such day. */
export function isoDate(year: number, month: number, day: number): string | undefined {
  if (month < 1 || month > 12 || day < 1 || day > daysIn(month, year)) return undefined;
  return `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
}

function daysIn(month: number, year: number): number {
  if (month !== 2) return [4, 6, 9, 11].includes(month) ? 30 : 31;
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
}

/** Of two digits, the latest year that ends so and is at most one after `thisYear`. */
export function fullYear(digits: string, thisYear: number): number {
  if (digits.length > 2) return Number(digits);
  return thisYear + 1 - ((((thisYear + 1 - Number(digits)) % 100) + 100) % 100);
}
