import { randomUUID } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import * as fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { writeParquet } from '../../activities/write-parquet.js';
import { contentOf } from '../../lake/content-hash.js';
import { DuckDb } from '../../lake/duckdb.js';
import { text } from '../../lake/sql.js';

const scratch = await mkdtemp(join(tmpdir(), 'segmenta-duckdb-'));
afterAll(() => rm(scratch, { recursive: true, force: true }));

const withDb = async <Result>(
  options: { threads?: number; memoryLimit?: string; spillFolder?: string; timeZone?: string },
  use: (db: DuckDb) => Promise<Result>,
): Promise<Result> => {
  const spillFolder = join(scratch, 'spill');
  const db = await DuckDb.open({ threads: 2, memoryLimit: '1GB', spillFolder, timeZone: 'UTC', ...options });
  try {
    return await use(db);
  } finally {
    await db.close();
  }
};

const filesIn = (folder: string): Promise<string[]> => readdir(folder).catch(() => []);

/** What a column of a random table holds, as SQL over the row's number `i` and a `seed`. */
const KINDS = {
  integer: (seed: number) => `(hash(i, ${seed}) % 1000)::INTEGER`,
  long: (seed: number) => `(hash(i, ${seed}) >> 1)::BIGINT`,
  double: (seed: number) => `(hash(i, ${seed}) % 100000)::DOUBLE / 7`,
  decimal: (seed: number) => `((hash(i, ${seed}) % 1000000) / 100)::DECIMAL(38, 4)`,
  date: (seed: number) => `DATE '2017-01-01' + (hash(i, ${seed}) % 700)::INTEGER`,
  few: (seed: number) => `['Farmacia', 'ñandú', '日本 😀', ''][(hash(i, ${seed}) % 4)::INTEGER + 1]`,
  many: (seed: number) => `lpad((hash(i, ${seed}) % 100000000)::VARCHAR, 8, '0')`,
  sparse: (seed: number) => `CASE WHEN hash(i, ${seed}) % 10 = 0 THEN 'x' END`,
} as const;

describe('a Parquet file that a task writes', () => {
  const columns = fc.array(fc.constantFrom(...(Object.keys(KINDS) as (keyof typeof KINDS)[])), {
    minLength: 1,
    maxLength: 6,
  });
  // Around a vector's 2 048 rows and a row group's 122 880.
  const rows = fc.oneof(
    { weight: 2, arbitrary: fc.nat(5_000) },
    { weight: 1, arbitrary: fc.constantFrom(0, 1, 2_047, 2_048, 2_049, 122_880, 122_881, 250_000) },
  );

  it('has the same bytes, whatever the number of threads and the order that the rows came in', async () => {
    await fc.assert(
      fc.asyncProperty(columns, rows, fc.nat(1_000_000), async (kinds, count, seed) => {
        const values = kinds.map((kind, c) => `${KINDS[kind](seed + c)} AS "c ${c}"`);
        const digests = new Set<string>();
        for (const threads of [1, 2, 4]) {
          const file = join(scratch, `${randomUUID()}.parquet`);
          await withDb({ threads }, async (db) => {
            const order = `hash(i, ${threads + seed})`;
            await db.run(
              `CREATE TABLE t AS SELECT i, ${values.join(', ')} FROM range(${count}) r(i) ORDER BY ${order}`,
            );
            const metadata = { note: "it's ñ" };
            const written = await writeParquet(db, file, { select: 'SELECT * FROM t', orderBy: 'i', metadata });
            expect(written.rows).toBe(count);
            expect(written.content).toEqual(await contentOf(file));
            digests.add(written.content.sha256);
          });
          await rm(file);
        }
        expect(digests.size).toBe(1);
      }),
      { numRuns: 20, seed: 20_261_116 },
    );
  });
});

describe('a query larger than its memory', () => {
  it('spills to its folder, gives the right answer, and leaves nothing there', async () => {
    const spillFolder = join(scratch, 'tiny');
    const file = join(scratch, 'sorted.parquet');
    const rows = 1_500_000;
    let spilled = 0;
    await withDb({ memoryLimit: '60MB', threads: 1, spillFolder }, async (db) => {
      const watch = { done: false };
      const watching = (async () => {
        while (!watch.done) {
          spilled = Math.max(spilled, (await filesIn(spillFolder)).length);
          await sleep(2);
        }
      })();
      const padded = `repeat(md5(i::VARCHAR), 3)`;
      await writeParquet(db, file, { select: `SELECT ${padded} AS k, i FROM range(${rows}) r(i)`, orderBy: 'k, i' });
      watch.done = true;
      await watching;
      const [sum] = await db.rows(
        `SELECT sum(i)::DOUBLE AS sum, count(*)::DOUBLE AS rows FROM read_parquet(${text(file)})`,
      );
      expect(sum).toEqual({ sum: (rows * (rows - 1)) / 2, rows });
    });
    expect(spilled).toBeGreaterThan(0);
    expect(await filesIn(spillFolder)).toEqual([]);
  });

  it('leaves nothing where it fails for want of room, and says so', async () => {
    const spillFolder = join(scratch, 'failing');
    const failing = withDb({ memoryLimit: '20MB', threads: 1, spillFolder }, async (db) => {
      await db.run("SET max_temp_directory_size = '1MB'");
      await db.rows('SELECT list(md5(i::VARCHAR)) IS NULL AS none FROM range(3000000) r(i)');
    });
    await expect(failing).rejects.toThrow(/Out of Memory/i);
    expect(await filesIn(spillFolder)).toEqual([]);
  });
});

describe('a DuckDB of a task', () => {
  it('stops a query that is interrupted, leaves no spilled file, and can be asked again', async () => {
    const spillFolder = join(scratch, 'interrupted');
    await withDb({ memoryLimit: '100MB', spillFolder }, async (db) => {
      const endless = db.rows(
        'SELECT count(DISTINCT md5(a.i::VARCHAR || b.i::VARCHAR)) AS n FROM range(1000000) a(i), range(1000000) b(i)',
      );
      const settled = endless.then(
        () => 'ended',
        (error: unknown) => String(error),
      );
      // Once is not enough where the query has not begun to run.
      const timer = setInterval(() => db.interrupt(), 200);
      expect(await settled).toMatch(/interrupt/i);
      clearInterval(timer);
      expect(await db.rows('SELECT 1 AS one')).toEqual([{ one: 1 }]);
    });
    expect(await filesIn(spillFolder)).toEqual([]);
  });

  it('reads no part of a result for all of it where it is interrupted', async () => {
    const many = 'SELECT i::INTEGER AS i FROM range(20000000) r(i)';
    const ways = {
      eachInts: (db: DuckDb, visit: () => void) => db.eachInts(many, visit),
      eachChunk: (db: DuckDb, visit: () => void) => db.eachChunk(many, visit),
      eachNumbers: (db: DuckDb, visit: () => void) => db.eachNumbers(`SELECT '', i::DOUBLE FROM (${many})`, visit),
    };
    for (const [way, read] of Object.entries(ways)) {
      for (const after of [1, 50]) {
        await withDb({}, async (db) => {
          let chunks = 0;
          const reading = read(db, () => {
            chunks += 1;
            if (chunks === after) db.interrupt();
          });
          await expect(reading, `${way} after ${after}`).rejects.toThrow(/interrupt/i);
        });
      }
    }
  });

  it('turns a moment into a date in the zone that is said', async () => {
    const moment = "SELECT (TIMESTAMPTZ '2026-11-16 02:00:00+00')::DATE::VARCHAR AS date";
    expect(await withDb({ timeZone: 'America/Argentina/Buenos_Aires' }, (db) => db.rows(moment))).toEqual([
      { date: '2026-11-15' },
    ]);
    expect(await withDb({ timeZone: 'UTC' }, (db) => db.rows(moment))).toEqual([{ date: '2026-11-16' }]);
    await expect(withDb({ timeZone: 'Nowhere/Land' }, (db) => db.rows(moment))).rejects.toThrow('Nowhere/Land');
  });

  it('hands over a large result chunk by chunk, in order, none missing', async () => {
    await withDb({}, async (db) => {
      let next = 0n;
      const rows = await db.eachChunk('SELECT i FROM range(100000) r(i) ORDER BY i', (firstRow, [column = []]) => {
        expect(BigInt(firstRow)).toBe(next);
        expect(column[0]).toBe(next);
        next += BigInt(column.length);
      });
      expect(rows).toBe(100_000);
      expect(next).toBe(100_000n);
      expect(await db.eachChunk('SELECT 1 WHERE false', () => expect.unreachable())).toBe(0);
    });
  });

  it('hands over numbers of a large result as DuckDB has them, and refuses other types', async () => {
    await withDb({}, async (db) => {
      const numbers = `SELECT i::VARCHAR AS id, i / 2 AS half, (0 - i)::DOUBLE AS less FROM range(100000) r(i) ORDER BY r.i`;
      let next = 0;
      const rows = await db.eachNumbers(numbers, (firstRow, ids, [half, less]) => {
        expect(firstRow).toBe(next);
        expect(ids).toEqual(Array.from(ids, (_, r) => String(firstRow + r)));
        expect(half).toEqual(Float64Array.from(ids, (_, r) => (firstRow + r) / 2));
        expect(less).toEqual(Float64Array.from(ids, (_, r) => 0 - (firstRow + r)));
        next += ids.length;
      });
      expect([rows, next]).toEqual([100_000, 100_000]);
      const refused = db.eachNumbers(`SELECT 'a', 1::BIGINT`, () => expect.unreachable());
      await expect(refused).rejects.toThrow('Expected a VARCHAR column and then DOUBLE columns, got VARCHAR, BIGINT');
    });
  });

  it('hands over whole numbers and dates as DuckDB has them, and refuses other types', async () => {
    await withDb({}, async (db) => {
      const select = `SELECT (0 - i)::INTEGER AS less, DATE '1970-01-01' + i::INTEGER AS day FROM range(100000) r(i) ORDER BY i`;
      let next = 0;
      const rows = await db.eachInts(select, ([less, day]) => {
        expect(less).toEqual(Int32Array.from(less ?? [], (_, r) => 0 - (next + r)));
        expect(day).toEqual(Int32Array.from(day ?? [], (_, r) => next + r));
        next += less?.length ?? 0;
      });
      expect([rows, next]).toEqual([100_000, 100_000]);
      const refused = db.eachInts('SELECT 1::INTEGER, 1::BIGINT', () => expect.unreachable());
      await expect(refused).rejects.toThrow('Expected INTEGER and DATE columns, got INTEGER, BIGINT');
    });
  });

  it('says what columns a query has without running it', async () => {
    await withDb({}, async (db) => {
      const columns = await db.describe(`SELECT '007' AS "d ni", error('ran')::DOUBLE AS x`);
      expect(columns).toEqual([
        { name: 'd ni', type: 'VARCHAR' },
        { name: 'x', type: 'DOUBLE' },
      ]);
    });
  });
});
