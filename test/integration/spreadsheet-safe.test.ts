import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exportPartition } from '../../activities/export-partition.js';
import { spreadsheetSafe } from '../../activities/spreadsheet-safe.js';
import { writeParquet } from '../../activities/write-parquet.js';
import { DuckDb } from '../../lake/duckdb.js';
import type { TableSchema } from '../../lake/delta-schema.js';
import { openStore } from '../../lake/open-store.js';
import { text } from '../../lake/sql.js';

let folder: string;
let db: DuckDb;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'segmenta-safe-'));
  db = await DuckDb.open({ threads: 2, memoryLimit: '1GB', spillFolder: join(folder, 'spill'), timeZone: 'UTC' });
});
afterAll(async () => {
  await db.close();
  await rm(folder, { recursive: true, force: true });
});

async function safe(texts: readonly string[]): Promise<readonly string[]> {
  await db.run('CREATE OR REPLACE TABLE texts (i INTEGER, t VARCHAR)');
  const rows = texts.map((t, i) => `(${i}, ${text(t)})`);
  await db.run(`INSERT INTO texts VALUES ${rows.join(', ')}`);
  // A byte order mark that a text begins with would be lost on the way here.
  const written = await db.rows(`SELECT 'x' || ${spreadsheetSafe('t')} AS t FROM texts ORDER BY i`);
  return written.map((row) => String(row.t).slice(1));
}

/** What a program that opens the file leaves out before it looks at a cell's first character. */
const FIRST = /^[\s\p{Z}\p{C}"`´‘’‚“”„«»]*(.)/su;
const ACTS = new Set('=+-@＝＋－＠');
const acts = (cell: string): boolean => ACTS.has(FIRST.exec(cell)?.[1] ?? '');

const SPECIAL = Array.from('=+-@＝＋－＠;|\t\r\n\v\f,"\'` \u00a0\u200b\ufeff\u2028ab1');
const hostile = fc.oneof(
  fc.string({ unit: fc.constantFrom(...SPECIAL), maxLength: 12 }),
  fc.string({ unit: 'binary', maxLength: 12 }).map((one) => one.replaceAll('\0', '')),
);

describe('a text in a csv copy', () => {
  it.each([
    ["=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0"],
    ['+54 11 5555', "'+54 11 5555"],
    ['-5', "'-5"],
    ['@SUM(1+1)*cmd', "'@SUM(1+1)*cmd"],
    ['  =1+1', "  '=1+1"],
    ['"=1+1', '"\'=1+1'],
    ['\u00a0\ufeff=1', "\u00a0\ufeff'=1"],
    ['＝1+1', "'＝1+1"],
    ['\t=1', "'\t'=1"],
    ['\thola', "'\thola"],
    ['a;=1', "a;'=1"],
    ['a\n=1', "a\n'=1"],
    ['a; "=1|@b', "a; \"'=1|'@b"],
  ])('%j becomes %j', async (given, written) => {
    expect(await safe([given])).toEqual([written]);
  });

  it.each([
    'norte',
    '[1.5,-2]',
    'a = b',
    'ana@example.com',
    '2024-03-01',
    'a-b',
    '',
    'income:max;age:min',
    "O'Higgins",
  ])('stays as it is: %j', async (given) => {
    expect(await safe([given])).toEqual([given]);
  });

  it('begins no formula, whichever separator the program splits by and whatever it leaves out', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(hostile, { minLength: 1, maxLength: 40 }), async (texts) => {
        for (const [i, written] of (await safe(texts)).entries()) {
          for (const cell of [written, ...written.split(/[;|\t\r\n\v\f]/)]) expect(acts(cell)).toBe(false);
          expect(written).not.toMatch(/^[\t\r\n]/);
          // Apostrophes come, and nothing goes.
          expect(written.replaceAll("'", '')).toBe(texts[i]?.replaceAll("'", ''));
        }
      }),
      { numRuns: 60 },
    );
  });
});

const TABLE: TableSchema = {
  name: 'tabla',
  description: '',
  columns: [
    { name: 'customer_id', type: 'string' },
    { name: 'saldo', type: 'double' },
    { name: 'vip', type: 'boolean' },
    { name: 'nota', type: 'string' },
    { name: 'fecha_modelo', type: 'date' },
  ],
};

describe('the copies of a partition', () => {
  it('are safe as csv and exact as JSON lines; numbers, dates and yes or no stay as they are', async () => {
    const file = join(folder, 'tabla.parquet');
    const select = `SELECT * FROM (VALUES ('-1', -5.5, true, '=1+1'), ('0', -1e-7, NULL, 'a,"b"
=c'), ('A', NULL, false, NULL)) t(customer_id, saldo, vip, nota)`;
    const typed = `SELECT customer_id, saldo::DOUBLE AS saldo, vip, nota FROM (${select})`;
    await writeParquet(db, file, { select: typed, orderBy: 'customer_id' });
    const store = openStore(join(folder, 'lake'));
    const context = { store, scratch: folder, transferring: async <T>(_: string, work: Promise<T>) => work };
    const copies = await exportPartition(db, context, TABLE, '2026-07-01', file);
    expect(copies.map(({ unchanged }) => unchanged)).toEqual([false, false]);
    const read = async (i: number): Promise<string> => readFile(join(folder, 'lake', copies[i]?.key ?? ''), 'utf8');
    expect(await read(0)).toBe(
      `customer_id,saldo,vip,nota,fecha_modelo\n'-1,-5.5,true,'=1+1,2026-07-01\n` +
        `0,-1e-07,,"a,""b""\n'=c",2026-07-01\nA,,false,,2026-07-01\n`,
    );
    const lines = (await read(1)).trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
      { customer_id: '-1', saldo: -5.5, vip: true, nota: '=1+1', fecha_modelo: '2026-07-01' },
      { customer_id: '0', saldo: -1e-7, vip: null, nota: 'a,"b"\n=c', fecha_modelo: '2026-07-01' },
      { customer_id: 'A', saldo: null, vip: false, nota: null, fecha_modelo: '2026-07-01' },
    ]);
    const again = await exportPartition(db, context, TABLE, '2026-07-01', file);
    expect(again.map(({ unchanged }) => unchanged)).toEqual([true, true]);
  });
});
