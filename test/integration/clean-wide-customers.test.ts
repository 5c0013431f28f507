import { describe, expect, it } from 'vitest';
import { cleanInWorkspace } from '../support/clean-in-workspace.js';

const clean = cleanInWorkspace();

describe('a wide customer table', () => {
  const wide = (count: number): object =>
    Object.fromEntries(Array.from({ length: count }, (_, i) => [`c${i}`, { kind: 'number' }]));

  it('of 150 columns is cleaned and logged in the memory of a few', async () => {
    const columns = Array.from({ length: 150 }, (_, i) => `range + ${i} || '.5 ' AS c${i}`);
    const cells = `SELECT range + 1 AS _row, 'id ' || range AS customer_id, ${columns.join(', ')} FROM range(300)`;
    const { output, rows, report } = await clean(cells, wide(150));
    expect(output.customers.rows).toBe(300);
    const [first] = await rows('customers');
    expect([first?.['c0'], first?.['c149']]).toEqual([0.5, 149.5]);
    expect(output.log?.rows).toBe(300 * 150);
    expect(output.atributos.rows).toBe(300 * 150);
    expect(Object.keys(report.columns)).toHaveLength(151);
  });

  it('keeps what is of one row together, and its flags in the order of the columns', async () => {
    // More than one of DuckDB's row groups, and more columns than are looked up at once.
    const rows = 130_000;
    const COLUMNS = 26;
    const columns = Array.from(
      { length: COLUMNS },
      (_, i) => `if(range % 7 = 3, '-1', (range * ${COLUMNS} + ${i})::VARCHAR) AS c${i}`,
    );
    const cells = `SELECT range + 1 AS _row, range::VARCHAR AS customer_id, ${columns.join(', ')} FROM range(${rows})`;
    const positive = Object.fromEntries(Object.keys(wide(COLUMNS)).map((name) => [name, { kind: 'number', min: 0 }]));
    const { rows: read } = await clean(cells, positive, { cellLog: false });
    const flags = Object.keys(positive)
      .map((name) => `${name}:below-min`)
      .join(';');
    let wrong = 0;
    for (const row of await read('customers')) {
      const id = Number(row['customer_id']);
      const isNegative = id % 7 === 3;
      const isRight = Object.keys(positive).every((name, i) => row[name] === (isNegative ? -1 : id * COLUMNS + i));
      if (!isRight || row['flags'] !== (isNegative ? flags : null)) wrong += 1;
    }
    expect(wrong).toBe(0);
  }, 300_000);
});
