/** `10:30`, `10:30:15.000`, `10.30.15`, `10h30`, `4 pm`, `T103015`. */
const CLOCK = [
  '\\d{1,2}:\\d{2}(?::\\d{2}(?:[.,:]\\d+)?)?',
  '\\d{1,2}\\.\\d{2}(?:\\.\\d{2}(?:[.,]\\d+)?)?',
  '\\d{1,2} ?h(?:\\d{2})?',
  '\\d{1,2}(?= ?[ap]\\.? ?m)',
  '(?<=t)\\d{4}(?:\\d{2}(?:[.,]\\d+)?)?',
].join('|');
/** `pm`, `UTC`, `-03:00`, `GMT+0200 (Central European Summer Time)`, `[America/Bogota]`. */
const ZONE = '(?: ?[ap]\\.? ?m\\.?)?(?: ?[a-z]{1,5}\\.?)?(?: ?[+-]\\d{1,2}(?::?\\d{2})?)?(?: ?[[(][^\\])]*[\\])])?';
const BETWEEN = '(?:t|[,;:_-] ?|,? (?:(?:-|a las?|as|at|um|alle|ore) )?)';

const AFTER = new RegExp(`(?<=\\d)${BETWEEN}(?:${CLOCK})${ZONE}$`);
const BEFORE = new RegExp(`^\\d{1,2}:\\d{2}(?::\\d{2})?(?: ?[ap]\\.? ?m\\.?)?,?[, ]`);
/** As C and Java write a moment: `jun 16 10:30:00 utc 2014`. */
const WITHIN = new RegExp(`^([a-z]{3,10}\\.? \\d{1,2}),?[, ](?:${CLOCK})${ZONE},?[, ](\\d{4})$`);
/** A date of XML with its zone. */
const ZONED = /(?<=^\d{4}-\d\d-\d\d)(?:z|[+-]\d\d:\d\d)$/;
/** Of a moment in digits alone: `20140616103000`, also with thousandths. */
const DIGITS = /^(\d{8})([01]\d|2[0-3])[0-5]\d[0-5]\d(?:\d{3})?$/;

/** No date with a time of day is as short. */
const SHORTEST = 10;

/** The day of a moment, as it is written: its time and zone are left out. Takes text in lower case without accents. */
export function dayOfMoment(text: string): { readonly day: string; readonly hasTime: boolean } {
  if (text.length <= SHORTEST) return { day: text, hasTime: false };
  const day = text
    .replace(DIGITS, '$1')
    .replace(WITHIN, '$1 $2')
    .replace(ZONED, '')
    .replace(AFTER, '')
    .replace(BEFORE, '');
  return { day, hasTime: day !== text };
}
