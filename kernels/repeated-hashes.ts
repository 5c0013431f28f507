import { type Steps, STEP_VALUES } from './steps.js';

/** Hashes are put into buckets by their first bits; different ones fill them alike, each to be looked through within a core's cache. */
const BUCKET_BITS = 8;
const HASH_BITS = 31;
const FIRST_PAIRS = 1_024;

/** Hashes of 62 bits: two whole numbers of 31 bits each. */
export interface Hashes {
  readonly high: Int32Array;
  readonly low: Int32Array;
}

/**
 * Takes hashes as they come, and tells at the end which of them came more than once, each of those once, in no order of use.
 * Keeps 8 bytes a hash, and up to as many again.
 */
export function repeatedHashes() {
  const buckets = Array.from({ length: 1 << BUCKET_BITS }, () => ({ pairs: new Int32Array(2 * FIRST_PAIRS), size: 0 }));

  function add({ high, low }: Hashes): void {
    for (let i = 0; i < high.length; i += 1) {
      const bucket = buckets[high[i] >>> (HASH_BITS - BUCKET_BITS)];
      if (bucket.size === bucket.pairs.length) bucket.pairs = twiceAsLong(bucket.pairs);
      bucket.pairs[bucket.size] = high[i];
      bucket.pairs[bucket.size + 1] = low[i];
      bucket.size += 2;
    }
  }

  /** Those of each bucket that has any. */
  function* repeated(): Steps<readonly Hashes[]> {
    const all: Hashes[] = [];
    for (const { pairs, size } of buckets) {
      const found = yield* repeatedPairs(pairs.subarray(0, size));
      const half = (which: 0 | 1): Int32Array =>
        Int32Array.from({ length: found.length / 2 }, (_, i) => found[2 * i + which]);
      if (found.length > 0) all.push({ high: half(0), low: half(1) });
      yield;
    }
    return all;
  }

  return { add, repeated };
}

function twiceAsLong(pairs: Int32Array): Int32Array<ArrayBuffer> {
  const longer = new Int32Array(2 * pairs.length);
  longer.set(pairs);
  return longer;
}

/** By an open table of pairs, at most half full: where each stands, from 1, and whether it was found again. */
function* repeatedPairs(pairs: Int32Array): Steps<readonly number[]> {
  const slots = 2 ** Math.ceil(Math.log2(Math.max(2, pairs.length)));
  const table = new Int32Array(slots);
  const again = new Uint8Array(slots);
  const found: number[] = [];
  for (let i = 0; i < pairs.length; i += 2) {
    let slot = pairs[i + 1] & (slots - 1);
    while (table[slot] !== 0 && (pairs[table[slot] - 1] !== pairs[i] || pairs[table[slot]] !== pairs[i + 1])) {
      slot = (slot + 1) & (slots - 1);
    }
    if (table[slot] === 0) table[slot] = i + 1;
    else if (again[slot] === 0) {
      again[slot] = 1;
      found.push(pairs[i], pairs[i + 1]);
    }
    // Rows that are mostly the same make one large bucket.
    if ((i + 2) % STEP_VALUES === 0) yield;
  }
  return found;
}
