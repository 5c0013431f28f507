import { text, textList } from '../lake/sql.js';
import { UNKNOWN_RUBRO } from './map-events.js';

/**
 * SQL for the percentile rank, in (0, 1], of each row's `monto` within its `group`: the average rank of equal amounts
 * over the number of rows, as pandas has it in `rank(pct=True)`. That average is the mean of the first and the last rank; all
 * three counts go over the rows in one order, so that they are sorted once.
 */
function percentileRank(group: string): string {
  const over = (frame: string): string => `OVER (PARTITION BY ${group} ORDER BY monto ${frame})`;
  const last = `count(*) ${over('RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW')}`;
  const rows = `count(*) ${over('ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING')}`;
  return `(rank() ${over('')} + ${last}) / 2::DOUBLE / ${rows}`;
}

/**
 * `dni, rubro, score` for every known rubro that a customer bought: an amount above zero, over the window. With the `place` that a
 * row has in `purchases`, which is quicker to sort by than two texts; rubros are codes for the same reason.
 */
export const rubroScores = `SELECT place, dni, rubro, ${percentileRank('rubro')} AS score
  FROM (SELECT * REPLACE (rubro::rubros AS rubro) FROM purchases WHERE monto > 0 AND rubro <> ${text(UNKNOWN_RUBRO)})`;

/** The type that `rubroScores` takes: all rubros of `purchases`. */
export const rubroType = 'CREATE TYPE rubros AS ENUM (SELECT DISTINCT rubro FROM purchases)';

/** `dni, score` over several of the source's rubros taken as one; who never bought of them is absent. */
export const scoreOf = (rubros: readonly string[]): string => `SELECT dni, ${percentileRank('1')} AS score
  FROM (SELECT dni, sum(monto) AS monto FROM purchases WHERE rubro IN ${textList(rubros)} GROUP BY dni) WHERE monto > 0`;
