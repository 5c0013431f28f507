import { tmpdir } from 'node:os';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createWholeRows } from '../../activities/whole-rows.js';
import { DuckDb } from '../../lake/duckdb.js';
import { text } from '../../lake/sql.js';

const options = { threads: 2, memoryLimit: '200MB', spillFolder: tmpdir(), timeZone: 'UTC' };

type Cell = string | null;
type Cells = readonly [Cell, Cell];

const sql = (cell: Cell): string => (cell === null ? 'NULL' : text(cell));

/** What is left of rows, in order, and what was said of them; `atOnce` hashes are held at a time. */
async function wholeRowsOf(rows: readonly Cells[], atOnce?: number) {
  const db = await DuckDb.open(options);
  try {
    await db.run('CREATE TABLE "compras" (dni VARCHAR, rubro VARCHAR)');
    for (const [dni, rubro] of rows) await db.run(`INSERT INTO compras VALUES (${sql(dni)}, ${sql(rubro)})`);
    const said = await createWholeRows(db, 'once', 'compras', atOnce);
    const left = await db.rows('SELECT * FROM once ORDER BY ALL');
    return { ...said, left: left.map(({ dni, rubro }) => [dni, rubro]) };
  } finally {
    await db.close();
  }
}

describe('the rows of a relation, each once', () => {
  it('are its own rows where none comes twice', async () => {
    const rows: Cells[] = [['a', 'x'], ['a', 'y'], ['b', null]]; // prettier-ignore
    expect(await wholeRowsOf(rows)).toEqual({ read: 3, repeated: 0, left: rows });
  });

  it('are none of none', async () => {
    expect(await wholeRowsOf([])).toEqual({ read: 0, repeated: 0, left: [] });
  });

  it('leave out each further copy of a row, and nothing that is like it in part', async () => {
    const rows: Cells[] = [['a', 'x'], ['a', null], ['a', 'x'], [null, 'x'], ['a', 'x'], ['a', null]]; // prettier-ignore
    expect(await wholeRowsOf(rows)).toEqual({
      read: 6,
      repeated: 3,
      left: [
        ['a', 'x'],
        ['a', null],
        [null, 'x'],
      ],
    });
  });

  it('are the same in however many parts their hashes are looked at', async () => {
    const cell = fc.constantFrom('a', 'b', 'c', null);
    const rows = fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(rows, fc.integer({ min: 1, max: 20 }), async (all, atOnce) => {
        const distinct = new Set(all.map((row) => JSON.stringify(row)));
        const { read, repeated, left } = await wholeRowsOf(all, atOnce);
        expect([read, repeated]).toEqual([all.length, all.length - distinct.size]);
        expect(new Set(left.map((row) => JSON.stringify(row)))).toEqual(distinct);
        expect(left).toHaveLength(distinct.size);
      }),
      { numRuns: 20 },
    );
  });
});
