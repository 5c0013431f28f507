import { SIZES } from './audience-report.js';
import type { Expected } from './audience-report.js';

/** Recall and lift for each of `SIZES`, from where held-out seeds stand (0 the best of all, 1 the last). */
export const expectedFigures = (ranks: readonly number[]): readonly Expected[] =>
  ranks.length === 0
    ? []
    : SIZES.map((size) => {
        const recall = ranks.filter((rank) => rank < size).length / ranks.length;
        return { size, recall, lift: recall / size };
      });
