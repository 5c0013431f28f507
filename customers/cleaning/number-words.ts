const WORDS = [
  'cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciseis diecisiete dieciocho diecinueve',
  'zero um dois tres quatro cinco seis sete oito nove dez onze doze treze catorze quinze dezesseis dezessete dezoito dezenove',
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen',
];
const TENS = [
  'veinte treinta cuarenta cincuenta sesenta setenta ochenta noventa',
  'vinte trinta quarenta cinquenta sessenta setenta oitenta noventa',
  'twenty thirty forty fifty sixty seventy eighty ninety',
];
const TWENTIES =
  'veintiuno veintidos veintitres veinticuatro veinticinco veintiseis veintisiete veintiocho veintinueve';

const SMALL = new Map<string, number>([
  ...WORDS.flatMap((words) => words.split(' ').map((word, i) => [word, i] as const)),
  ...TWENTIES.split(' ').map((word, i) => [word, 21 + i] as const),
  ...([
    ['una', 1],
    ['uma', 1],
    ['duas', 2],
    ['veintiun', 21],
    ['veintiuna', 21],
  ] as const),
  ...([
    ['quatorze', 14],
    ['dezasseis', 16],
    ['dezassete', 17],
    ['dezanove', 19],
  ] as const),
]);
const LARGE = new Map(TENS.flatMap((words) => words.split(' ').map((word, i) => [word, 20 + 10 * i] as const)));
/** `diez y seis` */
const TEN = new Set(['diez', 'dez']);
const HUNDRED_ALONE = new Set(['cien', 'cem']);
const HUNDRED = new Set(['ciento', 'cento', 'hundred']);
const JOINED = new Set(['y', 'e', 'and']);
/** One, but a word of its own as well: it counts where something counted follows. */
const ARTICLES = new Set(['a', 'an', 'un']);

export const isArticle = (word: string): boolean => ARTICLES.has(word);

/** `treinta y cinco`, `thirty-five`, `a hundred and ten`: whole numbers below 200. Takes lower case without accents. */
export function numberFromWords(text: string): number | undefined {
  const written = text.split(/[\s-]+/);
  if (JOINED.has(written[0] ?? '') || JOINED.has(written.at(-1) ?? '')) return undefined;
  const words = written.filter((word) => !JOINED.has(word));
  const [first = '', second = ''] = words;
  if (HUNDRED_ALONE.has(first)) return words.length === 1 ? 100 : undefined;
  const counted = second === 'hundred' && (first === 'one' || isArticle(first)) ? 2 : HUNDRED.has(first) ? 1 : 0;
  if (counted === 0) return belowHundred(words);
  if (words.length === counted) return 100;
  const rest = belowHundred(words.slice(counted));
  return rest === undefined || rest === 0 ? undefined : 100 + rest;
}

function belowHundred([first = '', second, ...rest]: readonly string[]): number | undefined {
  if (rest.length > 0) return undefined;
  const large = LARGE.get(first);
  if (second === undefined) return large ?? SMALL.get(first) ?? inOneWord(first);
  const small = SMALL.get(second);
  if (small === undefined || small === 0 || small > 9) return undefined;
  if (large !== undefined) return large + small;
  return TEN.has(first) && small > 5 ? 10 + small : undefined;
}

/** `treintaicinco`, `treintaycinco`. */
function inOneWord(word: string): number | undefined {
  const [, tens = '', units = ''] = /^([a-z]+?a)[iy]([a-z]+)$/.exec(word) ?? [];
  const [large, small] = [LARGE.get(tens), SMALL.get(units)];
  return large === undefined || small === undefined || small === 0 || small > 9 ? undefined : large + small;
}
