import { z } from 'zod';
import type { Agreement } from '../row.js';
import type { Figures } from '../side.js';
import { compareTables, isSame, saidOf } from './compare-tables.js';

/** Money is exact with us, and a sum of float64 with them. */
const WITHIN = 1e-9;

/** Compares the files that both sides wrote under the same names; `keys` tells the rows of each. */
export const judgeTables =
  (keys: { readonly [file: string]: readonly string[] }) =>
  async (ours: Figures, theirs: Figures): Promise<Agreement> => {
    const said: string[] = [];
    let holds = true;
    for (const [name, key] of Object.entries(keys)) {
      const [mine, other] = [z.string().parse(ours[name]), z.string().parse(theirs[name])];
      const difference = await compareTables(mine, other, key);
      said.push(`${name}: ${saidOf(difference)}`);
      holds &&= isSame(difference, WITHIN);
    }
    return { says: said.join('. '), holds };
  };
