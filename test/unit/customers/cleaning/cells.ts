import type { CleanedColumn, Spelling } from '../../../../customers/cleaning/cell.js';
import { cleanColumn } from '../../../../customers/cleaning/clean-column.js';
import { headerReport } from '../../../../customers/cleaning/cleaning-report.js';
import { warningsOf } from '../../../../customers/cleaning/report-warnings.js';
import { columnRule } from '../../../../customers/column-rule.js';

/** The spellings of a column with these cells, as they are found in it. */
export function spellingsOf(cells: readonly string[]): Spelling[] {
  const found = new Map<string, Spelling>();
  for (const [i, text] of cells.entries()) {
    const { count, row } = found.get(text) ?? { count: 0, row: i + 1 };
    found.set(text, { text, count: count + 1, row });
  }
  return [...found.values()];
}

/** What each cell becomes: its value, `null` or `never`, with its flag behind it. */
export function becomes(cells: readonly string[], cleaned: CleanedColumn): string[] {
  const texts = spellingsOf(cells).map(({ text }) => text);
  return cells.map((text) => {
    const reading = cleaned.readings[texts.indexOf(text)];
    if (reading === undefined) return 'nothing';
    const value = reading.never === true ? 'never' : String(reading.value);
    return reading.flag === undefined ? value : `${value}!${reading.flag}`;
  });
}

/** These cells as a column, cleaned on 2026-07-01. */
export const cleanCells = (cells: readonly string[], rule: object): CleanedColumn =>
  cleanColumn(spellingsOf(cells), columnRule.parse(rule), '2026-07-01');

/** What the report of a table warns of whose only column has this name and these cells. */
export function warningsOfCells(name: string, cells: readonly string[], rule: object): string[] {
  const { kind } = columnRule.parse(rule);
  const from = [headerReport(name, spellingsOf(cells), cleanCells(cells, rule), 0)];
  return warningsOf({ [name]: { kind, from, contradictions: { rows: 0, examples: [] } } });
}
