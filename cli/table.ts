import Table from 'cli-table3';

/** Rows as a table for a terminal: numbers to the right, no more lines than needed. */
export function drawTable(head: readonly string[], rows: readonly (readonly unknown[])[]): string {
  const numeric = head.map((_, i) => rows.every((row) => typeof row[i] === 'number' || row[i] === null));
  const table = new Table({
    head: [...head],
    colAligns: numeric.map((right) => (right ? 'right' : 'left')),
    style: { head: [], border: [], compact: true },
  });
  for (const row of rows) table.push(row.map(cell));
  return table.toString();
}

function cell(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'bigint') return value.toLocaleString('en');
  if (typeof value !== 'number') return typeof value === 'string' ? value : JSON.stringify(value);
  return Number.isInteger(value) ? value.toLocaleString('en') : value.toFixed(3);
}
