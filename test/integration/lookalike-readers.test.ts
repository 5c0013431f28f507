import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { laidOut } from '../../activities/laid-out.js';
import { writeParquet } from '../../activities/write-parquet.js';
import { ALL_TABLES } from '../../lake/all-tables.js';
import { DuckDb } from '../../lake/duckdb.js';
import { CLIENTES_LIMPIOS } from '../../lake/lookalike-tables.js';
import { openStore } from '../../lake/open-store.js';
import { publishPartition } from '../../lake/publish-partition.js';
import { readerPython } from '../support/reader-python.js';

const run = promisify(execFile);
const scratch = await mkdtemp(join(tmpdir(), 'segmenta-lookalike-readers-'));
afterAll(() => rm(scratch, { recursive: true, force: true }));

/** A row whose every value is null but the id, and one of each boolean. */
const ROWS = `SELECT customer_id, vip, NOT vip AS never, 'Ñuñoa' AS region FROM
  (VALUES ('0', true), ('007', false), ('A-1', NULL)) t(customer_id, vip)`;

beforeAll(async () => {
  const db = await DuckDb.open({ threads: 1, memoryLimit: '1GB', spillFolder: scratch, timeZone: 'UTC' });
  const given = new Map([
    ['customer_id', 'customer_id'],
    ['vip_flag', 'vip'],
    ['days_since_last_purchase_never', 'never'],
    ['region_clean', 'region'],
  ]);
  const columns = CLIENTES_LIMPIOS.columns.map(({ name }) => `${given.get(name) ?? 'NULL'} AS ${name}`);
  const select = laidOut(CLIENTES_LIMPIOS, `(SELECT ${columns.join(', ')} FROM (${ROWS}))`);
  const file = join(scratch, 'clientes.parquet');
  const { rows } = await writeParquet(db, file, { select, orderBy: 'customer_id' });
  const partition = { table: CLIENTES_LIMPIOS, fecha: '2026-07-01', file, rows, tags: {}, run: 'test' };
  await publishPartition(openStore(join(scratch, 'lake')), partition);
  await db.close();
});

const READ = `
import json, sys
import duckdb, polars as pl
from deltalake import DeltaTable

folder = sys.argv[1]
columns = ["customer_id", "vip_flag", "days_since_last_purchase_never", "region_clean", "age"]
table = DeltaTable(folder)
schema = {field.name: field.type.type for field in table.schema().fields}
delta = duckdb.from_arrow(table.to_pyarrow_dataset().to_table()).order("customer_id").select(*columns)
frame = pl.read_delta(folder).sort("customer_id").select(columns)
print(json.dumps({"schema": schema, "deltalake": [list(row) for row in delta.fetchall()], "polars": [list(row) for row in frame.rows()],
    "types": {name: str(type) for name, type in frame.schema.items()}}))
`;

const { python, absence } = await readerPython();
describe.skipIf(absence !== null)('clientes_limpios, read by other people’s software', () => {
  it('has booleans as booleans, nulls as nulls, and ids with their zeros', async () => {
    const { stdout } = await run(python, ['-c', READ, join(scratch, 'lake', 'clientes_limpios')]);
    const seen = JSON.parse(stdout) as { readonly [what: string]: unknown };
    const rows = [
      ['0', true, false, 'Ñuñoa', null],
      ['007', false, true, 'Ñuñoa', null],
      ['A-1', null, null, 'Ñuñoa', null],
    ];
    expect(seen).toMatchObject({
      schema: Object.fromEntries(CLIENTES_LIMPIOS.columns.map(({ name, type }) => [name, type])),
      deltalake: rows,
      polars: rows,
      types: { vip_flag: 'Boolean', age: 'Int32', customer_id: 'String' },
    });
  });
});

describe('the published tables', () => {
  it('have names of their own, a date each, and no column twice', () => {
    expect(new Set(ALL_TABLES.map(({ name }) => name)).size).toBe(ALL_TABLES.length);
    for (const { columns } of ALL_TABLES) {
      const names = columns.map(({ name }) => name);
      expect(new Set(names).size).toBe(names.length);
      expect(columns).toContainEqual({ name: 'fecha_modelo', type: 'date' });
    }
  });
});
