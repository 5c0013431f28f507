import type { Artifact } from './artifact.js';

/** A list that is too long for a payload: its items, as JSON, lie in artifacts, one after the other. */
export interface StoredList {
  readonly stored: 'list';
  readonly count: number;
  readonly parts: readonly Artifact<'list'>[];
}

/** One item of such a list. */
export interface StoredItem {
  readonly stored: 'item';
  readonly item: number;
  readonly of: StoredList;
}

const isStored = (value: unknown, as: string): boolean =>
  typeof value === 'object' && value !== null && 'stored' in value && value.stored === as;

export const isStoredList = (value: unknown): value is StoredList => isStored(value, 'list');
export const isStoredItem = (value: unknown): value is StoredItem => isStored(value, 'item');

/** How many items a list has, be it here or stored; `undefined` where it is no list. */
export function lengthOf(list: unknown): number | undefined {
  if (Array.isArray(list)) return list.length;
  return isStoredList(list) ? list.count : undefined;
}

/** An item of a list: itself, or where it is stored. */
export function itemOf(list: unknown, item: number): unknown {
  if (isStoredList(list)) return { stored: 'item', item, of: list } satisfies StoredItem;
  return Array.isArray(list) ? (list[item] as unknown) : undefined;
}
