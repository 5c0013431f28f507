import type { Decision } from './cell.js';
import { WORDS_AROUND } from './words-around.js';

/** Words that are not known, beside so large a share of the numbers, may be what they are counted in. */
const WORDY = 0.02;

/** What somebody should know of a decision, if anything; `said` cells of the column say something. */
export function decisionWarning({ what, chosen, by, evidence }: Decision, said: number): string | undefined {
  const cells = evidence['cells'] ?? 0;
  switch (what) {
    case 'sentinel':
      return by === 'configuration' ? undefined : sentinel(chosen, cells, 'was taken for never by the cells alone');
    case 'possible sentinel':
      return sentinel(chosen, cells, 'may stand for never, and was left as days');
    case 'currencies':
      return `amounts in several currencies, none of which was converted: ${shownCounts(evidence)}`;
    case WORDS_AROUND:
      return cells > WORDY * said ? `\`${chosen}\` beside the number was left out in ${cells} cells` : undefined;
    case 'one side':
      return `only ${chosen} could be read, in ${evidence['read']} cells; ${evidence['unreadable']} say something else`;
    default:
      if (chosen === 'mixed') return 'two scales in one column, read cell by cell';
      if (what.startsWith('`')) return `${what}, was taken for ${chosen}: \`yes\` and \`no\` should have both`;
      if (chosen === 'undecided') return `the cells do not settle ${what}; doubtful ones are not read`;
      return by === 'default' ? `nothing in the column settles ${what}; by default: ${chosen}` : undefined;
  }
}

const sentinel = (value: string, cells: number, taken: string): string =>
  `${value} in ${cells} cells ${taken}; \`missing: [${value}]\` makes it never, \`sentinels: none\` a number of days`;

const shownCounts = (counts: Decision['evidence']): string =>
  Object.entries(counts)
    .map(([name, count]) => `${count} ${name}`)
    .join(', ');
