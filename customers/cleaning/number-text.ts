import { withoutApproximation } from './approximation.js';
import { isCurrency } from './currencies.js';
import type { Digits } from './digits.js';
import { readDigits } from './digits.js';
import { isArticle, numberFromWords } from './number-words.js';
import { unitName } from './number-units.js';
import { leaveNumber } from './telling-words.js';
import { withoutAccents } from './tidy-text.js';
import { wordsIn } from './word-lists.js';

/** A number as it is written, before it is settled which sign stands before its decimals. */
export interface NumberText {
  readonly digits: Digits;
  readonly negative: boolean;
  /** The currency as written, in lower case: `us$`, `pesos`; '' without one. */
  readonly currency: string;
  /** `12k` is 12 times ten to the power of 3. */
  readonly power: number;
  readonly percent: boolean;
  /** A word for what is counted: `meses`. */
  readonly unit: boolean;
  /** The name of the unit, where there are larger and smaller ones of its kind: `month`, `/month`; else ''. */
  readonly measure: string;
  /** Other words beside the digits, which leave the number what it is: `bonos cargados`; '' without any. */
  readonly words: string;
  /** `twelve` */
  readonly inWords: boolean;
  /** It is about so much, or at least: `~66`, `65+`. */
  readonly approximate: boolean;
  /** Digits, at most one point, a minus before them: as a program writes a number. */
  readonly simple: boolean;
}

const SIMPLE = /^-?\d+(?:\.\d+)?$/;
/** What stands before the digits, the digits with their separators, what stands after them. */
const PARTS = /^([^\d]*)(\d(?:[\d.,'_ ]*\d)?(?:e[+-]?\d{1,3}(?!\d))?)([^\d]*)$/i;

/** `M` is missing, being thousands to some and millions to others, and so is `billón`. */
const POWERS = new Map(
  (
    [
      [3, 'k mil miles thousand tsd tausend mille mila tys tis'],
      [5, 'lakh lakhs lac lacs'],
      [6, 'mm mill millon millones million millions millionen milhao milhoes milione milioni mio mln'],
      [7, 'crore crores'],
      [9, 'mrd mld milliard milliards milliarde milliarden miliardo miliardi'],
    ] as const
  ).flatMap(([power, words]) => words.split(' ').map((word) => [word, power] as const)),
);

const PERCENT_WORDS = wordsIn('% percent pct porciento porcento ciento cento cien prozent pourcent');

const UNITS = wordsIn(
  'orden ordenes pedido pedidos order orders compra compras purchase purchases',
  'item items articulo articulos artigo artigos producto productos produto produtos product products unidad unidades',
  'unidade unidades unit units ud uds un pz pza pzas pieza piezas pc pcs piece pieces punto puntos ponto pontos point',
  'points pt pts vez veces vezes time times visita visitas visit visits hijo hijos filho filhos child children',
  'cliente clientes customer customers persona personas pessoa pessoas ticket tickets transaccion transacciones',
  'bestellung bestellungen kauf kaufe einkauf einkaufe artikel stuck stk punkt punkte mal besuch besuche kinder kunden',
  'commande commandes achat achats article articles produit produits fois visite visites enfant enfants client clients',
  'ordine ordini acquisto acquisti articolo articoli prodotto prodotti pezzo pezzi volte figli clienti punti x',
);

/** `3 millones de pesos`, `12 por ciento`: nothing by themselves. */
const FILLERS = wordsIn('de of por per pro par');

/** Reads a number with whatever stands around it: signs, currencies, thousands, a percent sign. Takes tidied text. */
export function readNumberText(text: string): NumberText | undefined {
  if (SIMPLE.test(text)) {
    const negative = text.startsWith('-');
    const digits = readDigits(negative ? text.slice(1) : text);
    return digits && { ...NOTHING_SAID, digits, negative, inWords: false, approximate: false, simple: true };
  }
  const { text: said, approximate } = withoutApproximation(text);
  const number = /\d/.test(said) ? inDigits(said) : inWords(said);
  // `5 + envío` is more than five; `5+` is at least five.
  if (number === undefined || (number.words !== '' && approximate && text.includes('+'))) return undefined;
  return { ...number, approximate, simple: false };
}

type Said = Pick<NumberText, 'currency' | 'power' | 'percent' | 'unit' | 'measure' | 'words'>;
const NOTHING_SAID: Said = { currency: '', power: 0, percent: false, unit: false, measure: '', words: '' };
type Parts = Omit<NumberText, 'approximate' | 'simple'>;

/** `310€13`: a sign of a currency where the decimals begin. */
const CURRENCY_AMID = /^(-?\d[\d.' ]*?) ?(\p{Sc}) ?(\d{2})(?!\d)([^\d.,]*)$/u;
/** Words in parentheses, which say what those without them do: `(USD)`, `order(s)`, `orden(es)`. */
const ASIDE = /\(([\p{L}\p{Sc}%][\p{L}\p{Sc}.%/$ ]*)\)/gu;
const PLURAL = /(?<=\p{L}{2})\((e?s|n)\)/giu;
/** `500.-`, `500,--` and `500,—` are no minus: they say that there are no decimals. */
const NO_DECIMALS = /^[.,] ?-{1,3}(?!-)/;

function inDigits(written: string): Parts | undefined {
  const [, units, sign, cents, rest = ''] = CURRENCY_AMID.exec(written) ?? [];
  if (units !== undefined) return withCents(units, `${sign}${rest}`, cents ?? '');
  const text = written.includes('(') ? written.replace(PLURAL, '$1').replace(ASIDE, ' $1 ').trim() : written;
  const [, outside, inside, behind] = /^([^\d()]*)\(([^()]*)\)([^\d()]*)$/.exec(text) ?? [];
  const [, before = '', body, after = ''] =
    PARTS.exec(outside === undefined ? text : `${outside}${inside}${behind}`) ?? [];
  if (body === undefined) return undefined;
  // `.5`, but not the point of `Bs.`
  const leads = /(?:^|[^\p{L}/])[.,]$/u.test(before);
  const digits = readDigits(leads ? `${before.at(-1)}${body}` : body);
  const words = wordsOf(leads ? before.slice(0, -1) : before, after.replace(NO_DECIMALS, ''));
  const minus = words?.minus === true;
  if (digits === undefined || words === undefined || (minus && outside !== undefined)) return undefined;
  return { digits, ...words.said, negative: minus || outside !== undefined, inWords: false };
}

/** The cents say nothing about what a point or a comma does elsewhere. */
function withCents(units: string, behind: string, cents: string): Parts | undefined {
  const whole = inDigits(`${units} ${behind}`);
  if (whole === undefined || /[.e]/.test(whole.digits.thousands)) return undefined;
  const plain = `${whole.digits.thousands}.${cents}`;
  return { ...whole, digits: { ...whole.digits, decimals: plain, thousands: plain, open: undefined } };
}

/** Longer texts are notes. */
const LONGEST = 60;
/** `one hundred and thirty five` */
const MOST_WORDS = 5;

/** `doce meses`, `cien pesos`, `dos mil`: a number below 200, then words that may stand behind digits. */
function inWords(text: string): Parts | undefined {
  if (text.length > LONGEST || !/^\p{L}/u.test(text)) return undefined;
  const words = withoutAccents(text).split(' ');
  const [first = ''] = words;
  if (!isArticle(first) && numberFromWords(first) === undefined) return undefined;
  for (let end = Math.min(words.length, MOST_WORDS); end > 0; end--) {
    const [number, rest] = [words.slice(0, end).join(' '), words.slice(end).join(' ')];
    const value = end === 1 && isArticle(number) ? 1 : numberFromWords(number);
    if (value === undefined) continue;
    const said = rest === '' ? NOTHING_SAID : wordsOf('', rest)?.said;
    const digits = readDigits(String(value));
    if (said === undefined || digits === undefined) return undefined;
    // `un` counts only with what is counted; `once` is eleven to some, and one time to others.
    const isDoubtful = isArticle(number) ? !said.unit && said.power === 0 : text.toLowerCase() === 'once';
    return isDoubtful ? undefined : { digits, ...said, negative: false, inWords: true };
  }
  return undefined;
}

/** `12-meses`, `years-old`: a hyphen, and no minus. */
const HYPHEN = /(^|\p{L})-(?=(\p{L}+))/gu;
/** What parts words from digits: `Q3`, `5th` and `covid-19` are no numbers with a word. */
const APART_BEFORE = /^-?$|[\s:=]-?$/;
const APART_BEHIND = /^$|^[\s(-]/;

/** What the words around the digits say; undefined where one of them is not known and may say anything. */
function wordsOf(before: string, behind: string) {
  const said = { currency: '', power: 0, percent: false, unit: false, measure: '' };
  const after = behind.replace(HYPHEN, (found, letter: string, word: string) =>
    letter === '' && isCurrency(withoutAccents(word)) ? found : `${letter} `,
  );
  const signs = `${before} ${after}`.match(/[+-]/g) ?? [];
  if (signs.length > 1) return undefined;
  const words = `${withoutAccents(before)} ${withoutAccents(after)}`.replace(/[+-]/g, ' ').split(/\s+/);
  if (words.every((word) => word === '' || FILLERS.has(word)) && words.some((word) => word !== '')) return undefined;
  const unknown: string[] = [];
  for (const [i, written] of words.entries()) {
    const word = written.replaceAll('.', '');
    const unit = unitName(word.replace(/^\//, ''));
    if (word === '' || FILLERS.has(word)) continue;
    if (PERCENT_WORDS.has(word) && !said.percent) said.percent = true;
    else if (POWERS.has(word) && said.power === 0 && i > 0) said.power = POWERS.get(word) ?? 0;
    else if (isCurrency(word)) said.currency += word;
    else if (unit !== undefined && said.measure === '') {
      said.unit = true;
      said.measure = word.startsWith('/') ? `/${unit}` : unit;
    } else if (UNITS.has(word)) said.unit = true;
    else unknown.push(word.replace(/[:=,;!]$/, ''));
  }
  const areApart = APART_BEFORE.test(before) && APART_BEHIND.test(behind) && !/[+-]/.test(after);
  if (unknown.length > 0 && !(areApart && leaveNumber(unknown))) return undefined;
  return { said: { ...said, words: unknown.join(' ') }, minus: signs[0] === '-' };
}
