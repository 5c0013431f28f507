/**
 * SQL that reads a source's column as what the canonical column is, whatever its type is in the file.
 * What cannot be read becomes null.
 */

/** Words that people and programs write where there is no value. */
const ABSENT = ['', '-', '?', 'n/a', 'na', 'nan', 'nil', 'none', 'null', 's/d', 'unknown', 'desconocido', 'sin dato'];

const isFloat = (type: string): boolean => type === 'DOUBLE' || type === 'FLOAT';

const withoutAbsent = (sql: string): string =>
  `CASE WHEN lower(${sql}) IN (${ABSENT.map((word) => `'${word}'`).join(', ')}) THEN NULL ELSE ${sql} END`;

/** Text without blanks around it; blank is null. */
export const plainText = (sql: string): string => `nullif(trim(${sql}::VARCHAR), '')`;

/** An id as text. Whole numbers that a program made floats of (`1234.0`) lose the `.0`; leading zeros of texts stay. */
export const identifier = (sql: string, type: string): string =>
  withoutAbsent(
    isFloat(type)
      ? `CASE WHEN ${sql} = floor(${sql}) THEN try_cast(${sql} AS HUGEINT)::VARCHAR ELSE ${sql}::VARCHAR END`
      : `trim(${sql}::VARCHAR)`,
  );

/** A category's name: blanks around it and runs of blanks inside it do not make another category. */
export const label = (sql: string): string =>
  withoutAbsent(String.raw`trim(regexp_replace(${sql}::VARCHAR, '\s+', ' ', 'g'))`);

/** Money, exact to four decimals. Texts need a decimal point and no thousands marks; others are for the select to rewrite. */
export const amount = (sql: string, type: string): string =>
  `try_cast(${type === 'VARCHAR' ? `trim(${sql})` : sql} AS DECIMAL(18, 4))`;

/** A moment as the session's zone has it; a text may carry an offset or `Z`. */
export function localTime(sql: string, type: string): string {
  if (type === 'TIMESTAMP WITH TIME ZONE') return `timezone(current_setting('TimeZone'), ${sql})`;
  if (type !== 'VARCHAR') return `try_cast(${sql} AS TIMESTAMP)`;
  const moment = `timezone(current_setting('TimeZone'), try_cast(trim(${sql}) AS TIMESTAMPTZ))`;
  const hasOffset = String.raw`regexp_matches(${sql}, ':.*(Z|[+-]\d{2}(:?\d{2})?)\s*$')`;
  return `CASE WHEN ${hasOffset} THEN ${moment} ELSE try_cast(trim(${sql}) AS TIMESTAMP) END`;
}

/** The calendar date of a moment, in the session's zone. */
export const calendarDay = (sql: string, type: string): string =>
  type === 'DATE' ? sql : `${localTime(sql, type)}::DATE`;
