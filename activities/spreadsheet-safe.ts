// What makes a text act when a spreadsheet opens a csv file: OWASP, "CSV Injection"; CWE-1236.

/** With one of these as its first character a cell is a formula, or is taken for one; the wide ones too, by some. */
const STARTS = String.raw`=+\-@＝＋－＠`;

/** Left out by one program or another before it looks at the first character: blanks, what cannot be seen, quotes. */
const IGNORED = String.raw`\s\pZ\pC"'\x60´‘’‚“”„«»`;

/** Where a cell may begin: at the start of the text, and after what some program may take for the end of a cell. */
const CELL_BEGINS = String.raw`(^|[;|\t\r\n\v\f])`;

const FORMULA = `${CELL_BEGINS}([${IGNORED}]*)([${STARTS}])`;

/**
 * An SQL expression: the text as it can stand in a csv file that people open in a spreadsheet. An apostrophe makes text
 * of what would be a formula:
 *
 * - before the first `=`, `+`, `-` or `@` (full-width ones as well) that only blanks, invisible characters and quotes
 *   stand before. So `=1+1` becomes `'=1+1`, and `-5` becomes `'-5`;
 * - in the same way after each `;`, `|`, tab and line break inside the text, since a program that splits lines there
 *   begins a cell there. Not after commas: the text is quoted in the file then;
 * - before a text that begins with a tab, a line break or a NUL.
 *
 * All other texts stay as they are. Null stays null.
 */
export const spreadsheetSafe = (sql: string): string =>
  `regexp_replace(regexp_replace(${sql}, '${sqlText(FORMULA)}', '\\1\\2''\\3', 'g'), '^([\\t\\r\\n\\x00])', '''\\1')`;

const sqlText = (pattern: string): string => pattern.replaceAll("'", "''");
