import { appendFile, mkdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { randomStream } from '../../kernels/random.js';
import type { Random } from '../../kernels/random.js';
import { csvOf, purchaseSource } from '../support/purchases.js';
import type { ExtraColumn, Purchase } from '../support/purchases.js';
import {
  execute,
  expectSuccess,
  hashesOf,
  publishedData,
  publishedFiles,
  runSegmentation,
  statesOf,
  workspace,
} from '../support/run-segmentation.js';
import type { RunOptions, SegmentationRun, Workspace } from '../support/run-segmentation.js';

const FECHA = '2026-07-01';
const spaces: Workspace[] = [];
afterAll(async () => {
  for (const space of spaces) await space.remove();
});
async function newSpace(): Promise<Workspace> {
  const space = await workspace();
  spaces.push(space);
  await mkdir(join(space.folder, 'in'));
  return space;
}

const pick = <T>(random: Random, from: readonly T[]): T => {
  const one = from[random.integer(from.length)];
  if (one === undefined) throw new RangeError('Expected something to pick from');
  return one;
};

const day = (random: Random, from: string, days: number): string =>
  new Date(Date.parse(`${from}T00:00:00Z`) + random.integer(days) * 86_400_000).toISOString().slice(0, 10);

/** Purchases of some customers before the date, each with an event and a load time before it. */
function past(random: Random, rows: number): Purchase[] {
  return Array.from({ length: rows }, (_, i) => ({
    dni: `c${random.integer(30)}`,
    fecha: `${day(random, '2026-01-01', 181)} 10:${String(random.integer(60)).padStart(2, '0')}:00`,
    rubro: pick(random, ['super', 'farmacia', 'kiosco', 'viajes', '']),
    canal: pick(random, ['web', 'caja', 'app', '']),
    monto: (random.uniform() * 100).toFixed(2),
    ubicacion: `u${random.integer(9)}`,
    producto: `p${random.integer(40)}`,
    evento: `e${i}`,
    cargado_en: '2026-06-30 23:00:00',
  }));
}

/** Rows that a run for the date may not know of: dated later, or loaded later, some under keys and rows of the past. */
function future(random: Random, rows: readonly Purchase[], many: number, withLoadTime: boolean): Purchase[] {
  return Array.from({ length: many }, (_, i) => {
    const fecha = `${day(random, FECHA, 60)} 00:00:00`;
    const base = pick(random, rows);
    const late = { ...base, cargado_en: `${day(random, FECHA, 60)} 00:00:00` };
    const kinds: Purchase[] = [
      { ...base, fecha },
      { ...base, fecha, monto: '1e9', rubro: 'rubro del futuro', canal: 'canal del futuro' },
      { ...base, dni: `nuevo${i}`, fecha, evento: `f${i}` },
      { ...base, fecha, dni: '', monto: 'n/d' },
    ];
    if (withLoadTime) kinds.push(late, { ...late, monto: '1e6' }, { ...late, dni: `tarde${i}`, evento: `t${i}` });
    return pick(random, kinds);
  });
}

interface Variant {
  readonly source: object;
  readonly withLoadTime: boolean;
}
const variants: { readonly [name: string]: Variant } = {
  'whole rows': { source: {}, withLoadTime: false },
  'an event key': { source: { eventKey: ['evento'] }, withLoadTime: false },
  'an event key and load times': { source: { eventKey: ['evento', 'dni'] }, withLoadTime: true },
  'load times': { source: {}, withLoadTime: true },
};

const columnsOf = ({ withLoadTime }: Variant): readonly ExtraColumn[] =>
  withLoadTime ? ['evento', 'cargado_en'] : ['evento'];

async function runOn(space: Workspace, pattern: string, { source }: Variant, options: Partial<RunOptions> = {}) {
  const config = purchaseSource(join(space.folder, pattern), source);
  return expectSuccess(
    await runSegmentation({ workspace: space, fecha: FECHA, config, params: { k: '2..4', restarts: 2 }, ...options }),
  );
}

interface Seen {
  readonly artifacts: { readonly [kind: string]: string };
  readonly data: { readonly [path: string]: string };
}
const seen = async (space: Workspace, run: SegmentationRun): Promise<Seen> => ({
  artifacts: hashesOf(run),
  data: await publishedData(space),
});

describe.each(Object.entries(variants))('a source with repeats found by %s', (_, variant) => {
  it('gives the same bytes whatever comes on or after the date, among the rows, at their end, in files of its own', async () => {
    for (const seed of [1, 2, 3]) {
      const random = randomStream(seed, 0);
      const rows = past(random, 400);
      const extra = columnsOf(variant);
      const plain = await newSpace();
      await writeFile(join(plain.folder, 'in/a.csv'), csvOf(rows, extra));
      const expected = await seen(plain, await runOn(plain, 'in/*.csv', variant));

      const later = future(random, rows, 150, variant.withLoadTime);
      const mixed = [...rows];
      for (const row of later) mixed.splice(random.integer(mixed.length + 1), 0, row);
      const layouts: { readonly [name: string]: (folder: string) => Promise<void> } = {
        'in.csv': (folder) => writeFile(join(folder, 'a.csv'), csvOf(mixed, extra)),
        '0-future.csv': async (folder) => {
          await writeFile(join(folder, 'b.csv'), csvOf(rows, extra));
          await writeFile(join(folder, 'a.csv'), csvOf(later, extra));
        },
      };
      for (const [name, write] of Object.entries(layouts)) {
        const space = await newSpace();
        await write(join(space.folder, 'in'));
        expect(await seen(space, await runOn(space, 'in/*', variant)), `seed ${seed}, ${name}`).toEqual(expected);
      }
    }
  });

  it('gives the same bytes from Parquet, typed, with and without later rows', async () => {
    const random = randomStream(9, 0);
    const rows = past(random, 300);
    const extra = columnsOf(variant);
    const write = async (space: Workspace, name: string, all: readonly Purchase[]): Promise<void> => {
      const csv = join(space.folder, `${name}.csv`);
      await writeFile(csv, csvOf(all, extra));
      const loads = variant.withLoadTime ? ', try_cast(cargado_en AS TIMESTAMP) AS cargado_en' : '';
      const star = `* REPLACE (try_cast(fecha AS TIMESTAMP) AS fecha, try_cast(monto AS DOUBLE) AS monto${loads})`;
      await execute(`COPY (SELECT ${star} FROM read_csv('${csv}', all_varchar = true, nullstr = '\\N'))
        TO '${join(space.folder, `in/${name}.parquet`)}' (FORMAT parquet)`);
    };
    const plain = await newSpace();
    await write(plain, 'b', rows);
    const expected = await seen(plain, await runOn(plain, 'in/*.parquet', variant));
    const space = await newSpace();
    await write(space, 'b', rows);
    await write(space, 'a', future(random, rows, 200, variant.withLoadTime));
    expect(await seen(space, await runOn(space, 'in/*.parquet', variant))).toEqual(expected);
  });
});

describe('a second run', () => {
  const variant: Variant = { source: { eventKey: ['evento'] }, withLoadTime: true };
  const random = randomStream(4, 0);
  const rows = past(random, 300);
  const cached = {
    buildFeatures: 'cached',
    scaleFeatures: 'cached',
    fitClusters: 'cached',
    nameClusters: 'cached',
    buildKnnIndex: 'cached',
    publishSegments: 'cached',
  };

  it('computes nothing where nothing changed, and little where the files did and the rows as of the date did not', async () => {
    const space = await newSpace();
    const file = join(space.folder, 'in/a.csv');
    await writeFile(file, csvOf(rows, columnsOf(variant)));
    const first = await runOn(space, 'in/*', variant);
    const [artifacts, files] = [hashesOf(first), await publishedFiles(space)];
    const again = async (): Promise<{ readonly [task: string]: string }> => {
      const run = await runOn(space, 'in/*', variant);
      expect(hashesOf(run)).toEqual(artifacts);
      expect(await publishedFiles(space)).toEqual(files);
      return statesOf(run);
    };
    expect(await again()).toEqual({ ingestTransactions: 'cached', ...cached });

    const later = new Date(Date.now() + 60_000);
    await utimes(file, later, later);
    expect(await again()).toEqual({ ingestTransactions: 'success', ...cached });
    expect(await again()).toEqual({ ingestTransactions: 'cached', ...cached });

    const more = csvOf(future(random, rows, 50, true), columnsOf(variant));
    await appendFile(file, more.slice(more.indexOf('\n') + 1));
    expect(await again()).toEqual({ ingestTransactions: 'success', ...cached });

    await writeFile(join(space.folder, 'in/b.csv'), csvOf(future(random, rows, 50, true), columnsOf(variant)));
    expect(await again()).toEqual({ ingestTransactions: 'success', ...cached });
  });

  it('computes everything for a late row of the window, and publishes it', async () => {
    const space = await newSpace();
    const file = join(space.folder, 'in/a.csv');
    await writeFile(file, csvOf(rows, columnsOf(variant)));
    const first = await runOn(space, 'in/*', variant);
    const late = { ...rows[0], evento: 'tardío', monto: '77.77' };
    const line = csvOf([late], columnsOf(variant)).split('\n')[1] ?? '';
    await writeFile(file, `${await readFile(file, 'utf8')}${line}\n`);
    const second = await runOn(space, 'in/*', variant);
    expect(new Set(Object.values(statesOf(second)))).toEqual(new Set(['success']));
    expect(second.artifacts['transactions']?.rows).toBe((first.artifacts['transactions']?.rows ?? 0) + 1);
    const partitions = Object.keys(await publishedData(space)).filter((path) =>
      path.startsWith('clientes_segmentados/'),
    );
    expect(partitions.length).toBe(1);
  });

  it('computes again what another parameter concerns', async () => {
    const space = await newSpace();
    await writeFile(join(space.folder, 'in/a.csv'), csvOf(rows, columnsOf(variant)));
    await runOn(space, 'in/*', variant);
    const run = await runOn(space, 'in/*', variant, { params: { k: 3, restarts: 2 } });
    expect(statesOf(run)).toMatchObject({
      ingestTransactions: 'cached',
      buildFeatures: 'cached',
      scaleFeatures: 'cached',
      buildKnnIndex: 'cached',
      fitClusters: 'success',
    });
  });
});

describe('the order of files, rows and threads', () => {
  it('changes no byte', async () => {
    const random = randomStream(5, 0);
    const rows = past(random, 600);
    const variant: Variant = { source: {}, withLoadTime: false };
    const shuffled = rows.map((row) => ({ row, at: random.uniform() })).toSorted((a, b) => a.at - b.at);
    const half = rows.length / 2;
    const layouts: readonly (readonly Purchase[])[][] = [
      [rows],
      [rows.toReversed()],
      [shuffled.map(({ row }) => row)],
      [rows.slice(half), rows.slice(0, half)],
    ];
    const found: Seen[] = [];
    for (const [i, files] of layouts.entries()) {
      const space = await newSpace();
      for (const [n, part] of files.entries()) {
        await writeFile(join(space.folder, `in/${n}.csv`), csvOf(part, columnsOf(variant)));
      }
      found.push(await seen(space, await runOn(space, 'in/*', variant, { threads: [2, 1, 4, 2][i] ?? 2 })));
    }
    for (const other of found.slice(1)) expect(other).toEqual(found[0]);
  });
});
