import { randomStream } from '../../kernels/random.js';
import { sampleRows } from '../../kernels/sample-rows.js';

/** Candidates are compared with so many seeds and so many others at most: what bounds the work. */
const SEEDS_AT_MOST = 1500;
const OTHERS_AT_MOST = 3000;
/** Of each fold so many seeds are scored, and so many others: enough to tell ways to score apart. */
const HELD_OUT_AT_MOST = 400;
const PROBES_AT_MOST = 1000;
const FOLDS = 5;
/** With fewer seeds a fold would have less than two. */
const FEWEST_SEEDS = 2 * FOLDS;

/** Whom everyone is compared with. Rows of a matrix. */
export interface Reference {
  readonly seeds: Int32Array;
  readonly background: Int32Array;
}

/** Some seeds are left out of the reference, and scored beside others who are no seeds. */
export interface Fold {
  readonly reference: Reference;
  readonly heldOut: Int32Array;
  readonly probes: Int32Array;
  /** How many customers one of `probes` stands for, against one of `heldOut`. */
  readonly probeWeight: number;
}

export interface ReferenceSamples {
  readonly reference: Reference;
  /** None where there are too few seeds. */
  readonly folds: readonly Fold[];
}

/**
 * Draws whom to compare with, and the folds by which ways to score are compared: each seed is in one of them. `seeds` and
 * `others` are rows; the same ones and the same `seed` give the same samples.
 */
export function referenceSamples(seeds: Int32Array, others: Int32Array, seed: number): ReferenceSamples {
  const draw = (rows: Int32Array, atMost: number, ...path: readonly number[]): Int32Array =>
    rows.length === 0 ? rows : sampleRows(rows.length, atMost, randomStream(seed, ...path)).map((at) => rows[at] ?? 0);
  const background = draw(others, OTHERS_AT_MOST, 1);
  const probes = draw(others, PROBES_AT_MOST, 2);
  const reference = { seeds: draw(seeds, SEEDS_AT_MOST, 3), background };
  if (seeds.length < FEWEST_SEEDS) return { reference, folds: [] };
  const foldOf = dealtFolds(seeds.length, seed);
  const folds = Array.from({ length: FOLDS }, (_, fold) => {
    const out = seeds.filter((_row, at) => foldOf[at] === fold);
    const kept = seeds.filter((_row, at) => foldOf[at] !== fold);
    const heldOut = draw(out, HELD_OUT_AT_MOST, 4, fold);
    return {
      reference: { seeds: draw(kept, SEEDS_AT_MOST, 5, fold), background },
      heldOut,
      probes,
      probeWeight: others.length / probes.length / (out.length / heldOut.length),
    };
  });
  return { reference, folds };
}

/** A fold for each seed: they are shuffled (R. A. Fisher and F. Yates), and dealt out in turn. */
function dealtFolds(count: number, seed: number): Int32Array {
  const random = randomStream(seed, 6);
  const folds = Int32Array.from({ length: count }, (_, at) => at % FOLDS);
  for (let last = count - 1; last > 0; last--) {
    const other = random.integer(last + 1);
    [folds[last], folds[other]] = [folds[other] ?? 0, folds[last] ?? 0];
  }
  return folds;
}
