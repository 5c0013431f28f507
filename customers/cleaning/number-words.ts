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
const ONE_MORE = 'un una uma a an';
const TWENTIES =
  'veintiuno veintidos veintitres veinticuatro veinticinco veintiseis veintisiete veintiocho veintinueve';

const SMALL = new Map([
  ...WORDS.flatMap((words) => words.split(' ').map((word, i) => [word, i] as const)),
  ...ONE_MORE.split(' ').map((word) => [word, 1] as const),
  ...TWENTIES.split(' ').map((word, i) => [word, 21 + i] as const),
  ['veintiun', 21] as const,
]);
const LARGE = new Map(TENS.flatMap((words) => words.split(' ').map((word, i) => [word, 20 + 10 * i] as const)));

/** `treinta y cinco`, `thirty-five`, `trinta e cinco`: whole numbers below 100. Takes lower case without accents. */
export function numberFromWords(text: string): number | undefined {
  const [first = '', second, ...rest] = text.split(/[\s-]+/).filter((word) => !['y', 'e', 'and'].includes(word));
  if (rest.length > 0) return undefined;
  const large = LARGE.get(first);
  if (large === undefined) return second === undefined ? SMALL.get(first) : undefined;
  if (second === undefined) return large;
  const small = SMALL.get(second);
  return small === undefined || small === 0 || small > 9 ? undefined : large + small;
}
