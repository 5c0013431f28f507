import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Artifact } from '../../../dag/artifact.js';
import { artifactsIn } from '../../../dag/artifact.js';
import { cacheKey, canonical } from '../../../dag/cache-key.js';

const artifact = (changes: Partial<Artifact> = {}): Artifact => ({
  kind: 'features',
  uri: 'artifacts/features/ab.parquet',
  sha256: 'ab',
  bytes: 10,
  rows: 2,
  schema: ['dni VARCHAR'],
  ...changes,
});

const parts = { task: 'scale', version: 1, engine: 'e1', input: { features: artifact(), k: 3 } };
const keyOf = (changes: object): string => cacheKey({ ...parts, ...changes });

describe('cacheKey', () => {
  it('is a lower-case SHA-256 in hex', () => {
    expect(cacheKey(parts)).toMatch(/^[0-9a-f]{64}$/);
  });

  it('changes with the task, its version, the engine, a parameter, the fingerprint and the content of an input', () => {
    const keys = [
      cacheKey(parts),
      keyOf({ task: 'other' }),
      keyOf({ version: 2 }),
      keyOf({ engine: 'e2' }),
      keyOf({ fingerprint: { etag: '1' } }),
      keyOf({ fingerprint: { etag: '2' } }),
      keyOf({ input: { features: artifact(), k: 4 } }),
      keyOf({ input: { features: artifact(), k: '3' } }),
      keyOf({ input: { features: artifact() } }),
      keyOf({ input: { features: artifact({ sha256: 'cd' }), k: 3 } }),
      keyOf({ input: { features: artifact({ kind: 'matrix' }), k: 3 } }),
      keyOf({ input: { features: [artifact()], k: 3 } }),
    ];
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('counts an artifact by its content alone: neither its report nor its place matter', () => {
    const moved = artifact({ uri: 'elsewhere', bytes: 11, report: { dropped: 3 }, schema: [] });
    expect(keyOf({ input: { features: moved, k: 3 } })).toBe(cacheKey(parts));
  });

  it('does not depend on the order of keys, at any depth, nor on keys that hold undefined', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (input) => {
        expect(keyOf({ input: reversed(input) })).toBe(keyOf({ input }));
      }),
    );
    expect(canonical({ a: undefined, b: 1 })).toBe(canonical({ b: 1 }));
  });

  it('keeps the order of lists', () => {
    expect(keyOf({ input: [1, 2] })).not.toBe(keyOf({ input: [2, 1] }));
  });

  it('tells different JSON values apart', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => {
        const same = JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));
        expect(canonical(a) === canonical(b)).toBe(same);
      }),
      {
        examples: [
          [{}, []],
          [{ a: 1 }, [['a', 1]]],
        ],
      },
    );
  });

  it.each([
    [Number.NaN, 'Expected finite numbers in a cache key, got NaN'],
    [Number.POSITIVE_INFINITY, 'got Infinity'],
    [new Date(0), 'Expected plain data in a cache key, got a Date'],
    [new Map([['a', 1]]), 'got a Map'],
  ])('refuses %s, which JSON would blur', (value, message) => {
    expect(() => keyOf({ input: { deep: [value] } })).toThrow(message);
  });
});

describe('artifactsIn', () => {
  it('finds every artifact, at any depth, and nothing in them', () => {
    const [a, b] = [artifact({ sha256: 'a', report: { like: 1 } }), artifact({ sha256: 'b' })];
    expect(artifactsIn({ a, deep: { list: [1, b, null] }, text: 'x' })).toEqual([a, b]);
    expect(artifactsIn(null)).toEqual([]);
  });
});

function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, field]) => [key, reversed(field)] as const);
  return Object.fromEntries(entries.toReversed());
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, field]): [string, unknown] => [key, sorted(field)]);
  return Object.fromEntries(entries.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
