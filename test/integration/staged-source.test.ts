import { readdir, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { ingestTransactions } from '../../activities/ingest-transactions.js';
import type { Ingested } from '../../activities/ingest-transactions.js';
import { runActivity } from '../../activities/run-activity.js';
import type { ActivityDeps } from '../../activities/run-activity.js';
import type { ObjectStore } from '../../lake/object-store.js';
import { sourceDefinition } from '../../lake/source-definition.js';
import type { SourceDefinition } from '../../lake/source-definition.js';
import { csvOf, purchaseSource, sixCustomers, writePurchases } from '../support/purchases.js';
import type { Purchase } from '../support/purchases.js';
import { execute, workspace } from '../support/run-segmentation.js';
import type { Workspace } from '../support/run-segmentation.js';
import { depsOver, outputOf } from '../support/single-tasks.js';

let space: Workspace;
let deps: ActivityDeps;
let tests = 0;

beforeAll(async () => {
  space = await workspace();
  deps = depsOver(space, 1);
});
afterAll(async () => {
  await deps.threads.close();
  await space.remove();
});
beforeEach(() => {
  tests += 1;
  deps = { ...deps, cacheFolder: join(space.folder, `cache-${tests}`) };
});

const sourceOver = (path: string, options: object = {}): SourceDefinition =>
  sourceDefinition.parse({ name: 'compras', ...purchaseSource(path, options).compras });

const inputOf = (source: SourceDefinition, fecha: string) => ({ source, fecha, window: 365, timeZone: 'UTC' });

const ingest = async (source: SourceDefinition, fecha: string, own = deps): Promise<Ingested> =>
  outputOf(own, ingestTransactions, inputOf(source, fecha));

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
    const attempt = { task: 'tried', run: 'test', record: 'runs/test', mode: 'refresh', attempt: 1 } as const;
    const { signal } = cancelled;
    const phases: unknown[] = [];
    const beating = { ...attempt, signal, heartbeat: (detail: object) => void phases.push(detail) };
    const first = runActivity(ingestTransactions, deps, beating, inputOf(source, late));
    first.catch(() => undefined);
    await vi.waitUntil(() => JSON.stringify(phases).includes('reading the source'), { interval: 1, timeout: 20_000 });
    const second = ingest(source, early);
    cancelled.abort();
    await expect(first).rejects.toThrow();
    expect(hashesOf(await second)).toEqual(await afresh(source, early));
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
    await expect(work).rejects.toThrow(
      /Expected the files of source 'compras' to stay.*moving\.csv.* changed meanwhile/,
    );
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

  it('is copied without its repeats where whole rows come twice', async () => {
    const source = sourceOver(await parquetOf('twice', sixCustomers, 2));
    const { transactions } = await ingest(source, late);
    expect(transactions.report).toMatchObject({ leidas: 2 * sixCustomers.length, duplicadas: sixCustomers.length });
    expect((await stagedRows()).length).toBe(1);
    expect((await ingest(source, late)).transactions.report).toEqual(transactions.report);
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
