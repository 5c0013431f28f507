import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { laidOut } from '../../activities/laid-out.js';
import { writeParquet } from '../../activities/write-parquet.js';
import { addDays } from '../../dag/calendar-date.js';
import { DuckDb } from '../../lake/duckdb.js';
import { publishPartition } from '../../lake/publish-partition.js';
import { CLIENTES_SEGMENTADOS } from '../../lake/published-tables.js';
import { parquetFile } from '../../lake/sql.js';
import { QUERY_MEMORY, newLake } from './local-tasks.js';
import { drive } from './side.js';

const settings = z.object({ table: z.string(), codec: z.enum(['snappy', 'zstd']), out: z.string() });

/** Rows that lie in DuckDB in order become the file of a partition, which is hashed as it is written and committed to a Delta table. */
await drive(async (said) => {
  const { table, codec, out } = settings.parse(said);
  const options = { threads: availableParallelism(), memoryLimit: QUERY_MEMORY, timeZone: 'UTC' };
  const db = await DuckDb.open({ ...options, spillFolder: join(out, 'spill') });
  await db.run(`CREATE TABLE clientes AS SELECT * FROM ${parquetFile(table)} ORDER BY dni`);
  const store = await newLake(out);
  let fecha = '2026-01-01';
  return {
    before: async () => void (fecha = addDays(fecha, 7)),
    run: async () => {
      const written = await writeParquet(db, join(out, `${fecha}.parquet`), {
        select: laidOut(CLIENTES_SEGMENTADOS, 'clientes'),
        // As the rows lie, as theirs do.
        orderBy: null,
        codec,
        mostlyDistinct: true,
      });
      return publishPartition(store, { ...written, table: CLIENTES_SEGMENTADOS, fecha, tags: {}, run: fecha });
    },
    tell: async ({ path }) => ({ file: store.localPath(path) }),
  };
});
