import type { DuckDb, Row } from '../../lake/duckdb.js';
import { column, parquetFile } from '../../lake/sql.js';
import { shortFigure } from './plots/figures.js';
import type { Histogram } from './plots/histogram.js';
import { histogramScale } from './plots/histogram-scale.js';

/** A column of `clientes_limpios` as people are shown it. */
export interface PlottedColumn {
  readonly column: string;
  readonly title: string;
  readonly axis: string;
  /** The column that says of whom there is no number because it never happened. */
  readonly never?: string;
}

/** How a column's values are distributed over the customers of a Parquet file; null where it has none. */
export async function columnHistogram(db: DuckDb, file: string, plotted: PlottedColumn): Promise<Histogram | null> {
  const { title, axis } = plotted;
  const value = `${column(plotted.column)}::DOUBLE`;
  const never = plotted.never === undefined ? 'false' : `coalesce(${column(plotted.never)}, false)`;
  const values = `(SELECT CASE WHEN isfinite(${value}) THEN ${value} END AS x, ${never} AS never FROM ${parquetFile(file)})`;
  const [row] =
    await db.rows(`SELECT count(x)::DOUBLE AS count, count(*)::DOUBLE AS customers, min(x) AS min, max(x) AS max,
      quantile_disc(x, 0.5) AS median, quantile_disc(x, 0.005) AS low, quantile_disc(x, 0.995) AS high,
      coalesce(quantile_disc(x, 0.005) FILTER (x > 0), 0) AS low_positive,
      coalesce(bool_and(x = floor(x)), true) AS whole, count(*) FILTER (x IS NULL AND never)::DOUBLE AS never
    FROM ${values}`);
  const count = numberIn(row, 'count');
  if (row === undefined || count === 0) return null;
  const median = numberIn(row, 'median');
  const [min, max] = [numberIn(row, 'min'), numberIn(row, 'max')];
  const [low, high] = [numberIn(row, 'low'), numberIn(row, 'high')];
  const lowPositive = numberIn(row, 'low_positive');
  const scale = histogramScale({ lowPositive, count, min, max, median, low, high, whole: row.whole === true });
  const { counts, below, above } = await countBars(db, values, scale.edges);
  const nevers = numberIn(row, 'never');
  const [first = 0, last = 0] = [scale.edges[0], scale.edges.at(-1)];
  return {
    title,
    axis,
    scale,
    counts,
    before: below === 0 ? [] : [{ label: `< ${shortFigure(first)}`, count: below }],
    after: [
      ...(above === 0 ? [] : [{ label: `≥ ${shortFigure(last)}`, count: above }]),
      ...(nevers === 0 ? [] : [{ label: 'never', count: nevers }]),
    ],
    median,
    missing: numberIn(row, 'customers') - count - nevers,
  };
}

async function countBars(db: DuckDb, values: string, edges: readonly number[]) {
  // By comparisons with the edges themselves: a quotient would round to the other side of one now and then.
  const bar = `list_count(list_filter([${edges.map((edge) => `'${edge}'::DOUBLE`).join(', ')}], lambda edge: edge <= x))`;
  const rows = await db.rows(
    `SELECT ${bar}::DOUBLE AS bar, count(*)::DOUBLE AS count FROM ${values} WHERE x IS NOT NULL GROUP BY ALL ORDER BY ALL`,
  );
  const found = new Map(rows.map((row) => [numberIn(row, 'bar'), numberIn(row, 'count')]));
  return {
    counts: edges.slice(1).map((_, i) => found.get(i + 1) ?? 0),
    below: found.get(0) ?? 0,
    above: found.get(edges.length) ?? 0,
  };
}

const numberIn = (row: Row | undefined, name: string): number => Number(row?.[name] ?? 0);
