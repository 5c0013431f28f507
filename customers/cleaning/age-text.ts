import { isArticle, numberFromWords } from './number-words.js';

/** Years of several tongues and of broken encodings: `a?os`, `35 y/o`, `35 J.` */
const YEARS = String.raw`(?:a.{0,2}os?|years?|yrs?|y|y\/?o|y\.o\.|a|ans?|j|jhr?|jahren?|jahr|anni|lat|let)\.?`;
const OLD = '(?:old|de edad|de idade|of age|cumplidos|completos|alt)';
const MONTHS = '(?:m|mes|mos|meses|months?|mths?|monate?|mois)';
const BEFORE = String.raw`^(?:(?:edad|aged?|idade|anos?|tiene|tem)\s*:?\s*)?`;
/** What counts no more: `y 4 meses`, `4m`, `and a half`. */
const PART = String.raw`(?:,?\s*(?:(?:y|e|and|und|et)\s+)?(?:\d{1,2}\s*${MONTHS}\.?|medio|meio|a half))`;

const IN_DIGITS = new RegExp(
  String.raw`${BEFORE}(-?\d{1,4})(?:[.,](\d+))?(?:\s*-?\s*\(?${YEARS}\)?(?:[\s-]*${OLD})?(${PART})?)?$`,
);
const IN_WORDS = new RegExp(String.raw`${BEFORE}([a-z -]+?)(?:\s+(${YEARS})(?:\s*${OLD})?(${PART})?)?$`);

export interface AgeText {
  /** The years that are complete. */
  readonly years: number;
  readonly inWords: boolean;
  /** A part of a year was left out. */
  readonly rounded: boolean;
}

/** `35`, `35.0`, `35 años de edad`, `age: 35`, `35 años y 4 meses`, `treinta y cinco`. Takes lower case without accents. */
export function readAgeText(folded: string): AgeText | undefined {
  // `35 an(s)`, as forms say it.
  const text = folded.replace(/(?<=[a-z])\(s\)/, 's');
  const [, digits, decimals, part] = IN_DIGITS.exec(text) ?? [];
  if (digits !== undefined) {
    const rounded = part !== undefined || (decimals !== undefined && Number(decimals) !== 0);
    return { years: Number(digits), inWords: false, rounded };
  }
  const [, words = '', unit, more] = IN_WORDS.exec(text) ?? [];
  const years = isArticle(words) && unit !== undefined ? 1 : numberFromWords(words);
  return years === undefined ? undefined : { years, inWords: true, rounded: more !== undefined };
}
