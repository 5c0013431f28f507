import type { CleanedColumn, Spelling } from '../../../../customers/cleaning/cell.js';

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
