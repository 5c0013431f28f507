import type { Random } from '../kernels/random.js';

/** The distributions that the demo data is drawn from. */
export interface Draws {
  /** Uniform in [0, 1). */
  uniform(): number;
  /** Uniform over the whole numbers `low..high`, both included. */
  integer(low: number, high: number): number;
  /** Standard normal. */
  normal(): number;
  /** Poisson with the given mean; meant for means of a few units, its time grows with the mean. */
  poisson(mean: number): number;
  /** One of `items`, each as likely. Throws RangeError where there is none. */
  pick<T extends {}>(items: readonly T[]): T;
  /** A key of `weights`, as likely as its weight is large. Weights need not sum to 1. */
  weighted<K extends string>(weights: Readonly<Partial<Record<K, number>>>): K;
}

/** Draws from a seeded stream: the same stream gives the same draws. */
export function drawsFrom(random: Random): Draws {
  const uniform = () => random.uniform();
  const integer = (low: number, high: number) => low + random.integer(high - low + 1);

  function normal(): number {
    // Box and Muller; 1 - uniform keeps zero out of the logarithm.
    return Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
  }

  function poisson(mean: number): number {
    // Events at unit rate until the time `mean`, their waits as factors of one product (Knuth, TAOCP 2, 3.4.1).
    const limit = Math.exp(-mean);
    let events = 0;
    for (let product = uniform(); product > limit; product *= uniform()) events++;
    return events;
  }

  function pick<T extends {}>(items: readonly T[]): T {
    const item = items.length === 0 ? undefined : items[random.integer(items.length)];
    if (item === undefined) throw new RangeError('Expected at least one item to pick from, got none');
    return item;
  }

  function weighted<K extends string>(weights: Readonly<Partial<Record<K, number>>>): K {
    // Object.entries widens the keys to string; they are K by the type of the parameter.
    const entries = Object.entries(weights) as [K, number][];
    const total = entries.reduce((sum, [, weight]) => sum + weight, 0);
    let left = uniform() * total;
    for (const [key, weight] of entries) {
      left -= weight;
      if (left < 0) return key;
    }
    // Rounding may leave a remainder of the order of 1e-16 after the last weight.
    return pick(entries)[0];
  }

  return { uniform, integer, normal, poisson, pick, weighted };
}
