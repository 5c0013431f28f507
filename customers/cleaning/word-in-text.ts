import { foldWord } from './tidy-text.js';
import { wordsIn } from './word-lists.js';

/** What stands before the name of a place, and says nothing by itself; in lower case and without accents. */
const GENERIC = wordsIn(
  'region regiones regiao regioes regione zona zonas zone area provincia provincias province provinz estado state',
  'staat etat sector setor sektor secteur kanton canton cantone departamento depto departement department distrito',
  'district bezirk bundesland land de del la el of the do da du des di',
);
const ASIDE = /\s*[([]([^()[\]]*)[)\]]\s*/gu;
/** A dash with blanks around it parts a word from what explains it. */
const DASH = /\s+[-–—/|]\s+/u;
/** What says that the word is not meant, or not alone. */
const AGAINST = /(?:^| )(?:no|not|sin|sem|non|nicht|kein|ex|ni|o|y|u|e|or|and|ou|und|oder|et|vs|\+)(?: |$)/;

/**
 * The one word of a list that a text holds among generic words (`Región norte`), before or after parentheses
 * (`este (AR)`) or at one side of a dash (`norte - Argentina`); undefined where it holds none, several, or words that
 * speak against it.
 */
export function wordInText(tidied: string, exact: (text: string) => string | undefined): string | undefined {
  const asides = [...tidied.matchAll(ASIDE)].map(([, inside = '']) => inside);
  const parts = [...tidied.replace(ASIDE, ' ').trim().split(DASH), ...asides].filter((part) => part.trim() !== '');
  if (parts.some((part) => AGAINST.test(foldWord(part)))) return undefined;
  const found = new Set<string>();
  for (const part of parts) {
    const rest = withoutGeneric(part);
    const word = exact(part) ?? (rest === '' ? undefined : exact(rest));
    if (word !== undefined) found.add(word);
    // Part of what explains it may be another one: `norte - zona sur`.
    else for (const one of foldWord(part).split(' ')) if (exact(one) !== undefined) return undefined;
  }
  const [word] = found;
  return found.size === 1 ? word : undefined;
}

const withoutGeneric = (part: string): string =>
  foldWord(part)
    .split(' ')
    .filter((word) => !GENERIC.has(word))
    .join(' ');
