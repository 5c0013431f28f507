import { textList } from '../lake/sql.js';

/**
 * SQL that reads a source's column as what the canonical column is, whatever its type is in the file.
 * What cannot be read becomes null.
 */

/** Words that people and programs write where there is no value. */
const ABSENT = ['', '-', '?', 'n/a', 'na', 'nan', 'nil', 'none', 'null', 's/d', 'unknown', 'desconocido', 'sin dato'];

/** One character of a tidy text but for the blank: no blank or control, and one form only, whatever stands beside it. */
const TIDY = String.raw`[!-~\x{C0}-\x{24F}]`;

const isFloat = (type: string): boolean => type === 'DOUBLE' || type === 'FLOAT';

// Not IN, which joins a table of the words: this is asked once for each word of a Parquet file's dictionary.
const withoutAbsent = (sql: string): string =>
  `CASE WHEN list_contains(${textList(ABSENT)}, lower(${sql})) THEN NULL ELSE ${sql} END`;

/**
 * Runs of blanks and control characters become one blank, none is left at the ends; accents have one form. Most texts
 * are tidy: ASCII, and letters of Latin alphabets that have their accent in them, which one match tells.
 */
const tidy = (sql: string): string => {
  const written = `${sql}::VARCHAR`;
  const tidied = String.raw`trim(regexp_replace(nfc_normalize(${written}), '[\s\p{Z}\p{C}]+', ' ', 'g'))`;
  return `CASE WHEN regexp_full_match(${written}, '${TIDY}+( ${TIDY}+)*') THEN ${written} ELSE ${tidied} END`;
};

/**
 * A tidy ASCII text with a digit and no blank, as most ids are: no word of `ABSENT` is one. What stands before the first digit
 * has none, so that a match is never gone back on.
 */
const isPlainId = (sql: string): string => `regexp_full_match(${sql}, '[!-/:-~]*[0-9][!-~]*')`;

/** Text without blanks around it; blank is null. */
export const plainText = (sql: string): string => `nullif(${tidy(sql)}, '')`;

/** An id as text. Whole numbers that a program made floats of (`1234.0`) lose the `.0`; leading zeros of texts stay. */
export function identifier(sql: string, type: string): string {
  if (isFloat(type)) {
    const whole = `try_cast(${sql} AS HUGEINT)::VARCHAR`;
    return withoutAbsent(`CASE WHEN ${sql} = floor(${sql}) THEN ${whole} ELSE ${sql}::VARCHAR END`);
  }
  if (type !== 'VARCHAR') return withoutAbsent(`${sql}::VARCHAR`);
  return `CASE WHEN ${isPlainId(sql)} THEN ${sql} ELSE ${withoutAbsent(tidy(sql))} END`;
}

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
