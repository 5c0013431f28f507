import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { repeatedHashes } from '../../../kernels/repeated-hashes.js';
import { atOnce } from '../../../kernels/steps.js';

type Pair = readonly [high: number, low: number];

const LARGEST = 2 ** 31 - 1;

/** Few values of either half, so that many hashes share one, or both, and all first bits come. */
const half = fc.oneof(fc.constantFrom(0, 1, 2 ** 23, LARGEST), fc.integer({ min: 0, max: LARGEST }));
const pairs = fc.array(fc.tuple(half, half), { maxLength: 200 });

function repeatedOf(chunks: readonly (readonly Pair[])[]): readonly Pair[] {
  const { add, repeated } = repeatedHashes();
  for (const chunk of chunks) {
    add({ high: Int32Array.from(chunk, ([high]) => high), low: Int32Array.from(chunk, ([, low]) => low) });
  }
  return atOnce(repeated()).flatMap(({ high, low }) => Array.from(high, (first, i) => [first, low[i] ?? -1] as const));
}

const sorted = (all: readonly Pair[]): readonly string[] => all.map(String).toSorted();

describe('repeated hashes', () => {
  it('are those that came more than once, each once', () => {
    const chunks: Pair[][] = [
      [[1, 2]],
      [[2, 1]],
      [
        [1, 2],
        [1, 1],
        [1, 2],
      ],
      [
        [0, 0],
        [0, 0],
      ],
    ];
    expect(sorted(repeatedOf(chunks))).toEqual(['0,0', '1,2']);
  });

  it('are none of none', () => {
    expect(repeatedOf([])).toEqual([]);
    expect(repeatedOf([[]])).toEqual([]);
  });

  it('are what counting finds, however the hashes come in parts', () => {
    fc.assert(
      fc.property(pairs, fc.nat(200), (all, cut) => {
        const counts = new Map<string, number>();
        for (const pair of all.map(String)) counts.set(pair, (counts.get(pair) ?? 0) + 1);
        const expected = [...counts].filter(([, times]) => times > 1).map(([pair]) => pair);
        expect(sorted(repeatedOf([all.slice(0, cut), all.slice(cut)]))).toEqual(expected.toSorted());
      }),
    );
  });

  it('are found among more of one bucket than it first has room for', () => {
    const many = Array.from({ length: 10_000 }, (_, i) => [7, i] as const);
    expect(repeatedOf([many, [[7, 9_999]]])).toEqual([[7, 9_999]]);
  });
});
