import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { BadInput } from '../../lake/bad-input.js';
import { ingest } from '../support/ingest.js';
import type { Ingest, IngestedFile } from '../support/ingest.js';
import { query, realData } from '../support/run-segmentation.js';
import { cellXml, grid, workbook } from '../support/workbook.js';
import type { Cell } from '../support/workbook.js';

const folder = await mkdtemp(join(tmpdir(), 'segmenta-ingest-'));
afterAll(() => rm(folder, { recursive: true, force: true }));

let worlds = 0;
/** Ingests files written into a folder of their own, all of them unless the source says which. */
async function ingestFiles(
  files: { readonly [name: string]: string | Uint8Array },
  columns: { readonly [column: string]: object },
  more: object = {},
  options: Partial<Ingest> = {},
): Promise<IngestedFile> {
  const own = join(folder, String((worlds += 1)));
  await mkdir(own);
  for (const [name, content] of Object.entries(files)) await writeFile(join(own, name), content);
  const path = Object.keys(files).map((name) => join(own, name));
  return ingest({
    folder: own,
    source: { path, columns: { customer_id: { kind: 'id' }, ...columns }, ...more },
    ...options,
  });
}

const rowsOf = (file: IngestedFile) =>
  query(`SELECT * REPLACE (_row::DOUBLE AS _row) FROM read_parquet('${file.path}')`);

const refusal = async (...given: Parameters<typeof ingestFiles>): Promise<BadInput> => {
  const error: unknown = await ingestFiles(...given).catch((reason: unknown) => reason);
  if (error instanceof BadInput) return error;
  throw new Error(`Expected a BadInput, got ${String(error)}`);
};

const marketing = await realData('customer_personality');

const age = { kind: 'age', from: ['Edad', 'edad_texto'] };

describe('a customer table', () => {
  it('becomes the mapped columns under their headers, as text, with the number of each row', async () => {
    const csv = 'Edad,CUSTOMER_ID,otra,edad_texto\n35,007,x,\n\n,0,y,35 años\n,,,\n';
    const ingested = await ingestFiles({ 'a.csv': csv }, { age });
    expect(await rowsOf(ingested)).toEqual([
      { _row: 1, customer_id: '007', Edad: '35', edad_texto: null },
      { _row: 2, customer_id: '0', Edad: null, edad_texto: '35 años' },
    ]);
    expect(ingested.raw.schema).toEqual(['_row BIGINT', 'customer_id VARCHAR', 'Edad VARCHAR', 'edad_texto VARCHAR']);
    expect(ingested.raw.report).toEqual({
      archivos: 1,
      hojas: [],
      filas: 2,
      filas_en_blanco: 2,
      columnas: 3,
      columnas_ignoradas: 1,
      celdas_sin_encabezado: 0,
    });
    expect(ingested.note).toBe('2 rows of one file');
  });

  it('may come in several files, of several kinds, in the order of their names', async () => {
    const book = workbook({
      sheets: [
        {
          name: 'clientes',
          rows: grid([
            ['edad', 'customer_id'],
            [40, 'c'],
          ]),
        },
      ],
    });
    const files = {
      '1.csv': 'customer_id,Edad\na,20\nb,30\n',
      '2.xlsx': book,
      '3.csv.gz': gzipSync('Edad,customer_id\n50,d\n'),
    };
    const ingested = await ingestFiles(files, { age: { kind: 'age', from: 'Edad' } });
    expect(await rowsOf(ingested)).toEqual([
      { _row: 1, customer_id: 'a', Edad: '20' },
      { _row: 2, customer_id: 'b', Edad: '30' },
      { _row: 3, customer_id: 'c', Edad: '40' },
      { _row: 4, customer_id: 'd', Edad: '50' },
    ]);
    expect(ingested.raw.report).toMatchObject({ archivos: 3, hojas: ['clientes'], filas: 4 });
  });

  it('has the same bytes however many threads write it, and as csv and as xlsx', async () => {
    const table = Array.from({ length: 5_000 }, (_, i) => [`c${i}`, i % 7 === 0 ? '' : `${i % 90} años`]);
    const csv = ['customer_id,Edad', ...table.map((row) => row.join(','))].join('\n');
    const book = workbook({ sheets: [{ rows: grid([['customer_id', 'Edad'], ...table]) }] });
    const digests = new Set<string>();
    for (const threads of [1, 2, 4]) {
      digests.add((await ingestFiles({ 'a.csv': csv }, { age }, {}, { threads })).raw.sha256);
      digests.add((await ingestFiles({ 'a.xlsx': book }, { age }, {}, { threads })).raw.sha256);
    }
    expect(digests.size).toBe(1);
    // More than a row group of the file.
    const many = `customer_id,Edad\n${Array.from({ length: 130_000 }, (_, i) => `c${i},${i % 90}\n`).join('')}`;
    const large = await Promise.all(
      [1, 4].map(async (threads) => (await ingestFiles({ 'a.csv': many }, { age }, {}, { threads })).raw.sha256),
    );
    expect(new Set(large).size).toBe(1);
  });

  it('is not read again while its files are as they were', async () => {
    const own = join(folder, 'again');
    const file = join(folder, 'again.csv');
    const source = { path: file, columns: { customer_id: { kind: 'id' } } };
    await writeFile(file, 'customer_id\na\n');
    expect((await ingest({ folder: own, source })).cached).toBe(false);
    expect((await ingest({ folder: own, source })).cached).toBe(true);
    await writeFile(file, 'customer_id\na\nb\n');
    const changed = await ingest({ folder: own, source });
    expect(changed).toMatchObject({ cached: false, raw: { rows: 2 } });
  });

  it('stops when it is aborted', async () => {
    const stop = new AbortController();
    const csv = `customer_id\n${'cliente\n'.repeat(2_000_000)}`;
    const heartbeat = (detail: object): void => {
      if ('bytes' in detail) stop.abort(new Error('called off'));
    };
    await expect(ingestFiles({ 'a.csv': csv }, {}, {}, { signal: stop.signal, heartbeat })).rejects.toThrow(
      'called off',
    );
  });
});

describe.skipIf(marketing === undefined)('the customers of customer_personality', () => {
  it('are read as they stand, from both files', async () => {
    const columns = {
      customer_id: { kind: 'id', from: 'ID' },
      income: { kind: 'money', from: ['Income', ' Income '] },
    };
    const read = async (name: string, delimiter: string) => {
      const source = { path: join(marketing ?? '', name), delimiter, columns };
      const { raw, path } = await ingest({ folder: join(folder, name), source });
      const [first] = await query(`SELECT "Income" AS income FROM read_parquet('${path}') WHERE "ID" = '1826'`);
      return { rows: raw.rows, report: raw.report, ...first };
    };
    const report = { columnas: 2, filas_en_blanco: 0, celdas_sin_encabezado: 0 };
    expect(await read('marketing_data_dirty.csv', ',')).toMatchObject({ rows: 2_240, report, income: '$84,835.00 ' });
    expect(await read('marketing_campaign.csv', ';')).toMatchObject({ rows: 2_240, report, income: '84835' });
  });
});

describe('a customer table that does not fit its source', () => {
  it('is refused without a mapped header, with where the header is if it is further below', async () => {
    const missing = await refusal({ 'a.csv': 'customer_id,Edades\n1,35\n' }, { age });
    expect(missing.message).toMatch(
      /column 'age': Expected a header 'Edad' or 'edad_texto' in row 1, got .*nearest: 'Edades'/,
    );
    const titled = grid([['Informe de clientes'], ['2024'], [], ['customer_id', 'Edad'], [1, 35]]);
    const below = await refusal({ 'a.xlsx': workbook({ sheets: [{ rows: titled }] }) }, { age });
    expect(below.message).toMatch(/row '1': Expected the header in row 1, got it in row 4: delete the rows above it/);
    const lines = await refusal({ 'a.csv': 'Informe\n\ncustomer_id,Edad\n1,35\n' }, { age });
    expect(lines.message).toMatch(/got it in row 3/);
  });

  it('is refused where its files have other mapped headers', async () => {
    const other = await refusal(
      { '1.csv': 'customer_id,Edad\n1,35\n', '2.csv': 'customer_id,edad_texto\n1,35\n' },
      { age },
    );
    expect(other.message).toMatch(
      /2.csv', column 'Edad': Expected the mapped headers of '.*1.csv' \(customer_id, Edad\)/,
    );
  });

  it('is refused where it has a header only, or nothing at all', async () => {
    const header = await refusal({ 'a.csv': 'customer_id,Edad\n' }, { age });
    expect(header.message).toMatch(/file '.*a\.csv': the source has no rows: this file holds a header at most/);
    const none = { 'a.csv': 'customer_id,Edad\n', 'b.csv': 'customer_id,Edad\n' };
    expect((await refusal(none, { age })).message).toMatch(/file '.*a\.csv, .*b\.csv': .*: its files hold a header/);
    const sheet = workbook({ sheets: [{ rows: grid([['customer_id', 'Edad']]) }] });
    expect((await refusal({ 'a.xlsx': sheet }, { age })).message).toMatch(/has no rows/);
    expect((await refusal({ 'a.csv': '' }, { age })).message).toMatch(/the file is empty: 0 bytes/);
    expect((await refusal({ 'a.csv': '\n\n' }, { age })).message).toMatch(/the file is empty/);
  });

  it('is refused where it is packed like a bomb', async () => {
    const row = `${'x'.repeat(1_000_000)},1\n`;
    const bomb = gzipSync(`customer_id,Edad\n${row.repeat(70)}`);
    const error = await refusal({ 'a.csv.gz': bomb }, { age });
    expect(error.message).toMatch(/\d+ bytes of it unpack to \d+ or more, as a bomb does/);
  });

  it('is refused where it is another format than its name says', async () => {
    const book = workbook({ sheets: [{ rows: grid([['customer_id'], ['a']]) }] });
    expect((await refusal({ 'a.csv': book }, {})).message).toMatch(/say `format: xlsx`/);
    expect((await refusal({ 'a.xlsx': 'customer_id\na\n' }, {})).message).toMatch(/say `format: csv`/);
    expect((await ingestFiles({ 'a.csv': book }, {}, { format: 'xlsx' })).raw.rows).toBe(1);
    expect((await ingestFiles({ 'a.xlsx': 'customer_id\na\n' }, {}, { format: 'csv' })).raw.rows).toBe(1);
  });
});

describe('a large workbook', () => {
  const child = fileURLToPath(new URL('../support/ingest-child.js', import.meta.url));
  const LIMIT_MIB = 600;

  interface Figures {
    readonly rows: number;
    readonly report: { readonly filas_en_blanco: number };
    readonly path: string;
    readonly peakMib: number;
  }

  async function inChild(name: string, book: Uint8Array, columns: readonly string[]): Promise<Figures> {
    const path = join(folder, name);
    await writeFile(path, book);
    const texts = columns.map((column) => [column, { kind: 'text' }]);
    const source = { path, columns: { customer_id: { kind: 'id' }, ...Object.fromEntries(texts) } };
    const { stdout } = await promisify(execFile)(process.execPath, [
      child,
      join(folder, `of-${name}`),
      JSON.stringify(source),
    ]);
    // Written by the child of this very test.
    return JSON.parse(stdout) as Figures;
  }

  it('of 100,000 rows of 25 columns, most texts different, is read within 600 MiB', async () => {
    const names = Array.from({ length: 24 }, (_, i) => `c${i}`);
    const strings: string[] = [];
    const shared = (text: string): Cell => ({
      attributes: 't="s"',
      inner: `<v>${strings.push(`<t>${cellXml(text)}</t>`) - 1}</v>`,
    });
    const value = (row: number, column: number): Cell =>
      column % 2 === 0 ? shared(`cliente ${row} en ${column}`) : ((row * 7_919 + column) % 1_000_003) / 7;
    const table = Array.from({ length: 100_000 }, (_, row): readonly Cell[] => [
      `id ${row}`,
      ...names.map((_name, column) => value(row, column)),
    ]);
    const book = workbook({ sheets: [{ rows: grid([['customer_id', ...names], ...table]) }], strings });
    const { rows, peakMib, path } = await inChild('large.xlsx', book, names);
    expect(rows).toBe(100_000);
    const [last] = await query(`SELECT c0, c1 FROM read_parquet('${path}') WHERE _row = 100000`);
    expect(last).toEqual({ c0: 'cliente 99999 en 0', c1: String(((99_999 * 7_919 + 1) % 1_000_003) / 7) });
    expect(peakMib).toBeLessThan(LIMIT_MIB);
  }, 300_000);

  it('of a million blank rows takes no more memory for them', async () => {
    const blanks = Array.from(
      { length: 1_000_000 },
      (_, i) => `<row r="${i + 3}" spans="1:2" ht="15"><c r="A${i + 3}" s="0"/></row>`,
    );
    const last = '<row r="1048576"><c r="A1048576"><v>2</v></c></row>';
    const rows = grid([['customer_id'], [1]]) + blanks.join('') + last;
    const figures = await inChild('blank.xlsx', workbook({ sheets: [{ rows }] }), []);
    expect(figures).toMatchObject({ rows: 2, report: { filas_en_blanco: 1_048_573 } });
    expect(figures.peakMib).toBeLessThan(300);
  }, 300_000);
});
