import type { WordMatch } from './cell.js';
import type { ColumnReport, HeaderReport } from './cleaning-report.js';
import { decisionWarning } from './decision-warnings.js';

/** So large a share is more than dirt: the column is perhaps no such column, or its list is too short. */
const MANY = 0.2;
/** A guessed word in so many cells, and half as many as have the right one, may be a word that the list has not. */
const REPEATED = 3;
const HALF = 0.5;
/** So many words are named, the most frequent ones. */
const NAMED = 10;

/** What somebody should look at: defaults that were needed, two scales in one column, much that could not be read. */
export const warningsOf = (columns: { readonly [column: string]: ColumnReport }): string[] =>
  Object.entries(columns).flatMap(([name, { kind, from, contradictions }]) => [
    ...from.flatMap((header) => headerWarnings(name, kind, header)),
    ...(contradictions.rows > 0
      ? [`${name}: ${from.map(({ header }) => header).join(' and ')} contradict in ${contradictions.rows} rows`]
      : []),
  ]);

function headerWarnings(
  name: string,
  kind: string,
  { header, cells, decisions, rules, matches }: HeaderReport,
): string[] {
  const where = name === header ? name : `${name} (${header})`;
  const said = cells.read + cells.other + cells.unreadable;
  const warnings: string[] = [];
  if (cells.unreadable > MANY * said) {
    warnings.push(`${where}: ${cells.unreadable} of ${said} values could not be read as ${kind}`);
  }
  if (cells.other > MANY * said) warnings.push(`${where}: ${cells.other} of ${said} values are not in its list`);
  for (const decision of decisions) {
    const warning = decisionWarning(decision, said);
    if (warning !== undefined) warnings.push(`${where}: ${warning}`);
  }
  const against = rules['thousands-against-column'];
  if (against !== undefined)
    warnings.push(`${where}: thousands in ${against} cells by a sign that elsewhere makes decimals`);
  const unclear = matches.filter(({ rule }) => rule === 'equally-near').length;
  if (unclear > 0) warnings.push(`${where}: ${unclear} words are equally near to several of the list`);
  warnings.push(...frequentWords(matches).map((warning) => `${where}: ${warning}`));
  return warnings;
}

/** Words near to one of the list that are perhaps no typos of it. */
function frequentWords(matches: readonly WordMatch[]): string[] {
  const doubtful = matches.filter(
    ({ rule, count, canonicalCount }) =>
      rule === 'too-frequent' || (rule === 'fuzzy' && count >= REPEATED && count >= HALF * canonicalCount),
  );
  const named = doubtful.slice(0, NAMED).map(({ spelling, canonical: [word], rule, count, canonicalCount }) => {
    const asked = `\`${spelling}\` in ${count} cells ${rule === 'fuzzy' ? 'was' : 'is too frequent to be'} taken for \`${word}\``;
    return `${asked} (${canonicalCount} cells): \`values\` should have it, as a word or as a spelling of one`;
  });
  const more = doubtful.length - named.length;
  return more === 0 ? named : [...named, `${more} further words as frequent as those they are near to`];
}
