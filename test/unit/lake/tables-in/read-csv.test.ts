import { gzipSync } from 'node:zlib';
import * as fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { filesToRead } from '../../../support/read-rows.js';

const files = await filesToRead();
afterAll(() => files.remove());

const rowsOf = async (...given: Parameters<typeof files.read>) => (await files.read(...given)).rows;

describe('a csv file', () => {
  it('gives its header, trimmed, and its cells as they are, empty ones as null', async () => {
    const { headers, rows, read } = await files.read(' id ,"nombre, y apellido",edad\n007, Ana ,\n0,"",35 años\n');
    expect(headers).toEqual(['id', 'nombre, y apellido', 'edad']);
    expect(rows).toEqual([
      ['007', ' Ana ', null],
      ['0', null, '35 años'],
    ]);
    expect(read).toEqual({ rows: 2, blankRows: 0, cellsWithoutHeader: 0 });
  });

  it('gives the columns that are asked for, in the order in which they are', async () => {
    expect(await rowsOf('a,b,c\n1,2,3\n', { columns: [2, 0] })).toEqual([['3', '1']]);
  });

  it('may end its lines in any way, also in several', async () => {
    const expected = [
      ['1', 'x'],
      ['2', 'y'],
    ];
    for (const content of ['a,b\n1,x\n2,y', 'a,b\r\n1,x\r\n2,y\r\n', 'a,b\r1,x\r2,y\r', 'a,b\n1,x\r\n2,y\n']) {
      expect(await rowsOf(content)).toEqual(expected);
    }
  });

  it('counts blank lines and rows of empty cells, and gives none of them', async () => {
    const { rows, read } = await files.read('\n\na,b\n\n1,2\n,\n" ",\n3,4\n\n');
    expect(rows).toEqual([
      ['1', '2'],
      ['3', '4'],
    ]);
    expect(read.blankRows).toBe(4);
    expect((await files.read('a\n\n1\n')).read).toMatchObject({ rows: 1, blankRows: 1 });
  });

  it('may have columns without a header, as a row number has: their cells are counted and no rows', async () => {
    const { rows, read } = await files.read(',a,\n1,x,\n2,,\n', { columns: [1] });
    expect(rows).toEqual([['x']]);
    expect(read).toEqual({ rows: 1, blankRows: 1, cellsWithoutHeader: 2 });
  });

  it('leaves formulas the text that they are', async () => {
    expect(await rowsOf('a,b\n=cmd|\' /C calc\'!A0,"=HYPERLINK(""http://x"")"\n')).toEqual([
      ["=cmd|' /C calc'!A0", '=HYPERLINK("http://x")'],
    ]);
  });

  it('may be packed', async () => {
    const packed = gzipSync('a,b\n1,ñ\n');
    expect(await rowsOf(packed, { ending: '.csv.gz' })).toEqual([['1', 'ñ']]);
    const cut = await files.refusal(packed.subarray(0, -6), { ending: '.csv.gz' });
    expect(cut.message).toMatch(/Expected a whole gzip file.*Fetch it again/);
  });

  it('has 16,384 columns where it has them', async () => {
    const names = Array.from({ length: 16_384 }, (_, i) => `columna ${i}`);
    const { headers, rows } = await files.read(`${names.join(',')}\n${[...names.keys()].join(',')}\n`);
    expect(headers).toEqual(names);
    expect(rows[0]?.[16_383]).toBe('16383');
  });
});

describe('the encoding of a csv file', () => {
  const text = 'id,región\n1,"España, 50 € – “ñandú”"\n';
  const cells = [['1', 'España, 50 € – “ñandú”']];
  const latin = Buffer.from('id,regi\xf3n\n1,Espa\xf1a \x80\n', 'latin1');
  const utf16 = Buffer.from(text, 'utf16le');

  it('is as said, with a mark at the start or without', async () => {
    expect(await rowsOf(text)).toEqual(cells);
    expect((await files.read(`\uFEFF${text}`)).headers).toEqual(['id', 'región']);
    expect(await rowsOf(utf16, { encoding: 'utf-16' })).toEqual(cells);
    const marked = Buffer.from(`\uFEFF${text}`, 'utf16le');
    expect((await files.read(marked, { encoding: 'utf-16' })).headers).toEqual(['id', 'región']);
    expect(await rowsOf(marked.swap16(), { encoding: 'utf-16' })).toEqual(cells);
  });

  it('is, for latin-1, that of Windows, which has a sign for the euro', async () => {
    const { headers, rows } = await files.read(latin, { encoding: 'latin-1' });
    expect(headers).toEqual(['id', 'región']);
    expect(rows).toEqual([['1', 'España €']]);
  });

  it('is refused where it is another, with the line', async () => {
    const late = Buffer.concat([Buffer.from('id,region\n1,a\n2,b\n'), Buffer.from('3,Espa\xf1a\n', 'latin1')]);
    const refused = await files.refusal(late);
    expect(refused.culprit).toEqual({
      source: 'clientes',
      file: 'clientes.file',
      row: 4,
      value: expect.stringMatching(/3,Espa$/),
    });
    expect(refused.message).toMatch(/not utf-8: say its `encoding`, for instance latin-1/);
    expect((await files.refusal(latin)).culprit.row).toBe(1);
  });

  it('is refused where the mark tells another', async () => {
    expect((await files.refusal(`\uFEFF${text}`, { encoding: 'latin-1' })).message).toMatch(/say `encoding: utf-8`/);
    const marked = Buffer.from(`\uFEFF${text}`, 'utf16le');
    expect((await files.refusal(marked)).message).toMatch(/say `encoding: utf-16`/);
    expect((await files.refusal(Buffer.from(marked).swap16())).message).toMatch(/say `encoding: utf-16`/);
  });

  it('is named where it is utf-16 without a mark that nobody has told of, or told the other way round', async () => {
    const plain = Buffer.from('id,región\n1,norte\n', 'utf16le');
    const big = Buffer.from(plain).swap16();
    for (const encoding of ['utf-8', 'latin-1', 'utf-16be'] as const) {
      const little = /looks like utf-16, little-endian, without a mark: say `encoding: utf-16`$/;
      expect((await files.refusal(plain, { encoding })).message).toMatch(little);
    }
    for (const encoding of ['utf-8', 'latin-1', 'utf-16'] as const) {
      const { message } = await files.refusal(big, { encoding });
      expect(message).toMatch(/looks like utf-16, big-endian, without a mark: say `encoding: utf-16be`$/);
    }
    expect(await rowsOf(big, { encoding: 'utf-16be' })).toEqual([['1', 'norte']]);
    const marked = Buffer.from('\uFEFFid\n1\n', 'utf16le');
    expect((await files.refusal(marked, { encoding: 'utf-16be' })).message).toMatch(/say `encoding: utf-16`/);
    expect(await rowsOf(marked.swap16(), { encoding: 'utf-16be' })).toEqual([['1']]);
  });

  it('is refused where there are NUL characters', async () => {
    const { culprit, message } = await files.refusal('a,b\n1,x\0y\n');
    expect(message).toMatch(/NUL character.*say `encoding: utf-16`/);
    expect(culprit).toMatchObject({ row: 2, value: String.raw`a,b\n1,x` });
    expect((await files.refusal(Buffer.from('a\n\0\n', 'utf16le'), { encoding: 'utf-16' })).culprit.row).toBe(2);
  });

  it('is refused as utf-16 where the bytes are utf-8', async () => {
    expect((await files.refusal('id,región\n1,x\n', { encoding: 'utf-16' })).message).toMatch(
      /Expected utf-16, got a text without a zero byte/,
    );
  });

  it('survives letters that are cut by the pieces in which the file is read', async () => {
    const value = 'ñ€😀'.repeat(20_000);
    expect(await rowsOf(`a,b\n1,${value}\n`)).toEqual([['1', value]]);
    expect(await rowsOf(Buffer.from(`a,b\n1,x${value}\n`, 'utf16le'), { encoding: 'utf-16' })).toEqual([
      ['1', `x${value}`],
    ]);
  });
});

describe('a csv file that does not fit', () => {
  const cases: readonly (readonly [string, string, RegExp, number | undefined])[] = [
    ['a row longer than the header', 'a,b\n1,2\n1,2,3\n', /Expected 2 cells, as in the header, got 3/, 3],
    ['a row shorter than the header', 'a,b\n1,2\n1\n', /Expected 2 cells, as in the header, got 1/, 3],
    ['a quote inside a cell without quotes', 'a,b\n1,5" tubo\n', /Expected quotes .* around a whole cell/, 2],
    ['text after a closing quote', 'a,b\n1,"x"y\n', /end with its closing quote/, 2],
    ['a quote that is never closed', 'a,b\n1,"x\n1,2\n', /opened and never closed/, undefined],
    ['another delimiter', 'a;b\n1;2\n', /say `delimiter: ';'`/, 1],
    ['tabs', 'a\tb\n1\t2\n', /say `delimiter: '\\t'`/, 1],
    ['blank lines alone', '\n\n', /the file is empty/, undefined],
    ['a mark alone', '\uFEFF', /the file is empty/, undefined],
  ];

  it.each(cases)('is refused with its line: %s', async (_what, content, message, row) => {
    const refused = await files.refusal(content);
    expect(refused.message).toMatch(message);
    if (row !== undefined) expect(refused.culprit.row).toBe(row);
    expect(refused.culprit).toMatchObject({ source: 'clientes', file: 'clientes.file' });
  });

  it('is refused before an open quote has filled the memory', async () => {
    const refused = await files.refusal(`a,b\n1,"${'x,y\n'.repeat(1_500_000)}`);
    expect(refused.message).toMatch(/Expected rows of at most 4194304 bytes; perhaps a quote/);
  });

  it('is refused as soon as a row has more cells than the header, and not when it ends', async () => {
    let read = 0;
    const commas = await files.refusal(`a,b\n1,2\n${','.repeat(40_000_000)}\n`, {
      progress: (bytes) => (read = bytes),
    });
    expect(commas.message).toMatch(/Expected 2 cells, as in the header, got \d+ or more: the file may be cut off/);
    expect(commas.culprit).toMatchObject({ row: 3, value: `${','.repeat(40)}…` });
    expect(read).toBeLessThan(1024 ** 2);
    const header = await files.refusal(`${',a'.repeat(1_000_000)}\n`, { progress: (bytes) => (read = bytes) });
    expect(header.message).toMatch(/Expected at most 16384 columns, as many as a sheet has, got \d+ or more/);
    expect((await files.refusal(`${',a'.repeat(20_000)}\n`)).message).toMatch(/at most 16384 columns.*got 2000[01]/);
    const quoted = await files.refusal(`a,b\n"${','.repeat(40_000_000)}"\n`, { progress: (bytes) => (read = bytes) });
    expect(quoted.message).toMatch(/Expected rows of at most 4194304 bytes/);
    const behind = await files.refusal(`a\n${`"x",`.repeat(10_000_000)}\n`, { progress: (bytes) => (read = bytes) });
    expect(behind.message).toMatch(/Expected rows of at most 4194304 bytes/);
    expect(read).toBeLessThan(20 * 1024 ** 2);
  });

  it('takes a quoted cell of many lines and delimiters, longer than the pieces in which the file is read', async () => {
    const long = 'x,y\n'.repeat(100_000);
    expect(await rowsOf(`a,b\n1,"${long}"\n2,z\n`)).toEqual([
      ['1', long],
      ['2', 'z'],
    ]);
  });

  it('is shown by its first characters, on one line', async () => {
    const value = 'línea\n\u200B'.repeat(20);
    const { culprit } = await files.refusal(`a,b\n"${value}",1,2\n`);
    expect(culprit.value).toBe(`${String.raw`línea\n\u{200b}`.repeat(5)}línea…`);
  });

  it('is refused as a bomb where it is packed and its rows are all alike, before any of them is read', async () => {
    let read = 0;
    const packed = gzipSync(`a,b\n${`1,${'x'.repeat(250)}\n`.repeat(400_000)}`);
    const bomb = await files.refusal(packed, { ending: '.csv.gz', progress: (bytes) => (read = bytes) });
    expect(bomb.message).toMatch(/unpack to \d+ or more, as a bomb does: if it is a table indeed, unpack it/);
    expect(read).toBe(0);
  });
});

describe('what a csv writer writes', () => {
  const cell = fc.oneof(
    fc.string({ unit: fc.constantFrom('a', ' ', '"', "'", ',', ';', '\t', '\n', '\r', '\r\n', 'ñ', '😀', '=', '_') }),
    fc.string({ unit: 'binary' }).map((text) => text.replaceAll(/[\0\uFEFF]/g, '')),
  );
  const tables = fc
    .integer({ min: 1, max: 5 })
    .chain((columns) => fc.array(fc.array(cell, { minLength: columns, maxLength: columns }), { maxLength: 8 }));

  it('comes back cell by cell, whatever delimiter, quote, line end and encoding', async () => {
    await fc.assert(
      fc.asyncProperty(
        tables,
        fc.constantFrom(',', ';', '\t', '|'),
        fc.constantFrom('"', "'"),
        fc.constantFrom('\n', '\r\n'),
        fc.constantFrom('utf-8' as const, 'utf-16' as const),
        fc.boolean(),
        async (table, delimiter, quote, newline, encoding, always) => {
          const quoted = (value: string): string => quote + value.replaceAll(quote, quote + quote) + quote;
          const special = new RegExp(`[${delimiter}${quote}\\r\\n]`.replace('|', String.raw`\|`));
          const written = (value: string): string => (always || special.test(value) ? quoted(value) : value);
          const header = (table[0] ?? ['x']).map((_cell, i) => `h${i}`);
          const lines = [header, ...table].map((row) => row.map(written).join(delimiter) + newline).join('');
          const bytes = Buffer.from(lines, encoding === 'utf-8' ? 'utf8' : 'utf16le');
          const { rows } = await files.read(bytes, { delimiter, quote, encoding });
          expect(rows).toEqual(
            table
              .filter((row) => row.some((value) => value.trim() !== ''))
              .map((row) => row.map((value) => (value === '' ? null : value))),
          );
        },
      ),
      { numRuns: 150 },
    );
  });
});
