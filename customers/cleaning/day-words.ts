import { foldWord, withoutAccents } from './tidy-text.js';
import { isArticle, numberFromWords } from './number-words.js';

/** Beginnings of what says that it never happened; folded. */
const NEVER = new RegExp(
  `^(?:${[
    'nunca|jamas|jamais|never|nie|niemals|mai|noch nie|noch nicht|not yet|aun no|todavia no|ainda nao|pas encore|non ancora',
    'sin compras?|sem compras?|no compras?|no compro|no ha comprado|nao comprou|no purchases?|no orders?|sin pedidos?',
    'sem pedidos?|sin actividad|kein(?:e|en)? (?:kaufe?|einkaufe?|bestellung(?:en)?)|aucune? (?:achats?|commandes?)',
    'pas d achats?|sans achats?|nessun(?:o|a)? (?:acquisto|ordine)|nessun acquisto',
  ].join('|')})(?:$| )`,
);

export const saysNever = (tidied: string): boolean => NEVER.test(foldWord(tidied));

/** How many days a unit has: months and years are rounded to 30 and 365. */
const UNITS: readonly (readonly [RegExp, number])[] = [
  [/^(?:h|hs|hrs?|horas?|hours?|stunden?|heures?|ore)$/, 1 / 24],
  [/^(?:d|dd|dias?|days?|j|jrs|jours?|t|tg|tge|tage?n?|gg|giorn[io])$/, 1],
  [/^(?:s|w|wk|wks|sem|semanas?|weeks?|wochen?|semaines?|settiman[ae])$/, 7],
  [/^(?:mes|meses|months?|mths?|mos?|monate?n?|mois|mes[ei])$/, 30],
  [/^(?:a|y|yrs?|anos?|years?|a.os?|jahre?n?|ans?|annees?|ann[io])$/, 365],
];

/** What says so many days ago by itself. */
const FIXED = new Map(
  [
    'hoy today hoje heute oggi aujourdhui',
    'ayer yesterday ontem gestern hier ieri',
    'anteayer antier anteontem vorgestern avant-hier',
  ].flatMap((words, days) => words.split(' ').map((word) => [word, days] as const)),
);

/** `J.` is days (*jours*) to some, and years (*Jahre*) to others. */
const DAYS_OR_YEARS = /\dJ\b|\d J\b|\dj\.|\d j\./;

/** Text around the number: `hace 3 días`, `3 days ago`, `há 3 dias`, `hace más de 3 días` (which is not exact: no). */
const AROUND = /^(?:hace |ha |faz |fa |il y a |vor )?(.*?)(?: ago| atras| fa)?$/;
const COUNTED = /^(\d[\d.,]*|[a-z -]+?)\s*([a-z]+|a.os?)\.?$/;

/** Longer texts are notes, and the pattern takes time for them. */
const LONGEST = 60;

/** A number of days in words, with its number still as text where it has digits; takes tidied text. */
export function readDayWords(tidied: string): { readonly amount: string; readonly days: number } | undefined {
  if (tidied.length > LONGEST || DAYS_OR_YEARS.test(tidied)) return undefined;
  // `3 day(s)`, as forms say it.
  const text = withoutAccents(tidied).replaceAll('(s)', 's');
  const fixed = FIXED.get(text.replaceAll("'", ''));
  if (fixed !== undefined) return { amount: '1', days: fixed };
  const [, inner = ''] = AROUND.exec(text) ?? [];
  const [, amount, unit] = COUNTED.exec(inner) ?? [];
  if (amount === undefined || unit === undefined) return undefined;
  const days = UNITS.find(([pattern]) => pattern.test(unit))?.[1];
  if (days === undefined) return undefined;
  if (/^\d/.test(amount)) return { amount, days };
  const number = isArticle(amount) ? 1 : numberFromWords(amount);
  return number === undefined ? undefined : { amount: String(number), days };
}
