/** What systems store where there is no date. */
const NO_DATES = new Set([
  '0001-01-01',
  '1111-11-11',
  '1753-01-01',
  '1899-12-30',
  '1899-12-31',
  '1900-01-01',
  '2999-12-31',
  '9999-12-31',
]);

export const isNoDate = (date: string): boolean => NO_DATES.has(date);

const ZEROS = /^0{1,4}([-/.])00?\1(?:00?|0000)(?:[t ]00?:00(?::00)?.*)?$/i;
/** Day 0 of spreadsheets, and runs of zeros and nines. */
const NEVER = /^(?:0?0[-/.]0?1|0?1[-/.]0?0)[-/.](?:19)?00$|^1900[-/.]0?1[-/.]0?0$|^0+(?:\.0+)?$|^-?9{5,}(?:\.0+)?$/;
/** A form's mask that nobody filled in. */
const MASK = /^[-/._: ]*$|^(?:d{1,2}|m{1,2}|[ya]{2,4})(?:([-/. ])(?:d{1,2}|m{1,2}|[ya]{2,4})){2}$/i;

/** Why a tidied text that is no date says that there is none. */
export function noDateText(tidied: string): 'sentinel-date' | 'missing-marker' | undefined {
  if (ZEROS.test(tidied) || NEVER.test(tidied)) return 'sentinel-date';
  return MASK.test(tidied) ? 'missing-marker' : undefined;
}
