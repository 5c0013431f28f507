import { ID_COLUMN } from '../../customers/customer-source.js';
import type { FeatureValues } from '../../customers/encoding/encode-features.js';
import type { FeatureColumn } from '../../customers/encoding/feature-columns.js';
import { BadInput } from '../../lake/bad-input.js';
import type { DuckDb } from '../../lake/duckdb.js';
import { column, parquetFile } from '../../lake/sql.js';

export interface ReadFeatures {
  /** In order of customer_id. */
  readonly ids: readonly string[];
  readonly features: readonly FeatureValues[];
}

/** Features of the cleaned table, in order of customer_id. A value that is flagged as impossible counts as missing. */
export async function readFeatures(
  db: DuckDb,
  file: string,
  features: readonly FeatureColumn[],
  rows: number,
): Promise<ReadFeatures> {
  const table = parquetFile(file);
  const present = new Set((await db.describe(`SELECT * FROM ${table}`)).map(({ name }) => name));
  const wanted = [ID_COLUMN, 'flags', ...features.flatMap(columnsOf)];
  const absent = wanted.find((name) => !present.has(name));
  if (absent !== undefined) {
    throw new BadInput(`Expected the column among ${[...present].join(', ')}`, { file, column: absent });
  }
  const ids: string[] = [];
  const reads = features.map((feature) => reader(feature, rows));
  const selected = features.flatMap((feature) => [valueOf(feature), feature.kind === 'days' ? neverOf(feature) : '0']);
  const flags = `string_split(flags, ';').list_transform(lambda flag: split_part(flag, ':', 1))`;
  const select = `SELECT ${[ID_COLUMN, ...selected].join(', ')}
    FROM (SELECT *, CASE WHEN flags IS NULL THEN [] ELSE ${flags} END AS flagged FROM ${table}) ORDER BY ${ID_COLUMN}`;
  await db.eachChunk(select, (firstRow, [idChunk = [], ...chunks]) => {
    for (const id of idChunk) ids.push(String(id));
    for (const [i, read] of reads.entries()) read.take(firstRow, chunks[2 * i] ?? [], chunks[2 * i + 1] ?? []);
  });
  if (ids.length !== rows) throw new Error(`Expected ${rows} customers in ${file}, got ${ids.length}`);
  return { ids, features: reads.map(({ values }) => values) };
}

const columnsOf = ({ source, kind }: FeatureColumn): string[] =>
  kind === 'days' ? [source, `${source}_never`] : [source];

const isText = ({ kind }: FeatureColumn): boolean => kind === 'category' || kind === 'flag';

/** Null where missing or flagged. Dates are days since 1970: only their differences count. */
function valueOf(feature: FeatureColumn): string {
  const name = column(feature.source);
  const value = feature.kind === 'date' ? `(${name} - DATE '1970-01-01')` : isText(feature) ? `${name}::VARCHAR` : name;
  return `CASE WHEN NOT list_contains(flagged, '${feature.source}') THEN ${isText(feature) ? value : `${value}::DOUBLE`} END`;
}

const neverOf = ({ source }: FeatureColumn): string => `coalesce(${column(`${source}_never`)}, false)::INTEGER`;

interface FeatureReader {
  readonly values: FeatureValues;
  take(firstRow: number, values: readonly unknown[], never: readonly unknown[]): void;
}

function reader(feature: FeatureColumn, rows: number): FeatureReader {
  if (isText(feature)) {
    const texts: (string | null)[] = [];
    const take = (_: number, values: readonly unknown[]): void => {
      for (const value of values) texts.push(typeof value === 'string' ? value : null);
    };
    return { values: { feature, values: texts }, take };
  }
  const numbers = new Float64Array(rows);
  const never = new Uint8Array(rows);
  return {
    values: feature.kind === 'days' ? { feature, values: numbers, never } : { feature, values: numbers },
    take(firstRow, values, nevers) {
      for (const [i, value] of values.entries()) numbers[firstRow + i] = value === null ? Number.NaN : Number(value);
      for (const [i, value] of nevers.entries()) never[firstRow + i] = Number(value);
    },
  };
}
