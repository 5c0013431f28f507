/**
 * SQL that reads a source's column as what the canonical column is, whatever its type is in the file.
 * What cannot be read becomes null.
 */

/** Words that people and programs write where there is no value. */
const ABSENT = ['', '-', '?', 'n/a', 'na', 'nan', 'nil', 'none', 'null', 's/d', 'unknown', 'desconocido', 'sin dato'];

const isFloat = (type: string): boolean => type === 'DOUBLE' || type === 'FLOAT';

const withoutAbsent = (sql: string): string =>
  `CASE WHEN lower(${sql}) IN (${ABSENT.map((word) => `'${word}'`).join(', ')}) THEN NULL ELSE ${sql} END`;

/**
 * Runs of blanks and control characters become one blank, none is left at the ends; accents have one form. Most texts
 * are tidy ASCII, which one match tells.
 */
const tidy = (sql: string): string => {
  const written = `${sql}::VARCHAR`;
  const tidied = String.raw`trim(regexp_replace(nfc_normalize(${written}), '[\s\p{Z}\p{C}]+', ' ', 'g'))`;
  return `CASE WHEN regexp_full_match(${written}, '[!-~]+( [!-~]+)*') THEN ${written} ELSE ${tidied} END`;
};

/** Text without blanks around it; blank is null. */
export const plainText = (sql: string): string => `nullif(${tidy(sql)}, '')`;

/** An id as text. Whole numbers that a program made floats of (`1234.0`) lose the `.0`; leading zeros of texts stay. */
export const identifier = (sql: string, type: string): string =>
  withoutAbsent(
    isFloat(type)
      ? `CASE WHEN ${sql} = floor(${sql}) THEN try_cast(${sql} AS HUGEINT)::VARCHAR ELSE ${sql}::VARCHAR END`
      : type === 'VARCHAR'
        ? tidy(sql)
        : `${sql}::VARCHAR`,
  );

/** A category's name: blanks around it and runs of blanks inside it do not make another category. */
export const label = (sql: string): string => withoutAbsent(tidy(sql));

/** Money, exact to four decimals. Texts need a decimal point and no thousands marks; others are for the select to rewrite. */
export const amount = (sql: string, type: string): string =>
  `try_cast(${type === 'VARCHAR' ? `trim(${sql})` : sql} AS DECIMAL(18, 4))`;

/**
 * A moment as the session's zone has it; a text may carry an offset, `Z` or a zone's name. Only texts that begin with a
 * year of four digits are moments: words that DuckDB takes for one (`epoch`, `-infinity`) are not.
 */
export function localTime(sql: string, type: string): string {
  if (type === 'TIMESTAMP WITH TIME ZONE') return finite(`timezone(current_setting('TimeZone'), ${sql})`);
  if (type !== 'VARCHAR') return finite(`try_cast(${sql} AS TIMESTAMP)`);
  const written = `trim(${sql})`;
  // A cast takes neither a blank before an offset nor a small z.
  const zoned = String.raw`regexp_replace(regexp_replace(${written}, 'z$', 'Z'), '\s+([+-]\d{2}(:?\d{2})?)$', '\1')`;
  const hasZone = String.raw`regexp_matches(${written}, '\d:.*([A-Za-z]|[+-]\d{2}(:?\d{2})?)$')`;
  return `CASE WHEN NOT regexp_matches(${written}, '^\\d{4}[-/]') THEN NULL
    WHEN ${hasZone} THEN timezone(current_setting('TimeZone'), try_cast(${zoned} AS TIMESTAMPTZ))
    ELSE try_cast(${written} AS TIMESTAMP) END`;
}

/** The calendar date of a moment, in the session's zone. */
export const calendarDay = (sql: string, type: string): string =>
  type === 'DATE' ? finite(sql) : `${localTime(sql, type)}::DATE`;

const finite = (sql: string): string => `CASE WHEN isfinite(${sql}) THEN ${sql} END`;
