import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { writeParquet } from '../../activities/write-parquet.js';
import { readTable } from '../../lake/delta-log.js';
import { DuckDb } from '../../lake/duckdb.js';
import { openStore } from '../../lake/open-store.js';
import { readHistory } from '../../lake/partition-history.js';
import { publishPartition } from '../../lake/publish-partition.js';
import { CLIENTES_SEGMENTADOS } from '../../lake/published-tables.js';
import { parquetjsRows } from '../support/parquetjs-rows.js';
import { readerPython } from '../support/reader-python.js';

const run = promisify(execFile);

/** More than one of DuckDB's vectors, and of Parquet's row groups in the larger one. */
const ROWS = { '2026-11-16': 5_000, '2026-11-23': 123_000 } as const;

const scratch = await mkdtemp(join(tmpdir(), 'segmenta-readers-'));
const lake = join(scratch, 'lake');
const store = openStore(lake);
afterAll(() => rm(scratch, { recursive: true, force: true }));

const dniOf = (i: number): string => String(i * 7).padStart(8, '0');
const dnisOf = (fecha: keyof typeof ROWS): string[] => Array.from({ length: ROWS[fecha] }, (_, i) => dniOf(i));

/** Customers with and without a segment, in the table's columns. */
const customers = (rows: number, salt: number): string => `
  SELECT lpad((i * 7)::VARCHAR, 8, '0') AS dni,
    CASE WHEN i % 10 <> 3 THEN (i % 4)::INTEGER END AS cluster_id,
    CASE WHEN i % 10 = 3 THEN 'sin_segmento' ELSE ['Farmacia', 'Panadería ñandú', '日本 😀', '"a", b'][i % 4 + 1] END AS cluster_nombre,
    CASE WHEN i % 10 <> 3 THEN 'rubro ' || (i % 5) END AS rubro_top,
    CASE WHEN i % 10 <> 3 THEN i / ${rows}::DOUBLE END AS score_supermercado,
    CASE WHEN i % 10 <> 3 THEN 0.1::DOUBLE * ${salt} END AS score_farmacia,
    NULL::DOUBLE AS score_restaurante,
    CASE WHEN i % 10 = 3 THEN 'sin_compras_en_ventana' END AS motivo
  FROM range(${rows}) t(i)`;

beforeAll(async () => {
  const options = { threads: 2, memoryLimit: '1GB', spillFolder: join(scratch, 'spill'), timeZone: 'UTC' };
  const db = await DuckDb.open(options);
  const publish = async (fecha: string, rows: number, salt: number): Promise<void> => {
    const file = join(scratch, `${fecha}-${salt}.parquet`);
    const written = await writeParquet(db, file, { select: customers(rows, salt), orderBy: 'dni' });
    expect(written.rows).toBe(rows);
    await publishPartition(store, { table: CLIENTES_SEGMENTADOS, fecha, file, rows, tags: {}, run: `run ${salt}` });
  };
  await publish('2026-11-23', ROWS['2026-11-23'], 1);
  await publish('2026-11-16', 77, 2);
  await publish('2026-11-16', ROWS['2026-11-16'], 3);
  await db.close();
});

const seen = z.object({
  rows: z.number(),
  columns: z.array(z.string()),
  types: z.object({ dni: z.string(), fecha_modelo: z.string() }),
  rows_by_fecha_modelo: z.record(z.string(), z.number()),
  dnis_sha256: z.string(),
});
const report = z.object({
  tables: z.object({
    clientes_segmentados: z.object({
      version: z.number(),
      partition_columns: z.array(z.string()),
      files: z.number(),
      agree: z.boolean(),
      readers: z.object({ deltalake: seen, polars: seen, duckdb: seen }),
    }),
  }),
});

const { python, absence } = await readerPython();
describe.skipIf(absence !== null)('a published table, read by other people’s software', () => {
  const read = async (folder: string) => {
    const { stdout } = await run(python, ['test/golden/read_published.py', folder]);
    return report.parse(JSON.parse(stdout)).tables.clientes_segmentados;
  };
  let table: Awaited<ReturnType<typeof read>>;
  beforeAll(async () => {
    table = await read(lake);
  });

  it('is the newest version, partitioned by date, of one file a date', () => {
    expect(table).toMatchObject({ version: 2, partition_columns: ['fecha_modelo'], files: 2, agree: true });
  });

  it.each([
    ['deltalake', /^(large_)?string(_view)?$/, 'date32[day]'],
    ['polars', /^String$/, 'Date'],
    ['duckdb', /^VARCHAR$/, 'DATE'],
  ] as const)('has dni as text with its zeros and fecha_modelo as a date in %s', (reader, text, date) => {
    const { types, rows, rows_by_fecha_modelo: byDate, dnis_sha256: dnis } = table.readers[reader];
    expect(types.dni).toMatch(text);
    expect(types.fecha_modelo).toBe(date);
    expect(byDate).toEqual(ROWS);
    expect(rows).toBe(ROWS['2026-11-16'] + ROWS['2026-11-23']);
    const all = [...dnisOf('2026-11-16'), ...dnisOf('2026-11-23')].toSorted();
    expect(dnis).toBe(
      createHash('sha256')
        .update(all.map((dni) => `${dni}\n`).join(''))
        .digest('hex'),
    );
  });

  it('has its columns in the order of the contract for readers of the log', () => {
    const columns = CLIENTES_SEGMENTADOS.columns.map(({ name }) => name);
    expect(table.readers.deltalake.columns).toEqual(columns);
    expect(table.readers.polars.columns).toEqual(columns);
    // A reader of the files finds the date in their paths, after the columns inside them.
    expect(table.readers.duckdb.columns).toEqual([
      ...columns.filter((name) => name !== 'fecha_modelo'),
      'fecha_modelo',
    ]);
  });

  it('keeps its log readable here when deltalake writes to it, with actions and fields of its own', async () => {
    const copy = join(scratch, 'written-by-others');
    const table = openStore(copy);
    await copyLake(copy);
    const script = join(scratch, 'write.py');
    await writeFile(script, DELTALAKE_WRITES);
    await run(python, [script, join(copy, 'clientes_segmentados')]);
    const { version, files } = await readTable(table, 'clientes_segmentados');
    expect(version).toBe(4);
    expect(files.map(({ fecha, rows }) => [fecha, rows])).toEqual([
      ['2026-11-16', ROWS['2026-11-16']],
      ['2026-11-23', ROWS['2026-11-23']],
      ['2026-11-30', 2],
    ]);
    expect((await read(copy)).readers.deltalake.rows_by_fecha_modelo).toEqual({ ...ROWS, '2026-11-30': 2 });
    // With a checkpoint beside them the commits still say it all; without one of them the checkpoint is believed.
    expect((await keysOf(copy)).some((key) => key.includes('checkpoint'))).toBe(true);
    await table.remove('clientes_segmentados/_delta_log/00000000000000000001.json');
    const left = await readTable(table, 'clientes_segmentados');
    expect(left.files.map(({ fecha, rows }) => [fecha, rows])).toEqual(files.map(({ fecha, rows }) => [fecha, rows]));
    await expect(readHistory(table, 'clientes_segmentados')).rejects.toThrow('cleaned up after a checkpoint');
  });

  it('takes a publish after deltalake has written to it, which deltalake then reads', async () => {
    const copy = join(scratch, 'published-after-others');
    await copyLake(copy);
    const script = join(scratch, 'write.py');
    await writeFile(script, DELTALAKE_WRITES);
    await run(python, [script, join(copy, 'clientes_segmentados')]);
    const file = join(scratch, '2026-11-16-2.parquet');
    const facts = { table: CLIENTES_SEGMENTADOS, rows: 77, tags: {}, run: 'after' };
    const published = await publishPartition(openStore(copy), { ...facts, fecha: '2026-11-30', file });
    expect(published).toMatchObject({ version: 5, unchanged: false });
    const { readers, agree } = await read(copy);
    expect(agree).toBe(true);
    expect(readers.polars.rows_by_fecha_modelo).toEqual({ ...ROWS, '2026-11-30': 77 });
  });

  it('is read by all of them from a checkpoint of ours, also where it is all that is left', async () => {
    const copy = join(scratch, 'with-checkpoint');
    await copyLake(copy);
    const table = openStore(copy);
    const log = 'clientes_segmentados/_delta_log';
    const file = join(scratch, '2026-11-16-2.parquet');
    for (const version of [3, 4, 5, 6, 7, 8, 9, 10]) {
      const tags = { knnIndex: JSON.stringify({ of: version }) };
      const facts = { table: CLIENTES_SEGMENTADOS, fecha: '2026-11-16', file, rows: 77, tags, run: `run ${version}` };
      expect((await publishPartition(table, facts)).version).toBe(version);
    }
    expect(JSON.parse(Buffer.from(await table.read(`${log}/_last_checkpoint`)).toString())).toMatchObject({
      version: 10,
      numOfAddFiles: 2,
    });
    const expected = { '2026-11-16': 77, '2026-11-23': ROWS['2026-11-23'] };
    const seen = await read(copy);
    expect(seen).toMatchObject({ version: 10, files: 2, agree: true });
    const whole = await readTable(table, 'clientes_segmentados');
    for (const key of await keysOf(copy)) if (key.startsWith(log) && key.endsWith('.json')) await table.remove(key);
    const { version, files, readers } = await read(copy);
    expect({ version, files }).toEqual({ version: 10, files: 2 });
    expect(readers.deltalake.rows_by_fecha_modelo).toEqual(expected);
    expect(readers.polars.rows_by_fecha_modelo).toEqual(expected);
    expect(await readTable(table, 'clientes_segmentados')).toEqual(whole);
  });
});

/** Appends a partition, adds a transaction's identifier, and writes a checkpoint. */
const DELTALAKE_WRITES = `
import datetime, sys
import pyarrow as pa
from deltalake import CommitProperties, DeltaTable, Transaction, write_deltalake

table = DeltaTable(sys.argv[1])
schema = pa.schema(table.schema().to_arrow())
rows = [{"dni": "00000001", "fecha_modelo": datetime.date(2026, 11, 30)}, {"dni": "00000002", "fecha_modelo": datetime.date(2026, 11, 30)}]
properties = CommitProperties(custom_metadata={"of": "another program"}, app_transactions=[Transaction("app", 7)])
write_deltalake(table, pa.Table.from_pylist(rows, schema=schema), mode="append", commit_properties=properties)
table = DeltaTable(sys.argv[1])
table.alter.set_table_properties({"delta.logRetentionDuration": "interval 30 days"})
DeltaTable(sys.argv[1]).create_checkpoint()
`;

const keysOf = async (folder: string): Promise<string[]> => {
  const keys: string[] = [];
  for await (const { key } of openStore(folder).list('')) keys.push(key);
  return keys;
};

async function copyLake(to: string): Promise<void> {
  await mkdir(to);
  for (const key of await keysOf(lake)) await openStore(to).write(key, { path: store.localPath(key) ?? '' });
}

describe('a partition’s file', () => {
  it.each(['2026-11-16', '2026-11-23'] as const)(
    'of %s opens in parquetjs-lite: version 1 pages, Snappy',
    async (fecha) => {
      const { files } = await readTable(store, 'clientes_segmentados');
      const path = store.localPath(`clientes_segmentados/${files.find((file) => file.fecha === fecha)?.path}`) ?? '';
      const rows = await parquetjsRows(path);
      expect(rows.map(({ dni }) => dni)).toEqual(dnisOf(fecha));
      expect(rows[2]).toMatchObject({ dni: '00000014', cluster_nombre: '日本 😀' });
    },
  );
});
