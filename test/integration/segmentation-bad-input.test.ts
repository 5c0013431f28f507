import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { csvOf, purchaseSource, sixCustomers } from '../support/purchases.js';
import {
  execute,
  expectSuccess,
  failureOf,
  publishedFiles,
  runSegmentation,
  statesOf,
  workspace,
} from '../support/run-segmentation.js';
import type { RunOptions, SegmentationRun, Workspace } from '../support/run-segmentation.js';

const FECHA = '2026-07-01';
const good = csvOf(sixCustomers);
const header = good.slice(0, good.indexOf('\n'));

let space: Workspace;
let folder: string;
let before: { readonly [path: string]: string };
let names = 0;

beforeAll(async () => {
  space = await workspace();
  await writeFile(join(space.folder, 'good.csv'), good);
  const config = purchaseSource(join(space.folder, 'good.csv'));
  expectSuccess(await runSegmentation({ workspace: space, fecha: FECHA, config }));
});
afterAll(() => space.remove());
beforeEach(async () => {
  before = await publishedFiles(space);
  names += 1;
  folder = join(space.folder, `case-${names}`);
});

const file = async (name: string, content: string | Buffer): Promise<string> => {
  await mkdir(folder, { recursive: true });
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
};

const run = (path: string, source: object = {}, options: Partial<RunOptions> = {}): Promise<SegmentationRun> =>
  runSegmentation({ workspace: space, fecha: FECHA, config: purchaseSource(path, source), ...options });

/**
 * The run fails at ingest, on the first try and for good, with an error of this type that says all of this; nothing of
 * the partition that was there has changed.
 */
async function refused(
  work: Promise<SegmentationRun>,
  says: readonly (string | RegExp)[],
  type: string | RegExp = 'BadInput',
): Promise<void> {
  const done = await work;
  const failure = failureOf(done);
  for (const part of says) expect(failure.message).toMatch(part);
  expect(failure.type).toMatch(type);
  expect(failure.task).toBe('ingestTransactions');
  expect(done.tasks['ingestTransactions']?.attempts).toBe(1);
  expect(statesOf(done)['publishSegments']).toBe('upstream_failed');
  expect(await publishedFiles(space)).toEqual(before);
}

describe('files that are not what they should be', () => {
  it('a pattern without a file', async () => {
    await refused(run(join(space.folder, 'none-*.csv')), ["source 'compras'", 'none-*.csv', 'no such file']);
  });

  it('an empty file', async () => {
    const path = await file('empty.csv', '');
    await refused(run(path), ["source 'compras'", `file '${path}'`, 'empty']);
  });

  it('an empty file among others', async () => {
    await file('a.csv', good);
    const path = await file('b.csv', '');
    await refused(run(join(folder, '*.csv')), [`file '${path}'`, 'empty']);
  });

  it('a header and nothing more', async () => {
    await refused(run(await file('header.csv', `${header}\n`)), ["source 'compras'", 'no rows']);
  });

  it('a Parquet file cut in the middle', async () => {
    const whole = join(space.folder, 'whole.parquet');
    await execute(
      `COPY (SELECT * FROM read_csv('${join(space.folder, 'good.csv')}', all_varchar = true)) TO '${whole}' (FORMAT parquet)`,
    );
    const bytes = await readFile(whole);
    const path = await file('cut.parquet', bytes.subarray(0, bytes.length / 2));
    await refused(run(path), ["source 'compras'", `file '${path}'`, /whole/i]);
  });

  it('a Parquet file with damage in the middle of its pages', async () => {
    const whole = join(space.folder, 'pages.parquet');
    await execute(
      `COPY (SELECT (i % 50)::VARCHAR AS dni, '2026-06-01' AS fecha, 'x' || i AS rubro, i AS monto FROM range(50000) t(i)) TO '${whole}' (FORMAT parquet, COMPRESSION snappy)`,
    );
    const bytes = await readFile(whole);
    bytes.fill(0xa5, bytes.length / 3, bytes.length / 2);
    const path = await file('damaged.parquet', bytes);
    await refused(run(path), ["source 'compras'", /damaged\.parquet/]);
  });

  it('a csv cut in the middle of a row', async () => {
    const path = await file('cut.csv', good.slice(0, good.lastIndexOf(',web')));
    const lines = good.trimEnd().split('\n').length;
    await refused(run(path), ["source 'compras'", `file '${path}'`, `row '${lines}'`, /cut off/]);
  });

  it('a gzipped csv cut in the middle', async () => {
    const random = Array.from(
      { length: 20_000 },
      (_, i) => `d${i % 7},2026-06-01,r${(i * 7919) % 9973},web,${i},x,p${i}`,
    );
    const packed = gzipSync([header, ...random, ''].join('\n'));
    const path = await file('cut.csv.gz', packed.subarray(0, packed.length / 2));
    await refused(run(path), ["source 'compras'", /cut\.csv\.gz/]);
  });

  it('a csv with another delimiter', async () => {
    const path = await file('semicolons.csv', good.replaceAll(',', ';'));
    await refused(run(path), [`file '${path}'`, "separated by ','", "delimiter: ';'"]);
  });

  it('a csv in latin-1: bytes in a row, bytes in the header', async () => {
    const rows = await file('rows.csv', Buffer.from(`${good}z,2026-06-01,panadería,web,1,x,p\n`, 'latin1'));
    const lines = good.trimEnd().split('\n').length + 1;
    await refused(run(rows), [`file '${rows}'`, `row '${lines}'`, /encoding/]);
    const head = await file('head.csv', Buffer.from(good.replace('producto', 'artículo'), 'latin1'));
    await refused(run(head), [`file '${head}'`, "row '1'", /encoding/]);
  });

  it('a csv in UTF-16', async () => {
    const path = await file('wide.csv', Buffer.from(`\uFEFF${good}`, 'utf16le'));
    await refused(run(path), [`file '${path}'`, /encoding/]);
  });

  it('a csv row with too many fields, and with too few', async () => {
    const lines = good.trimEnd().split('\n');
    for (const bad of ['z,2026-06-01,x,web,1,000,x,p', 'z,2026-06-01,x,web']) {
      const path = await file('fields.csv', [...lines.slice(0, 4), bad, ...lines.slice(4), ''].join('\n'));
      await refused(run(path), [`file '${path}'`, "row '5'", /column/i, bad.slice(0, 12)]);
    }
  });

  it('a quote that never ends', async () => {
    const lines = good.trimEnd().split('\n');
    const path = await file(
      'quote.csv',
      [...lines.slice(0, 4), 'z,2026-06-01,"x,web,1,x,p', ...lines.slice(4), ''].join('\n'),
    );
    await refused(run(path), [`file '${path}'`, /row '\d+'/, /quote/i]);
  });

  it('a column name that comes twice, and one that is missing', async () => {
    const twice = await file('twice.csv', good.replace('canal', 'monto'));
    await refused(run(twice), [`file '${twice}'`, "column 'monto'", 'twice']);
    const unnamed = await file('unnamed.csv', good.replace('canal', ''));
    await refused(run(unnamed), [`file '${unnamed}'`, 'no name for column 4']);
  });

  it('files of one set with different columns', async () => {
    await file('a.csv', good);
    const path = await file('b.csv', good.replace('producto', 'sku'));
    await refused(run(join(folder, '*.csv')), [`file '${path}'`, "column 'producto'", 'sku']);
  });

  it('a csv under the name of a Parquet file, and the reverse', async () => {
    const csv = await file('text.parquet', good);
    await refused(run(csv), [`file '${csv}'`, /Parquet/]);
    const parquet = await file('binary.csv', await readFile(join(space.folder, 'whole.parquet')));
    await refused(run(parquet), [/file '.*binary\.csv'/]);
  });

  it('a name that says no format', async () => {
    const path = await file('compras.dat', good);
    await refused(run(path), [`file '${path}'`, 'format']);
  });
});

describe('a select that does not fit', () => {
  const path = (): string => join(space.folder, 'good.csv');

  it('for want of a column in the file', async () => {
    const csv = await file('missing.csv', good.replace('monto', 'importe'));
    await refused(run(csv, { select: 'select dni, fecha, rubro, monto from compras' }), [
      "source 'compras'",
      "column 'monto'",
      'importe',
    ]);
  });

  it('for want of a column in its result', async () => {
    await refused(run(path(), { select: 'select dni, fecha, rubro from compras' }), [
      "column 'monto'",
      'dni, fecha, rubro',
    ]);
  });

  it('for want of a column of the event key', async () => {
    await refused(run(path(), { eventKey: ['ticket'] }), ["column 'ticket'"]);
  });

  it('by its syntax, and by a table that is not there', async () => {
    await refused(run(path(), { select: 'select dni fecha,, from compras' }), [
      "source 'compras'",
      'select',
      /syntax/i,
    ]);
    await refused(run(path(), { select: 'select * from ventas' }), ["source 'compras'", 'ventas']);
  });

  it('by a conversion that fails on a row', async () => {
    const csv = await file('cast.csv', `${good}z,2026-06-01,x,web,doce,x,p\n`);
    const select = 'select * replace (monto::DOUBLE as monto) from compras';
    await refused(run(csv, { select }), ["source 'compras'", 'doce']);
    const parquet = join(space.folder, 'cast.parquet');
    await execute(`COPY (SELECT * FROM read_csv('${csv}', all_varchar = true)) TO '${parquet}' (FORMAT parquet)`);
    await refused(run(parquet, { select }), ["source 'compras'", 'doce']);
  });
});

describe('values that cannot be read', () => {
  it('all dates: refused with one of them', async () => {
    const csv = await file('dates.csv', good.replaceAll(/2026-(\d\d)-(\d\d)/g, '$2.$1.2026'));
    await refused(run(csv), ["source 'compras'", "column 'fecha'", /value '\d\d\.\d\d\.2026'/, 'strptime']);
  });

  it('all amounts: refused with the count', async () => {
    const csv = await file('amounts.csv', good.replaceAll(/,web,(\d+),/g, ',web,$$$1,'));
    await refused(run(csv), ["source 'compras'", `"monto_ilegible":${sixCustomers.length}`]);
  });

  it('no row in the window: refused with the dates there are', async () => {
    const csv = await file('old.csv', good.replaceAll('2026-', '2016-'));
    await refused(run(csv), ["source 'compras'", '2025-07-01', /2016-0\d-1\d/]);
    const future = await file('future.csv', good.replaceAll('2026-', '2036-'));
    await refused(run(future), ["source 'compras'", 'no row before the date']);
  });

  it('null bytes are blanks', async () => {
    const csv = await file('null.csv', `${good}z\0,2026-06-01,ki\0osco\0,web,1,x\0,\0p\n`);
    const done = await runSegmentation({ workspace: await other(), fecha: FECHA, config: purchaseSource(csv) });
    expect(statesOf(done)['publishSegments']).toBe('success');
  });
});

describe('a place that is not there', () => {
  it('a lake under a regular file', async () => {
    const blocker = await file('blocker', 'x');
    await refused(run(join(space.folder, 'good.csv'), {}, { lake: join(blocker, 'lake') }), [blocker], 'LakeAccess');
  });

  it('a time zone that nobody knows', async () => {
    const params = { timeZone: 'America/Macondo' };
    await expect(run(join(space.folder, 'good.csv'), {}, { params })).rejects.toThrow(/timeZone.*America\/Macondo/);
  });

  it('an S3 lake with the wrong key', async (context) => {
    const s3 = inject('s3');
    if (s3 === null) {
      console.warn(`SKIPPED: the wrong S3 key. ${inject('s3Absence')}`);
      context.skip();
      return;
    }
    const environment = {
      AWS_ACCESS_KEY_ID: s3.accessKeyId,
      AWS_SECRET_ACCESS_KEY: 'wrong',
      AWS_ENDPOINT_URL: s3.endpoint,
      AWS_REGION: s3.region,
    };
    const saved = Object.fromEntries(Object.keys(environment).map((name) => [name, process.env[name]]));
    Object.assign(process.env, environment);
    try {
      await refused(
        run(join(space.folder, 'good.csv'), {}, { lake: 's3://any-bucket/lake' }),
        ['s3://any-bucket/lake', /credentials|access|denied|signature/i],
        'LakeAccess',
      );
    } finally {
      for (const [name, value] of Object.entries(saved)) {
        if (value === undefined) delete process.env[name];
        else process.env[name] = value;
      }
    }
  });
});

const others: Workspace[] = [];
async function other(): Promise<Workspace> {
  const made = await workspace();
  others.push(made);
  return made;
}
afterAll(async () => {
  for (const made of others) await rm(made.folder, { recursive: true, force: true });
});
