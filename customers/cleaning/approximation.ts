/** Words and signs of about, as they stand before a number. `ca$` is a currency. */
const BEFORE_WORDS = [
  'aprox(?:imadamente|imado|imada)?\\.?|approx(?:imately)?\\.?|circa|c?ca\\.|c?ca(?!\\p{Sc})|about|around|roughly',
  'almost|nearly|more or less|unos|unas|casi|alrededor de|cerca de|en torno a|m[aá]s o menos',
  'uns|umas|quase|em torno de|por volta de|mais ou menos|environ|etwa|ungefähr',
].join('|');
const AFTER_WORDS =
  'aprox(?:imadamente|imados|imadas)?\\.?|approx(?:imately)?\\.?|circa|ca\\.?|m[aá]s o menos|mais ou menos|more or less|or so';
/** At least so many: `65+` and `65 or more`, but not `> 65`, which says that it is another number. */
const AT_LEAST = '\\+|\\s(?:o|y|ou|e|or|and|&)\\s(?:m[aá]s|mais|more|over|older|above|up)(?!\\p{L})';

/** Nothing that could be the other end of a range stands on the far side: `30 ~ 400`. */
const BEFORE = new RegExp(
  String.raw`^((?:[^\d~]*[^\p{L}\d~])?)(?:[~≈∼±]|\+/-|(?:${BEFORE_WORDS})(?!\p{L})):?\s*(?=[^\s])`,
  'iu',
);
const AFTER = new RegExp(
  String.raw`(?<=[\p{L}\d%.]\s?)\s*(?:\(\s*)?(?:~|(?<!\p{L})(?:${AFTER_WORDS}))(?:\s*\))?$`,
  'iu',
);
const AT_LEAST_BEHIND = new RegExp(String.raw`(?<=\d[\p{L}\s.%]*)\s*(?:${AT_LEAST})(?=[\p{L}\p{Sc}\s.%]*$)`, 'iu');

/** More around the digits, or more words where there are none, are notes: the patterns take time for them. */
const LONGEST_AROUND = 30;
const LONGEST_WORDS = 40;
const AROUND = /^(\D*)(?:\d.*\d|\d)(\D*)$/su;

export interface Approximation {
  /** Without the words of about. */
  readonly text: string;
  readonly approximate: boolean;
}

/**
 * Takes off what says that a number is not exact: `~66`, `aprox. 66`, `66 or so`, `65+`. What is left need not be a
 * number. Takes tidied text.
 */
export function withoutApproximation(tidied: string): Approximation {
  const exact = { text: tidied, approximate: false };
  const [, before, after = ''] = AROUND.exec(tidied) ?? [];
  if (before === undefined ? tidied.length > LONGEST_WORDS : before.length + after.length > LONGEST_AROUND)
    return exact;
  const from = before === '' ? tidied : tidied.replace(BEFORE, '$1');
  const text =
    before !== undefined && after === '' ? from : from.replace(AFTER, '').replace(AT_LEAST_BEHIND, '').trim();
  return text === tidied || text === '' ? exact : { text, approximate: true };
}
