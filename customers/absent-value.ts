import { wordLikeness } from './cleaning/word-likeness.js';
import type { ColumnTest } from './condition.js';
import type { ValueType } from './column-value.js';

const LISTED = 8;

/** Whether a test asks for a text: one that no customer has is a slip more often than not. */
export const asksForText = ({ column, is }: ColumnTest, types: ReadonlyMap<string, ValueType>): boolean =>
  types.get(column) === 'text' && (is === '=' || is === '!=');

/**
 * What to say of a test whose text no customer has: which there are, the nearest first. `values` are the column's, each
 * once.
 */
export function absentValue({ column, value }: ColumnTest, values: readonly string[]): string {
  const wanted = value.toLowerCase();
  const nearest = values
    .map((text) => ({ text, likeness: wordLikeness(wanted, text.toLowerCase()) }))
    .toSorted((a, b) => b.likeness - a.likeness || (a.text < b.text ? -1 : 1))
    .slice(0, LISTED)
    .map(({ text }) => `'${text}'`);
  const more = values.length > LISTED ? ` and ${(values.length - LISTED).toLocaleString('en')} more` : '';
  const there = values.length === 0 ? 'it has no values' : `there are ${nearest.join(', ')}${more}`;
  return `no customer has ${column} '${value}': ${there}`;
}
