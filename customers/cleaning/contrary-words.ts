/**
 * Words a letter or two apart of which none is a typo of another: each line is a family, and commas part its meanings.
 * In lower case and without accents.
 */
const FAMILIES = [
  [
    'norte north, sur sul south, este leste east, oeste west, noreste nordeste northeast, noroeste northwest',
    'sureste sudeste southeast, suroeste sudoeste southwest',
  ].join(', '),
  'centroeste, centrooeste',
  'masculino masculina male, femenino femenina feminino feminina female',
  'semanal, mensual mensal, bimensual bimestral, trimestral, cuatrimestral quadrimestral, semestral, anual, manual',
  'mayorista, minorista',
  'importacion importacao import, exportacion exportacao export',
  'internal interna interno, external externa externo',
  'interior, exterior',
  'inclusive, exclusive',
  'ascendente, descendente',
  'macro, micro',
  'normal, anormal abnormal',
  'legal, ilegal illegal',
  'iran, iraq irak',
  'niger, nigeria',
  'gambia, zambia',
  'slovakia, slovenia',
  'dominica, dominicana',
  'austria, australia',
];

/** The families of a word, each with its meaning in it. */
const MEANINGS = new Map<string, Map<number, number>>();
for (const [family, line] of FAMILIES.entries()) {
  for (const [meaning, words] of line.split(', ').entries()) {
    for (const word of words.split(' ')) {
      const known = MEANINGS.get(word) ?? new Map<number, number>();
      known.set(family, meaning);
      MEANINGS.set(word, known);
    }
  }
}

/** `insatisfecho`, `bianual`, `subcategoria`: the word behind it means something else. */
const PREFIX = /^(?:in|im|ir|des|dis|un|non|no|anti|bi|ex|sub|semi|pre|re)$/;
const LEAST_BEHIND = 4;

/** Whether two folded texts say different things although they are nearly the same: word by word, one is contrary. */
export function areContrary(a: string, b: string): boolean {
  const [ofA, ofB] = [a.split(' '), b.split(' ')];
  return ofA.length === ofB.length && ofA.some((word, i) => isContrary(word, ofB[i] ?? ''));
}

function isContrary(a: string, b: string): boolean {
  const [long, short] = a.length > b.length ? [a, b] : [b, a];
  if (short.length >= LEAST_BEHIND && long.endsWith(short) && PREFIX.test(long.slice(0, -short.length))) return true;
  const [ofA, ofB] = [MEANINGS.get(a), MEANINGS.get(b)];
  if (ofA === undefined || ofB === undefined) return false;
  return [...ofA].some(([family, meaning]) => (ofB.get(family) ?? meaning) !== meaning);
}
