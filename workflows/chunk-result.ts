import type { ItemState, TaskFailure } from '../dag/run-state.js';
import type { StoredList } from '../dag/stored-list.js';

/** What came of a part of a map, small enough for a payload whatever came of it. */
export interface ChunkResult {
  /** One letter an item, in their order. */
  readonly states: string;
  /** Of the first failed items, by their place in the part. */
  readonly errors: readonly { readonly place: number; readonly error: TaskFailure }[];
  /** Of the items that succeeded, in their order. */
  readonly outputs: readonly unknown[] | StoredList;
}

const LETTERS = { cached: 'c', success: 's', skipped: 'k', failed: 'f' } as const;

/** Failures that a part tells, and the length of their messages. */
const TOLD = 10;
const MESSAGE_LENGTH = 300;
const UNTOLD: TaskFailure = { type: 'Error', message: 'see the workflow of its items' };

export function packItems(items: readonly ItemState[]): Pick<ChunkResult, 'states' | 'errors'> {
  const failures = items.flatMap(({ error }, place) => (error === undefined ? [] : [{ place, error }]));
  return {
    states: items.map(letterOf).join(''),
    errors: failures.slice(0, TOLD).map(({ place, error: { type, message } }) => ({
      place,
      error: { type, message: message.slice(0, MESSAGE_LENGTH) },
    })),
  };
}

function letterOf({ state, cached }: ItemState): string {
  if (state === 'success') return cached === true ? LETTERS.cached : LETTERS.success;
  return state === 'skipped' ? LETTERS.skipped : LETTERS.failed;
}

export function unpackItems({ states, errors }: Pick<ChunkResult, 'states' | 'errors'>): readonly ItemState[] {
  const told = new Map(errors.map(({ place, error }) => [place, error]));
  return Array.from(states, (letter, place): ItemState => {
    if (letter === LETTERS.cached) return { state: 'success', cached: true };
    if (letter === LETTERS.success) return { state: 'success' };
    return letter === LETTERS.skipped ? { state: 'skipped' } : { state: 'failed', error: told.get(place) ?? UNTOLD };
  });
}

export const hasFailures = ({ states }: Pick<ChunkResult, 'states'>): boolean => states.includes(LETTERS.failed);
