import { headersOf } from '../../customers/column-rule.js';
import type { CustomerSource } from '../../customers/customer-source.js';
import { BadInput } from '../../lake/bad-input.js';
import type { Culprit } from '../../lake/bad-input.js';
import { nearestName } from '../../lake/tables-in/nearest-name.js';
import { shownText } from '../../lake/shown-text.js';

/** A header that the source maps, and the column of a file that has it. */
export interface MappedHeader {
  /** As the source writes it: under this name it is handed on. */
  readonly name: string;
  /** Position in the file, from 0. */
  readonly column: number;
}

/** How many of a file's headers an error lists. */
const LISTED = 40;

/**
 * Which of a file's columns the source maps, in the source's order. Of every mapped column one header at least has to be
 * there. Headers are the same when they are equal but for blanks around them; else, where no other header is, when they
 * are equal but for case. Accents count. A mapped header that is there twice is refused.
 */
export function mapHeaders(
  columns: CustomerSource['columns'],
  headers: readonly string[],
  culprit: Culprit,
): readonly MappedHeader[] {
  const mapped = new Map<string, MappedHeader>();
  for (const [column, rule] of Object.entries(columns)) {
    const wanted = headersOf(column, rule);
    const found = wanted.flatMap((name) => {
      const position = positionOf(name, headers, culprit);
      return position === undefined ? [] : [{ name, column: position }];
    });
    if (found.length === 0) throw missing(column, wanted, headers, culprit);
    // Names that differ by case alone are one column of a table.
    for (const one of found) if (!mapped.has(plain(one.name))) mapped.set(plain(one.name), one);
  }
  const taken = mapped.get('_row');
  if (taken !== undefined) {
    throw new BadInput('the name of this header is taken for the rows’ numbers: name it otherwise', {
      ...culprit,
      column: taken.name,
    });
  }
  return [...mapped.values()];
}

function positionOf(name: string, headers: readonly string[], culprit: Culprit): number | undefined {
  const exact = matches(headers, (header) => composed(header) === composed(name));
  const found = exact.length > 0 ? exact : matches(headers, (header) => plain(header) === plain(name));
  if (found.length > 1) {
    const names = found.map((column) => `'${shownText(headers[column] ?? '')}' (column ${column + 1})`).join(' and ');
    throw new BadInput(`the header is there ${found.length} times: ${names}. Name the others otherwise`, {
      ...culprit,
      column: name,
    });
  }
  return found[0];
}

function missing(column: string, wanted: readonly string[], headers: readonly string[], culprit: Culprit): BadInput {
  const there = headers.filter((header) => header !== '');
  const nearest = wanted.map((name) => nearestName(name, there)).find((name) => name !== undefined);
  const listed = there.slice(0, LISTED).map((header) => `'${shownText(header)}'`);
  const more = there.length > LISTED ? ` and ${there.length - LISTED} more` : '';
  const names = wanted.map((name) => `'${name}'`).join(' or ');
  const hint = nearest === undefined ? '' : ` (nearest: '${shownText(nearest)}')`;
  const got = listed.length === 0 ? 'no header at all' : `${listed.join(', ')}${more}`;
  return new BadInput(
    `Expected a header ${names} in row 1, got ${got}${hint}: say \`columns.${column}.from\`, or leave the column out`,
    { ...culprit, column },
  );
}

const matches = (headers: readonly string[], is: (header: string) => boolean): number[] =>
  headers.flatMap((header, column) => (header !== '' && is(header) ? [column] : []));

/** An accent is one character with its letter, or follows it: both are the same text. */
const composed = (name: string): string => name.trim().normalize('NFC');
const plain = (name: string): string => composed(name).toLowerCase();
