import { readdir, rename, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { ingestTransactions } from '../../activities/ingest-transactions.js';
import type { Ingested } from '../../activities/ingest-transactions.js';
import { runActivity } from '../../activities/run-activity.js';
import type { ActivityDeps, Attempt } from '../../activities/run-activity.js';
import { BadInput } from '../../lake/bad-input.js';
import { DuckDb } from '../../lake/duckdb.js';
import type { ObjectStore } from '../../lake/object-store.js';
import { sourceDefinition } from '../../lake/source-definition.js';
import type { SourceDefinition } from '../../lake/source-definition.js';
import { csvOf, purchaseSource, sixCustomers, writePurchases } from '../support/purchases.js';
import type { Purchase } from '../support/purchases.js';
import { execute } from '../support/run-segmentation.js';
import { outputOf, taskWorkspace } from '../support/single-tasks.js';
import type { TaskWorkspace } from '../support/single-tasks.js';

let space: TaskWorkspace;
let deps: ActivityDeps;
let tests = 0;

beforeAll(async () => {
  space = await taskWorkspace(1);
  ({ deps } = space);
});
afterAll(async () => space.remove());
beforeEach(() => {
  tests += 1;
  deps = { ...deps, cacheFolder: join(space.folder, `cache-${tests}`) };
});

const sourceOver = (path: string, options: object = {}): SourceDefinition =>
  sourceDefinition.parse({ name: 'compras', ...purchaseSource(path, options).compras });

const inputOf = (source: SourceDefinition, fecha: string) => ({ source, fecha, window: 365, timeZone: 'UTC' });

let asked = 0;

/** As a task that has no remembered result. */
async function ingest(
  source: SourceDefinition,
  fecha: string,
  own = deps,
  attempt: Partial<Attempt> = {},
): Promise<Ingested> {
  asked += 1;
  const said = { task: `tried-${asked}`, run: 'test', record: 'runs/test', mode: 'by-content', attempt: 1 } as const;
  const { signal } = new AbortController();
  const whole = { ...said, signal, heartbeat: () => {}, ...attempt };
  // This task does not skip itself.
  return (await runActivity(ingestTransactions, own, whole, inputOf(source, fecha))).output as Ingested;
}

/** The hashes of what a date becomes for a worker that has nothing staged. */
const afresh = async (source: SourceDefinition, fecha: string): Promise<readonly string[]> =>
  hashesOf(await ingest(source, fecha, { ...deps, cacheFolder: join(deps.cacheFolder, fecha) }));

const hashesOf = ({ transactions, customers }: Ingested): readonly string[] => [transactions.sha256, customers.sha256];

/** What lies staged: name and inode of each file. */
async function stagedFiles(): Promise<readonly string[]> {
  const folder = join(deps.cacheFolder, 'staged');
  const names = await readdir(folder).catch(() => []);
  const files = await Promise.all(names.map(async (name) => `${name} ${(await stat(join(folder, name))).ino}`));
  return files.toSorted((a, b) => (a < b ? -1 : 1));
}

const stagedRows = async (): Promise<readonly string[]> =>
  (await readdir(join(deps.cacheFolder, 'staged'))).filter((name) => name.endsWith('.parquet'));

const [early, late] = ['2026-04-01', '2026-07-01'];

describe('a source that is csv, or joined', () => {
  it('is taken apart once, for all dates, which get what each would get alone', async () => {
    const source = sourceOver(await writePurchases(space.folder, 'once.csv', sixCustomers));
    const first = hashesOf(await ingest(source, late));
    const staged = await stagedFiles();
    expect(staged.length).toBe(2);
    const second = hashesOf(await ingest(source, early));
    expect(await stagedFiles()).toEqual(staged);
    expect([first, second]).toEqual([await afresh(source, late), await afresh(source, early)]);
    expect(first).not.toEqual(second);
  });

  it('is taken apart once for dates that come at the same time', async () => {
    const source = sourceOver(await writePurchases(space.folder, 'together.csv', sixCustomers));
    const dates = [early, '2026-05-01', '2026-06-01', late];
    const together = await Promise.all(dates.map(async (fecha) => hashesOf(await ingest(source, fecha))));
    expect((await stagedRows()).length).toBe(1);
    expect(together).toEqual(await Promise.all(dates.map(async (fecha) => afresh(source, fecha))));
  });

  it('is staged by another date where the one that was at it is cancelled', async () => {
    const rows = Array.from({ length: 200_000 }, (_, n): Purchase => ({
      dni: `c${n % 999}`,
      fecha: '2026-03-01',
      monto: n,
    }));
    const source = sourceOver(await writePurchases(space.folder, 'cancelled.csv', rows));
    const cancelled = new AbortController();
    const phases: unknown[] = [];
    const heartbeat = (detail: object): void => void phases.push(detail);
    const first = ingest(source, late, deps, { signal: cancelled.signal, heartbeat });
    first.catch(() => undefined);
    await vi.waitUntil(() => JSON.stringify(phases).includes('reading the source'), { interval: 1, timeout: 20_000 });
    const second = ingest(source, early);
    cancelled.abort();
    await expect(first).rejects.toThrow();
    expect(hashesOf(await second)).toEqual(await afresh(source, early));
  });

  it('is not taken for one without repeats where the task is cancelled while they are looked for', async () => {
    // More hashes than are made ready ahead.
    const path = join(space.folder, 'twice.parquet');
    await execute(`COPY (SELECT 'c' || (i % 1500000) % 999 AS dni, DATE '2026-03-01' AS fecha, 'kiosco' AS rubro, i % 1500000 AS monto
      FROM range(3000000) r(i)) TO '${path}' (FORMAT parquet)`);
    const [files, select] = [{ compras: { path } }, 'select * from compras'];
    const source = sourceDefinition.parse({ name: 'compras', files, select });
    const { eachInts } = DuckDb.prototype;
    const cancelled = new AbortController();
    let chunks = 0;
    // The first of an ingest: of the hashes of whole rows.
    const looking = vi.spyOn(DuckDb.prototype, 'eachInts').mockImplementationOnce(async function (
      this: DuckDb,
      sql,
      visit,
    ) {
      return eachInts.call(this, sql, (columns) => {
        chunks += 1;
        if (chunks === 100) cancelled.abort();
        visit(columns);
      });
    });
    await expect(ingest(source, late, deps, { signal: cancelled.signal })).rejects.toThrow();
    looking.mockRestore();
    expect(chunks).toBe(100);
    const { report } = (await ingest(source, late)).transactions;
    expect(report).toMatchObject({ duplicadas: 1_500_000, usables: 1_500_000 });
  });

  it('is staged anew when its files change, its select, or the time zone', async () => {
    const path = await writePurchases(space.folder, 'changing.csv', sixCustomers);
    const before = await ingest(sourceOver(path), late);
    await writeFile(path, `${csvOf(sixCustomers)}new,2026-06-01,kiosco,web,10,Salta,p\n`);
    const after = await ingest(sourceOver(path), late);
    expect(after.transactions.rows).toBe(before.transactions.rows + 1);
    const half = sourceOver(path, { select: 'select * replace (monto::double / 2 as monto) from compras' });
    expect((await ingest(half, late)).transactions.sha256).not.toBe(after.transactions.sha256);
    await outputOf(deps, ingestTransactions, { ...inputOf(half, late), timeZone: 'America/Lima' });
    expect((await stagedRows()).length).toBe(4);
  });

  it('is staged anew where the staged file is not whole', async () => {
    const source = sourceOver(await writePurchases(space.folder, 'cut.csv', sixCustomers));
    const whole = hashesOf(await ingest(source, late));
    const [name = ''] = await stagedRows();
    await truncate(join(deps.cacheFolder, 'staged', name), 100);
    expect(hashesOf(await ingest(source, late))).toEqual(whole);
  });

  it('is staged anew where its staged file turns out to be damaged', async () => {
    const source = sourceOver(await writePurchases(space.folder, 'damaged.csv', sixCustomers));
    const whole = hashesOf(await ingest(source, late));
    const [name = ''] = await stagedRows();
    const path = join(deps.cacheFolder, 'staged', name);
    await writeFile(path, Buffer.alloc((await stat(path)).size, 7));
    await expect(ingest(source, late)).rejects.toThrow();
    expect(hashesOf(await ingest(source, late))).toEqual(whole);
  });

  it('is read anew where nothing remembered is to be taken', async () => {
    const source = sourceOver(await writePurchases(space.folder, 'refresh.csv', sixCustomers));
    await ingest(source, late);
    const before = await stagedFiles();
    await ingest(source, late, deps, { mode: 'refresh' });
    expect(await stagedFiles()).not.toEqual(before);
  });

  it('is asked for each task where its select gives other rows each time, or reads other files', async () => {
    const path = await writePurchases(space.folder, 'random.csv', sixCustomers);
    const other = join(space.folder, 'other.csv');
    await writeFile(other, 'rubro,nombre\nfarmacia,Salud\n');
    const selects = [
      'select * replace (random()::varchar as rubro) from compras',
      'select * replace (current_date::varchar as producto) from compras',
      `select compras.* from compras left join '${other}' using (rubro)`,
      `select compras.* from compras left join read_csv('${other}') using (rubro)`,
    ];
    for (const select of selects) {
      const { transactions } = await ingest(sourceOver(path, { select }), late);
      expect(transactions.rows).toBe((await ingest(sourceOver(path), late)).transactions.rows);
    }
    expect((await stagedRows()).length).toBe(1);
  });

  it('may have a select that cannot be a view', async () => {
    const long = ['dni,fecha,rubro,que,cuanto', 'a,2026-06-01,kiosco,monto,12', 'b,2026-06-02,kiosco,monto,7', ''];
    const path = join(space.folder, 'long.csv');
    await writeFile(path, long.join('\n'));
    const source = sourceOver(path, { select: 'pivot compras on que using first(cuanto) group by dni, fecha, rubro' });
    expect((await ingest(source, late)).transactions.rows).toBe(2);
  });

  it('is refused for now when it changes while it is read', async () => {
    await deps.store.write('raw/moving.csv', csvOf(sixCustomers));
    let listings = 0;
    const list: ObjectStore['list'] = async function* (...of) {
      listings += 1;
      for await (const found of deps.store.list(...of)) yield { ...found, etag: `${found.etag} ${listings > 2}` };
    };
    const moving = new Proxy(deps.store, {
      // Methods of a class with private fields have to be called on it.
      get: (store, name) => {
        if (name === 'list') return list;
        const member: unknown = Reflect.get(store, name);
        return typeof member === 'function' ? member.bind(store) : member;
      },
    });
    const work = ingest(sourceOver('lake:raw/moving.csv'), late, { ...deps, store: moving });
    await expect(work).rejects.toThrow(/Expected 'lake:raw\/moving\.csv' of source 'compras' to stay as it is/);
    expect(await stagedFiles()).toEqual([]);
  });
});

describe('a source that is Parquet, read as it lies', () => {
  const parquetOf = async (name: string, rows: readonly Purchase[], copies = 1): Promise<string> => {
    const csv = await writePurchases(space.folder, `${name}.csv`, rows);
    const path = join(space.folder, `${name}.parquet`);
    const read = `SELECT * FROM read_csv('${csv}', all_varchar = true)`;
    await execute(
      `COPY (${Array.from({ length: copies }, () => read).join(' UNION ALL ')}) TO '${path}' (FORMAT parquet)`,
    );
    return path;
  };

  it('is not copied', async () => {
    const source = sourceOver(await parquetOf('plain', sixCustomers));
    const dates = [hashesOf(await ingest(source, late)), hashesOf(await ingest(source, early))];
    expect(await stagedRows()).toEqual([]);
    const csv = sourceOver(join(space.folder, 'plain.csv'));
    expect(dates).toEqual([await afresh(csv, late), await afresh(csv, early)]);
  });

  it('is tried again when its file was replaced while it was read', async () => {
    const path = await parquetOf('replaced', sixCustomers);
    const bad = await parquetOf('replacing', [{ dni: 'x', fecha: 'never' }]);
    let replaced: Promise<void> | undefined;
    const heartbeat = ({ phase }: { readonly [what: string]: unknown }): void => {
      if (phase === 'judging rows') replaced ??= rename(bad, path);
    };
    const work = ingest(sourceOver(path), late, deps, { heartbeat });
    await expect(work).rejects.toThrow(/read/);
    await expect(work).rejects.not.toThrow(BadInput);
  });

  it('is copied without its repeats where whole rows come twice', async () => {
    const source = sourceOver(await parquetOf('twice', sixCustomers, 2));
    const { transactions } = await ingest(source, late);
    expect(transactions.report).toMatchObject({ leidas: 2 * sixCustomers.length, duplicadas: sixCustomers.length });
    expect((await stagedRows()).length).toBe(1);
    expect((await ingest(source, late)).transactions.report).toEqual(transactions.report);
  });
});

describe('many rows', () => {
  it('are the same bytes on any number of threads, staged or in place, whatever rows of other dates are among them', async () => {
    const rows = (n: number, from: string): string => `SELECT 'c' || (i * 7919 % 5003) AS dni,
      DATE '${from}' + (i % 90)::INTEGER AS fecha, 'r' || (i % 11) AS rubro, i % 997 AS monto FROM range(${n}) t(i)`;
    const within = rows(260_000, '2026-03-01');
    const beyond = rows(90_000, late);
    const queries = [
      within,
      `${within} UNION ALL ${beyond}`,
      `SELECT * FROM (${within} UNION ALL ${beyond}) ORDER BY monto`,
    ];
    const found: (readonly string[])[] = [];
    for (const [i, query] of queries.entries()) {
      const path = join(space.folder, `many-${i}.parquet`);
      await execute(`COPY (${query}) TO '${path}' (FORMAT parquet)`);
      const inPlace = sourceOver(path);
      const staged = sourceOver(path, { select: 'select * from compras where dni in (select dni from compras)' });
      for (const queryThreads of [1, 2]) {
        const own = { ...deps, queryThreads };
        found.push(hashesOf(await ingest(inPlace, late, own)), hashesOf(await ingest(staged, late, own)));
      }
    }
    expect((await stagedRows()).length).toBe(queries.length);
    for (const other of found) expect(other).toEqual(found[0]);
  });
});

describe('sets of files', () => {
  it('may be called what relations of the task are called', async () => {
    const path = await writePurchases(space.folder, 'named.csv', sixCustomers);
    const parquet = join(space.folder, 'named.parquet');
    await execute(`COPY (SELECT * FROM read_csv('${path}', all_varchar = true)) TO '${parquet}' (FORMAT parquet)`);
    for (const name of ['known', 'unused', 'judged', 'mapped', 'own']) {
      for (const file of [path, parquet]) {
        const source = sourceDefinition.parse({
          name: 'compras',
          files: { [name]: { path: file } },
          select: `select * from ${name}`,
        });
        expect((await ingest(source, late)).transactions.rows).toBeGreaterThan(0);
      }
    }
  });
});

describe('an event key', () => {
  it('of numbers too large for a file keeps events apart', async () => {
    const rows = sixCustomers.map((row, n): Purchase => ({ ...row, evento: `1${String(n).padStart(30, '0')}` }));
    const path = await writePurchases(space.folder, 'keys.csv', rows, ['evento']);
    const source = sourceOver(path, {
      eventKey: ['evento'],
      select: 'select * replace (evento::hugeint as evento) from compras',
    });
    const { transactions } = await ingest(source, '2027-01-01');
    expect(transactions.report).toMatchObject({ duplicadas: 0, usables: transactions.rows });
    expect(transactions.rows).toBe(sixCustomers.filter(({ fecha = '' }) => fecha >= '2026-01-01').length);
  });
});
