const NAMES = [
  'enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre',
  'january february march april may june july august september october november december',
  'janeiro fevereiro marco abril maio junho julho agosto setembro outubro novembro dezembro',
  'janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre',
  'januar februar marz april mai juni juli august september oktober november dezember',
  'gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre',
];
const ROMAN = 'i ii iii iv v vi vii viii ix x xi xii';
const FURTHER = [
  ...['setiembre', 'sept', 'set', 'sep'].map((name) => [name, 9] as const),
  ['maerz', 3] as const,
  ['mrz', 3] as const,
  ['janner', 1] as const,
  ['juil', 7] as const,
];

const WHOLE = new Map<string, number>([
  ...FURTHER,
  ...[ROMAN, ...NAMES].flatMap((names) => names.split(' ').map((name, i) => [name, i + 1] as const)),
]);
/** By the first three letters, which no two months share, but for French juin and juillet. */
const SHORT = new Map<string, number>(
  [...WHOLE]
    .filter(([name]) => name.length >= 3 && !name.startsWith('jui'))
    .map(([name, month]) => [name.slice(0, 3), month]),
);

/** 1..12, of a month's name, the beginning of one or its Roman number; in lower case and without accents. */
export function monthFromName(name: string): number | undefined {
  const whole = WHOLE.get(name);
  if (whole !== undefined) return whole;
  if (name.length < 3) return undefined;
  const month = SHORT.get(name.slice(0, 3));
  const isBeginning = [...WHOLE].some(([full, number]) => number === month && full.startsWith(name));
  return isBeginning ? month : undefined;
}
