import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cacheKey, keyChanges, keyFacts } from '../../../dag/cache-key.js';

const parts = { task: 'scale', version: 1, engine: 'e1', input: { k: 6, name: 'a' } };
const changes = (after: object): string[] => keyChanges(keyFacts(parts), keyFacts({ ...parts, ...after }));
const artifact = (sha256: string) => ({
  kind: 'matrix',
  uri: `artifacts/${sha256}`,
  sha256,
  bytes: 1,
  rows: 1,
  schema: [],
});

describe('what changed between two keys', () => {
  it.each<[object, string[]]>([
    [{}, []],
    [{ version: 2 }, ['version 1 -> 2']],
    [{ engine: 'e2' }, ['engine e1 -> e2']],
    [{ input: { k: 8, name: 'a' } }, ['k: 6 -> 8']],
    [{ input: { k: 6, name: 'b' } }, ['name: "a" -> "b"']],
    [{ input: { k: 6 } }, ['name changed']],
    [{ input: { k: 6, name: 'a', more: 1 } }, ['more changed']],
    [{ input: { k: 6, name: 'x'.repeat(100) } }, ['name changed']],
    [{ input: { k: 6, name: artifact('ab') } }, ['name changed']],
    [{ fingerprint: { etag: 'x' } }, ['what it reads outside the lake changed']],
    [{ version: 2, input: { k: 8, name: 'a' } }, ['version 1 -> 2', 'k: 6 -> 8']],
  ])('%j: %j', (after, expected) => {
    expect(changes(after)).toEqual(expected);
  });

  it('keeps an input short: long ones and artifacts by their hash', () => {
    const { inputs } = keyFacts({ ...parts, input: { long: 'x'.repeat(10_000), made: artifact('a'.repeat(64)) } });
    for (const fact of Object.values(inputs)) expect(fact).toMatch(/^#[0-9a-f]{16}$/);
  });

  it('is nothing just where the keys are one', () => {
    const input = fc.dictionary(fc.constantFrom('a', 'b'), fc.option(fc.integer({ max: 3 }), { nil: undefined }));
    const withNull = fc.dictionary(fc.constantFrom('a', 'b'), fc.constantFrom(null, undefined, 1));
    fc.assert(
      fc.property(fc.oneof(input, withNull), fc.oneof(input, withNull), (a, b) => {
        const [before, after] = [
          { ...parts, input: a },
          { ...parts, input: b },
        ];
        const isSame = cacheKey(before) === cacheKey(after);
        expect(keyChanges(keyFacts(before), keyFacts(after)).length === 0).toBe(isSame);
      }),
    );
  });
});
