import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildFeatures } from '../../activities/build-features.js';
import { ingestTransactions } from '../../activities/ingest-transactions.js';
import type { ActivityDeps } from '../../activities/run-activity.js';
import { DuckDb } from '../../lake/duckdb.js';
import { sourceDefinition } from '../../lake/source-definition.js';
import { text } from '../../lake/sql.js';
import { outputOf, taskWorkspace } from '../support/single-tasks.js';
import type { TaskWorkspace } from '../support/single-tasks.js';

const FECHA = '2026-07-01';
const ROWS = 1_600_000;

let space: TaskWorkspace;
let deps: ActivityDeps;
let path: string;

beforeAll(async () => {
  space = await taskWorkspace(1);
  ({ deps } = space);
  path = join(space.folder, 'compras.parquet');
  const options = { threads: 2, memoryLimit: '1GB', timeZone: 'UTC', spillFolder: join(space.folder, 'spill') };
  const db = await DuckDb.open(options);
  // Some rows come twice.
  await db.run(`COPY (SELECT lpad((hash(n) % 40000)::VARCHAR, 8, '0') AS dni,
      TIMESTAMP '2025-07-05 10:00:00' + to_minutes((hash(n, 1) % 500000)::BIGINT) AS fecha,
      'rubro ' || (hash(n, 2) % 20) AS rubro, ['web', 'pos', 'app'][1 + (hash(n, 3) % 3)::INTEGER] AS canal,
      (1 + hash(n, 4) % 100000) / 100.0 AS monto, 'L' || (hash(n, 5) % 3000) AS ubicacion, 'P' || (hash(n, 6) % 9000) AS producto
    FROM (SELECT least(i, ${ROWS - 1_000}) AS n FROM range(${ROWS}) r(i))) TO ${text(path)} (FORMAT parquet)`);
  await db.close();
});
afterAll(async () => space.remove());

/** The hashes of what a source becomes, and whether anything waited on disk meanwhile. */
async function made(threads: number, queryMemory: string): Promise<{ hashes: string[]; spilled: boolean }> {
  let spilled = false;
  const scratch = join(deps.cacheFolder, 'scratch');
  const look = async (): Promise<void> => {
    const files = await readdir(scratch, { recursive: true }).catch(() => []);
    spilled ||= files.some((file) => /spill.duckdb_temp/.test(file));
  };
  const timer = setInterval(() => void look(), 5);
  try {
    const own = { ...deps, queryThreads: threads, queryMemory };
    const source = sourceDefinition.parse({
      name: 'compras',
      files: { compras: { path } },
      select: 'select * from compras',
    });
    const given = { source, fecha: FECHA, window: 365, timeZone: 'UTC' };
    const { transactions, customers } = await outputOf(own, ingestTransactions, given);
    const options = { minShare: 0.01, maxRubros: 30, log1p: true, digitalChannels: ['web', 'app'] };
    const { features, purchases } = await outputOf(own, buildFeatures, { transactions, fecha: FECHA, ...options });
    return { hashes: [transactions, customers, features, purchases].map(({ sha256 }) => sha256), spilled };
  } finally {
    clearInterval(timer);
  }
}

describe('ingest and features', () => {
  it('spill to disk below their memory limit, and give the same bytes with any limit and any number of threads', async () => {
    const roomy = await made(2, '2GB');
    const narrow = await made(1, '130MB');
    expect(narrow.hashes).toEqual(roomy.hashes);
    expect([roomy.spilled, narrow.spilled]).toEqual([false, true]);
  });
});
