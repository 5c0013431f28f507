import { canonical } from './cache-key.js';

/** Longest value that is told, instead of that it changed. */
const READABLE = 40;

/** What differs between the parameters of two runs, for people: `k: 6 -> 8`, `source.select changed`. Dates always do. */
export function paramChanges(before: unknown, after: unknown): readonly string[] {
  return changes(before, after, []).filter((change) => !change.startsWith('fecha:'));
}

function changes(before: unknown, after: unknown, path: readonly string[]): string[] {
  if (before === after) return [];
  if (isFields(before) && isFields(after)) {
    const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
    return names.flatMap((name) => changes(before[name], after[name], [...path, name]));
  }
  const [was, is] = [words(before), words(after)];
  if (was === is) return [];
  const name = path.join('.');
  const isLong = was.length > READABLE || is.length > READABLE;
  return [isLong ? `${name} changed` : `${name}: ${was} -> ${is}`];
}

const isFields = (value: unknown): value is { readonly [name: string]: unknown } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const words = (value: unknown): string => (value === undefined ? 'none' : canonical(value));
