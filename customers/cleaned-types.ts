import type { ColumnKind, ColumnRule } from './column-rule.js';
import type { ValueType } from './column-value.js';

const TYPES: { readonly [kind in ColumnKind]: ValueType } = {
  id: 'text',
  text: 'text',
  category: 'text',
  number: 'number',
  money: 'number',
  percent: 'number',
  age: 'number',
  'birth-year': 'number',
  days: 'number',
  date: 'date',
  flag: 'flag',
  hour: 'number',
  weekday: 'number',
};

/** Whether it never happened: the column beside one of kind days. */
export const neverColumn = (name: string): string => `${name}_never`;

/** The columns of a cleaned table by what they hold, as the rules of a source say before anything is read. */
export const cleanedTypes = (columns: { readonly [column: string]: ColumnRule }): ReadonlyMap<string, ValueType> =>
  new Map([
    ...Object.entries(columns).flatMap(([name, { kind }]): (readonly [string, ValueType])[] => [
      [name, TYPES[kind]],
      ...(kind === 'days' ? [[neverColumn(name), 'flag'] as const] : []),
    ]),
    ['flags', 'text'] as const,
  ]);
