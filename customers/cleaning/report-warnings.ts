import type { Decision, WordMatch } from './cell.js';
import type { ColumnReport, HeaderReport } from './cleaning-report.js';
import { WORDS_AROUND } from './words-around.js';

/** So large a share is more than dirt: the column is perhaps no such column, or its list is too short. */
const MANY = 0.2;
/** Words that are not known, beside so large a share of the numbers, may be what they are counted in. */
const WORDY = 0.02;
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
  for (const { what, chosen, by, evidence } of decisions) {
    if (what === 'sentinel' || what === 'possible sentinel')
      warnings.push(...sentinelWarnings(where, what, chosen, by, evidence['cells'] ?? 0));
    else if (what === 'currencies')
      warnings.push(`${where}: amounts in several currencies, none of which was converted: ${shownCounts(evidence)}`);
    else if (chosen === 'mixed') warnings.push(`${where}: two scales in one column, read cell by cell`);
    else if (what === WORDS_AROUND) {
      const count = evidence['cells'] ?? 0;
      if (count > WORDY * said)
        warnings.push(`${where}: \`${chosen}\` beside the number was left out in ${count} cells`);
    } else if (what.startsWith('`'))
      warnings.push(`${where}: ${what}, was taken for ${chosen}: \`yes\` and \`no\` should have both`);
    else if (what === 'one side')
      warnings.push(
        `${where}: only ${chosen} could be read, in ${evidence['read']} cells; ${evidence['unreadable']} say something else`,
      );
    else if (chosen === 'undecided') warnings.push(`${where}: both orders of day and month occur`);
    else if (by === 'default') warnings.push(`${where}: nothing in the column settles ${what}; by default: ${chosen}`);
  }
  const against = rules['thousands-against-column'];
  if (against !== undefined)
    warnings.push(`${where}: thousands in ${against} cells by a sign that elsewhere makes decimals`);
  const unclear = matches.filter(({ rule }) => rule === 'equally-near').length;
  if (unclear > 0) warnings.push(`${where}: ${unclear} words are equally near to several of the list`);
  warnings.push(...frequentWords(matches).map((warning) => `${where}: ${warning}`));
  return warnings;
}

/** Of a number of days that the cells alone say, or may say, stands for never. */
function sentinelWarnings(where: string, what: string, value: string, by: Decision['by'], cells: number): string[] {
  if (by === 'configuration') return [];
  const taken =
    what === 'sentinel' ? 'was taken for never by the cells alone' : 'may stand for never, and was left as days';
  return [
    `${where}: ${value} in ${cells} cells ${taken}; \`missing: [${value}]\` makes it never, \`sentinels: none\` a number of days`,
  ];
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

const shownCounts = (counts: Decision['evidence']): string =>
  Object.entries(counts)
    .map(([name, count]) => `${count} ${name}`)
    .join(', ');
