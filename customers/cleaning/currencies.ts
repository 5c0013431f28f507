import { wordsIn } from './word-lists.js';

/** What people write for currencies, beside signs such as `$` and the codes of ISO 4217; in lower case, without accents. */
const NAMES = wordsIn(
  'us u u$s ar rd mx cl co col s/ bs bsf gs q l c b/ a au ca nz hk nt r fr rs inr kr zl zł tl lei ft kc kn rm rp s j',
  'lps mn m/n dhs ksh qr sr bss u$d $b e£ đ uros złotych złote',
  'bz ec eu sk den din dh руб р грн лв ден дин kd bd jd dt ld',
  'peso pesos dolar dolares dollar dollars buck bucks euro euros sol soles real reais reales bolivar bolivares',
  'guarani guaranies quetzal quetzales lempira lempiras colon colones cordoba cordobas balboa balboas libra libras',
  'pound pounds yen yenes yuan franco francos franc francs rupee rupees rupia rupias lira liras boliviano bolivianos',
  'zloty zlotys zlotych kuna kune forint forints koruna korun krona kronor krone kroner dinar dinars dinares',
  'argentinos mexicanos chilenos colombianos uruguayos americanos',
  // Codes of the past, and of units of account.
  'clf dem eek esp frf itl ltl lvl mxv pte skk uyi vef zmk',
);
const CODES = new Set(Intl.supportedValuesOf('currency').map((code) => code.toLowerCase()));

/** Dinars and rials have a thousand parts: Bahrain, Jordan, Kuwait, Libya, Oman, Tunisia. */
const IN_THOUSANDTHS = wordsIn('bhd jod kwd lyd omr tnd bd jd kd ld dt');

/** Whether a word of a number, in lower case and without accents and points, names a currency: `us$`, `clp`, `€`. */
export function isCurrency(word: string): boolean {
  const letters = word.replace(/\p{Sc}/gu, '');
  return letters === '' || NAMES.has(letters) || CODES.has(letters) || NAMES.has(word);
}

/** Whether amounts of it have three decimals. */
export const hasThreeDecimals = (currency: string): boolean => IN_THOUSANDTHS.has(currency);
