import { tmpdir } from 'node:os';
import { describe, expect, it } from 'vitest';
import { createVisits } from '../../activities/create-visits.js';
import { DuckDb } from '../../lake/duckdb.js';

const options = { threads: 2, memoryLimit: '500MB', spillFolder: tmpdir(), timeZone: 'UTC' };

/** `visits` of a query's transactions. */
async function visitsOf(select: string, order = 'dni, fecha', fewPlaces?: number) {
  const db = await DuckDb.open(options);
  try {
    await db.run(`CREATE TABLE compras AS SELECT * FROM (${select}) ORDER BY ${order}`);
    const customers = await createVisits(db, 'compras', fewPlaces);
    const counted = await db.rows(`SELECT dni, count(DISTINCT ubicacion)::INTEGER AS lugares,
      count(DISTINCT date_trunc('month', fecha))::INTEGER AS meses FROM compras GROUP BY dni ORDER BY dni`);
    return { customers, counted, visits: await db.rows('SELECT * FROM visits ORDER BY dni') };
  } finally {
    await db.close();
  }
}

/** Of customers with few and with many rows, some without a place. */
const MANY = `SELECT 'c' || (hash(i) % 900)::VARCHAR AS dni, DATE '2020-01-01' + (hash(i, 1) % 1500)::INTEGER AS fecha,
  CASE WHEN hash(i, 2) % 7 > 0 THEN 'Plaza ' || (hash(i, 3) % 4000)::VARCHAR END AS ubicacion FROM range(60000) r(i)`;

describe('visits', () => {
  it('are distinct places and months of each customer, as DuckDB counts them one by one', async () => {
    const { customers, counted, visits } = await visitsOf(MANY);
    expect(customers).toBe(counted.length);
    expect(visits).toEqual(counted);
  });

  it('are the same where there are too many places to number them', async () => {
    const { counted, visits } = await visitsOf(MANY, undefined, 3_000);
    expect(visits).toEqual(counted);
  });

  it('have no places where no transaction has one', async () => {
    const { visits } = await visitsOf(`SELECT 'a' AS dni, DATE '2026-01-01' AS fecha, NULL::VARCHAR AS ubicacion`);
    expect(visits).toEqual([{ dni: 'a', lugares: 0, meses: 1 }]);
  });

  it('refuse transactions that are not in order of dni', async () => {
    const refused = visitsOf(MANY, 'hash(fecha)');
    await expect(refused).rejects.toThrow(/Expected transactions of 900 customers in order of dni, got \d+ runs/);
  });
});
