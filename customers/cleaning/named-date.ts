import { fullYear, isoDate } from './date-parts.js';
import type { DateOrder, DateStyle, PartsDate } from './date-parts.js';
import { monthFromName } from './month-names.js';

const ORDINAL = '(?:(?:st|nd|rd|th|o|a|er|ro|ero|°|\\.)(?![a-z]))?';
const OF = '(?:(?:de|del|of|do|d\\.)[-/. ])?(?:ano )?';
const MONTH = '([a-z]{1,10})\\.?';
const NAME_BETWEEN = new RegExp(`^(\\d{1,4})${ORDINAL}[-/., ]*${OF}${MONTH}[-/., ]*${OF}'?(\\d{1,4})${ORDINAL}$`);
const NAME_FIRST = new RegExp(`^${MONTH}[-/., ]*(?:the )?(\\d{1,2})${ORDINAL}[-/., ]+${OF}'?(\\d{4}|\\d{2})$`);
const NAME_LAST = new RegExp(`^(\\d{4})[-/., ]+(\\d{1,2})${ORDINAL}[-/., ]+${OF}${MONTH}$`);

const LONG: DateStyle = { name: 'with names of months', parts: 'month by name', yearDigits: 4 };
const SHORT: DateStyle = { name: 'with names of months and a year of 2 digits', parts: 'month by name', yearDigits: 2 };
/** Who begins with the month ends with the year. */
const NAME_FIRST_SHORT: DateStyle = { ...SHORT, name: 'with the name of the month first and a year of 2 digits' };

/** A date of which the month has a name; takes text in lower case without accents. */
export function namedDate(text: string, thisYear: number): PartsDate | undefined {
  const readings = new Map<DateOrder, string>();
  const put = (order: DateOrder, year: string, name: string, day: string): void => {
    const month = monthFromName(name);
    if (month === undefined || day.length > 2) return;
    const date = isoDate(fullYear(year, thisYear), month, Number(day));
    if (date !== undefined) readings.set(order, date);
  };
  const [, first = '', name = '', last = ''] = NAME_BETWEEN.exec(text) ?? [];
  if (last.length === 4 || last.length === 2) put('dmy', last, name, first);
  if (first.length === 4 || first.length === 2) put('ymd', first, name, last);
  const [, named = '', day = '', year = ''] = NAME_FIRST.exec(text) ?? [];
  if (named !== '') put('mdy', year, named, day);
  const [, before = '', late = '', month = ''] = NAME_LAST.exec(text) ?? [];
  if (month !== '') put('ydm', before, month, late);
  if (readings.size === 0) return undefined;
  const isLong = [first, last, year, before].some(({ length }) => length === 4);
  return { style: isLong ? LONG : named === '' ? SHORT : NAME_FIRST_SHORT, readings };
}
