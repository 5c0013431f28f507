import { checkInteger } from './check-integer.js';

/** A seeded stream of random numbers. The same stream gives the same numbers on every platform. */
export interface Random {
  /** The next 32 bits, as an integer of 0..2^32 - 1. */
  bits(): number;
  /** Uniform in [0, 1), all 53 bits of the significand random. */
  uniform(): number;
  /** Uniform over 0..n - 1, without modulo bias. Throws RangeError unless `n` is an integer of 1..2^32. */
  integer(n: number): number;
}

/**
 * The generator xoshiro128** 1.1 of D. Blackman and S. Vigna, "Scrambled linear pseudorandom number generators", ACM
 * TOMS 47(4), 2021, started from four words of state that are not all zero.
 */
export function xoshiro128(state: readonly [number, number, number, number]): Random {
  let [a, b, c, d] = state;

  function bits(): number {
    const scrambled = Math.imul(rotateLeft(Math.imul(b, 5), 7), 9) >>> 0;
    const shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = rotateLeft(d, 11);
    return scrambled;
  }

  return {
    bits,
    uniform: () => ((bits() >>> 5) * 2 ** 26 + (bits() >>> 6)) / 2 ** 53,
    integer(n) {
      checkInteger('n', n, 1, 2 ** 32, '1..2^32');
      const fair = 2 ** 32 - (2 ** 32 % n);
      let drawn = bits();
      while (drawn >= fair) drawn = bits();
      return drawn % n;
    },
  };
}

/**
 * The stream of a seed and a path of integers, for instance (seed, k, restart): any two differing paths give streams
 * independent of each other, so work may be done in any order or on any thread. All are integers of 0..2^53 - 1, else
 * RangeError.
 *
 * The words of the path are absorbed one by one, and the state drawn, with a SplitMix generator of 32 bits (G. Steele,
 * D. Lea, C. Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014) whose finalizer is that of
 * MurmurHash3 (A. Appleby).
 */
export function randomStream(seed: number, ...path: readonly number[]): Random {
  let mixed = mix(path.length);
  for (const [position, part] of [seed, ...path].entries()) {
    const name = position === 0 ? 'seed' : `path[${position - 1}]`;
    checkInteger(name, part, 0, Number.MAX_SAFE_INTEGER, 'an integer of 0..2^53 - 1');
    mixed = mix((mixed ^ (part >>> 0)) + goldenGamma);
    mixed = mix((mixed ^ Math.floor(part / 2 ** 32)) + goldenGamma);
  }
  const next = (): number => {
    mixed = (mixed + goldenGamma) | 0;
    return mix(mixed);
  };
  // `mix` is a bijection and the four inputs differ: at most one of the words is zero.
  return xoshiro128([next(), next(), next(), next()]);
}

/** 2^32 divided by the golden ratio, made odd: the increment of SplitMix. */
const goldenGamma = 0x9e3779b9;

function mix(word: number): number {
  let z = word;
  z = Math.imul(z ^ (z >>> 16), 0x85ebca6b);
  z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35);
  return z ^ (z >>> 16);
}

function rotateLeft(word: number, by: number): number {
  return (word << by) | (word >>> (32 - by));
}
