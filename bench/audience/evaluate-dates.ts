import type { ActivityDeps } from '../../activities/run-activity.js';
import { DATES, scaledFeatures } from './coupon-dates.js';
import { couponHouseholds } from './coupon-households.js';
import { evaluateDate } from './evaluate.js';
import type { DateEvaluation } from './evaluate.js';
import { compareLifts } from './paired-bootstrap.js';
import type { Compared } from './paired-bootstrap.js';

const SEED = 42;

/** Every one of `DATES`, one after the other; `folder` is that of the data set. */
export async function evaluateDates(
  deps: ActivityDeps,
  folder: string,
  begins: (fecha: string) => void = () => {},
): Promise<readonly DateEvaluation[]> {
  const dates: DateEvaluation[] = [];
  for (const fecha of DATES) {
    begins(fecha);
    const households = await couponHouseholds(folder, fecha, await scaledFeatures(deps, folder, fecha));
    dates.push(await evaluateDate(deps.threads, households, SEED));
  }
  return dates;
}

export interface ComparedWays {
  readonly households: Compared;
  readonly mailed: Compared;
}

/** The lift at a tenth of the candidates, by `draws` of the bootstrap. */
export function compareWays(dates: readonly DateEvaluation[], draws: number): ComparedWays {
  const options = { share: 0.1, draws, seed: SEED };
  return {
    households: compareLifts(
      dates.map((date) => date.households),
      options,
    ),
    mailed: compareLifts(
      dates.map((date) => date.mailed),
      options,
    ),
  };
}
