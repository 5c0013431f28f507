const NAMES = [
  'enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre',
  'january february march april may june july august september october november december',
  'janeiro fevereiro marco abril maio junho julho agosto setembro outubro novembro dezembro',
  'janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre',
  'januar februar marz april mai juni juli august september oktober november dezember',
  'gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre',
];
const FURTHER = [['setiembre', 9] as const, ['sept', 9] as const, ['set', 9] as const, ['sep', 9] as const];

const WHOLE = new Map<string, number>([
  ...FURTHER,
  ...NAMES.flatMap((names) => names.split(' ').map((name, i) => [name, i + 1] as const)),
]);
/** By the first three letters, which no two months share: jan and ene, but of French juin and juillet only the whole. */
const SHORT = new Map<string, number>(
  [...WHOLE]
    .filter(([name]) => name !== 'juin' && name !== 'juillet')
    .map(([name, month]) => [name.slice(0, 3), month]),
);

/** 1..12, of a month's name or the beginning of one; in lower case and without accents. */
export function monthFromName(name: string): number | undefined {
  const whole = WHOLE.get(name);
  if (whole !== undefined) return whole;
  if (name.length < 3) return undefined;
  const month = SHORT.get(name.slice(0, 3));
  const isBeginning = [...WHOLE].some(([full, number]) => number === month && full.startsWith(name));
  return isBeginning ? month : undefined;
}
