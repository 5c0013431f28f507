import * as fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { filesToRead } from '../../../support/read-rows.js';
import { cellXml, grid, workbook } from '../../../support/workbook.js';
import type { Cell, WorkbookParts } from '../../../support/workbook.js';
import type { ZipPart } from '../../../support/zip-writer.js';

const files = await filesToRead();
afterAll(() => files.remove());

const read = (book: WorkbookParts, more: { sheet?: string; columns?: readonly number[] } = {}) =>
  files.read(workbook(book), { format: 'xlsx', ...more });
const refusal = (book: WorkbookParts, more: { sheet?: string } = {}) =>
  files.refusal(workbook(book), { format: 'xlsx', ...more });
const sheet = (rows: readonly (readonly Cell[])[], after = ''): WorkbookParts => ({
  sheets: [{ rows: grid(rows), after }],
});

describe('a sheet', () => {
  it('gives its first row as the header, and the texts of the cells below', async () => {
    const book: WorkbookParts = {
      sheets: [
        {
          rows: grid([
            ['id', ' edad ', 'región', 'alta', 'vip', 'recompra', 'nota'],
            [
              7,
              '35 años',
              { attributes: 't="s"', inner: '<v>0</v>' },
              { attributes: 's="1"', inner: '<v>45352</v>' },
              { attributes: 't="b"', inner: '<v>1</v>' },
              { attributes: 's="2"', inner: '<v>0.45200000000000001</v>' },
              { attributes: 't="s"', inner: '<v>1</v>' },
            ],
            [
              '007',
              null,
              { attributes: 't="s"', inner: '<v>2</v>' },
              { attributes: 's="3"', inner: '<v>45352.4375</v>' },
              { attributes: 't="e"', inner: '<v>#N/A</v>' },
              0.5,
              "=cmd|' /C calc'!A0",
            ],
          ]),
        },
      ],
      strings: [
        '<t>norte</t>',
        '<r><rPr><b/></rPr><t>muy </t></r><r><t xml:space="preserve">buena </t></r><rPh sb="0" eb="1"><t>ムイ</t></rPh><phoneticPr fontId="1"/>',
        '<t xml:space="preserve"> sur &amp; oeste </t>',
      ],
      formats: ['yyyy-mm-dd', 10, 22],
    };
    const { headers, rows, read: figures } = await read(book);
    expect(headers).toEqual(['id', 'edad', 'región', 'alta', 'vip', 'recompra', 'nota']);
    expect(rows).toEqual([
      ['7', '35 años', 'norte', '2024-03-01', 'true', '45.2%', 'muy buena '],
      ['007', null, ' sur & oeste ', '2024-03-01T10:30:00', '#N/A', '0.5', "=cmd|' /C calc'!A0"],
    ]);
    expect(figures).toEqual({ rows: 2, blankRows: 0, cellsWithoutHeader: 0, sheet: 'Hoja1' });
  });

  it('counts days from 1904 on where the workbook does', async () => {
    const rows = grid([['alta'], [{ attributes: 's="1"', inner: '<v>43890</v>' }]]);
    expect((await read({ sheets: [{ rows }], formats: [14], date1904: true })).rows).toEqual([['2024-03-01']]);
  });

  it('may leave out where its rows and cells are, and have cells in any order', async () => {
    const rows =
      '<row><c t="inlineStr"><is><t>a</t></is></c><c t="inlineStr"><is><t>b</t></is></c><c t="inlineStr"><is><r><t>c</t></r></is></c></row>' +
      '<row r="4"><c r="C4"><v>3</v></c><c r="A4"><v>1</v></c><c><v>2</v></c></row>' +
      '<row><c/><c><v>5</v></c></row>';
    const { headers, rows: texts, read: figures } = await read({ sheets: [{ rows }] });
    expect(headers).toEqual(['a', 'b', 'c']);
    expect(texts).toEqual([
      ['1', '2', '3'],
      [null, '5', null],
    ]);
    expect(figures.blankRows).toBe(2);
  });

  it('may write its tags with a prefix, in utf-16, and its parts in other case', async () => {
    const rows = grid([['a'], ['ñ']]).replaceAll(/<(\/?)(\w)/g, '<$1x:$2');
    const xml = `<?xml version="1.0" encoding="UTF-16"?><x:worksheet xmlns:x="urn:x"><x:sheetData>${rows}</x:sheetData></x:worksheet>`;
    const part = { name: 'XL/Worksheets/Sheet1.xml', data: Buffer.from(`\uFEFF${xml}`, 'utf16le') };
    expect((await files.read(withSheet(part), { format: 'xlsx' })).rows).toEqual([['ñ']]);
  });

  it('has no rows where no cell under a header has a value', async () => {
    const styled = { attributes: 's="1"', inner: '' };
    const { rows, read: figures } = await read({
      ...sheet([['a', 'b'], [styled, styled], [null, ' '], [1, styled], [null, null, 'nota al margen'], [styled], [2]]),
      formats: ['0.0'],
    });
    expect(rows).toEqual([
      ['1', null],
      ['2', null],
    ]);
    expect(figures).toMatchObject({ rows: 2, blankRows: 4, cellsWithoutHeader: 1 });
  });

  it('may have a cell in its very last place', async () => {
    const rows = `${grid([['a'], [1]])}<row r="1048576"><c r="XFD1048576"><v>9</v></c></row>`;
    const { rows: texts, read: figures } = await read({ sheets: [{ rows }] });
    expect(texts).toEqual([['1']]);
    expect(figures).toMatchObject({ rows: 1, blankRows: 0, cellsWithoutHeader: 1 });
  });

  it('may be 16,384 columns wide', async () => {
    const names = Array.from({ length: 16_384 }, (_, i) => `columna ${i}`);
    const { headers, rows } = await read(sheet([names, names.map((_name, i) => i)]), { columns: [16_383, 0] });
    expect(headers).toHaveLength(16_384);
    expect(rows).toEqual([['16383', '0']]);
  });

  it('takes of a formula what it gave; what it did not is refused where somebody wants it', async () => {
    const formula = (value: string, attributes = ''): Cell => ({ attributes, inner: `<f>SUM(A1)</f>${value}` });
    const book = sheet([
      ['id', 'gasto', 'nota'],
      [1, formula('<v>12.50</v>'), formula('<v></v>', 't="str"')],
      [2, formula('<v/>'), 'x'],
    ]);
    expect((await read(book, { columns: [0, 2] })).rows).toEqual([
      ['1', null],
      ['2', 'x'],
    ]);
    const refused = await refusal(book);
    expect(refused.culprit).toEqual({
      source: 'clientes',
      file: 'clientes.file',
      sheet: 'Hoja1',
      row: 3,
      column: 'gasto',
      value: 'B3',
    });
    expect(refused.message).toMatch(
      /Expected the stored value of the formula, got none: open the file in a spreadsheet/,
    );
  });

  it('may have merged cells where nothing is lost by it, and is refused where a value would be', async () => {
    const rows: readonly (readonly Cell[])[] = [
      ['id', 'región', null],
      [1, 'norte', 'x'],
      [2, null, 'y'],
    ];
    const merged = (range: string): WorkbookParts =>
      sheet(rows, `<mergeCells><mergeCell ref="${range}"/></mergeCells>`);
    expect((await read(merged('B1:C1'))).headers).toEqual(['id', 'región']);
    expect((await read(merged('B2:C2'), { columns: [1] })).rows).toEqual([['norte'], [null]]);
    expect((await read(merged('B2:B3'), { columns: [0] })).rows).toHaveLength(2);
    const refused = await refusal(merged('B2:B3'));
    expect(refused.culprit).toMatchObject({ row: 2, column: 'región', sheet: 'Hoja1' });
    expect(refused.message).toMatch(/merged cells B2:B3.*unmerge and fill them/);
    await expect(read(merged('A2:B2'), { columns: [0, 1] })).rejects.toThrow(/merged cells A2:B2/);
  });
});

/** A workbook whose one sheet is this part, which it may call by another case. */
function withSheet(part: ZipPart): Buffer {
  const target = 'Type="urn:x/worksheet" Target="worksheets/sheet1.xml"';
  const rels = `<Relationships><Relationship Id="rId1" ${target}/></Relationships>`;
  const xml = '<workbook xmlns:r="urn:r"><sheets><sheet name="Hoja1" sheetId="1" r:id="rId1"/></sheets></workbook>';
  return workbook({
    sheets: [],
    parts: [part, { name: 'xl/workbook.xml', data: xml }, { name: 'xl/_rels/workbook.xml.rels', data: rels }],
  });
}

describe('the sheet of a workbook', () => {
  const full = grid([['a'], [1]]);

  it('is the one visible sheet that has values', async () => {
    const sheets = [
      { name: 'portada', rows: '<row r="1"><c r="A1" s="0"/></row>' },
      { name: 'clientes', rows: full },
      { name: 'listas', rows: full, state: 'hidden' as const },
    ];
    const { rows, read: figures } = await read({ sheets });
    expect(rows).toEqual([['1']]);
    expect(figures.sheet).toBe('clientes');
  });

  it('has to be named where several have values, or none that is visible', async () => {
    const two = {
      sheets: [
        { name: 'enero', rows: full },
        { name: 'febrero', rows: grid([['a'], [2]]) },
      ],
    };
    expect((await refusal(two)).message).toMatch(
      /Expected one visible sheet with rows, got 'enero', 'febrero' of 'enero', 'febrero': say which by `sheet`/,
    );
    expect((await read(two, { sheet: 'febrero' })).rows).toEqual([['2']]);
    const hidden = { sheets: [{ name: 'datos', rows: full, state: 'veryHidden' as const }] };
    expect((await refusal(hidden)).message).toMatch(/got none of 'datos' \(hidden\)/);
    expect((await read(hidden, { sheet: 'datos' })).rows).toEqual([['1']]);
    expect((await refusal(two, { sheet: 'marzo' })).message).toMatch(
      /Expected a sheet called 'marzo', got 'enero', 'febrero': say one of these as the source's `sheet`/,
    );
    expect((await refusal(two, { sheet: 'Febrero ' })).message).toMatch(/'febrero' \(nearest: 'febrero'\): say/);
  });
});

describe('what a workbook holds', () => {
  // What XML cannot hold comes back as well: workbooks have their own escape for it.
  const text = fc.oneof(
    fc.string({
      unit: fc.constantFrom('a', ' ', '\n', '\t', '\r', '<', '&', '"', ']]>', '_x000D_', '_', 'ñ', '😀', '=', '\u0001'),
    }),
    fc.string({ unit: 'binary' }),
  );
  const cell = fc.oneof(
    text,
    fc.constant(null),
    fc.double({ noDefaultInfinity: true, noNaN: true }),
    fc.integer(),
    fc.boolean(),
  );
  const tables = fc
    .integer({ min: 1, max: 5 })
    .chain((columns) => fc.array(fc.array(cell, { minLength: columns, maxLength: columns }), { maxLength: 6 }));

  it('comes back cell by cell: texts of both kinds, numbers and booleans', async () => {
    await fc.assert(
      fc.asyncProperty(tables, fc.boolean(), async (table, shared) => {
        const strings: string[] = [];
        const written = (value: string | number | boolean | null): Cell => {
          if (typeof value === 'boolean') return { attributes: 't="b"', inner: `<v>${Number(value)}</v>` };
          if (typeof value !== 'string' || !shared) return value;
          const index = strings.push(`<t xml:space="preserve">${cellXml(value)}</t>`) - 1;
          return { attributes: 't="s"', inner: `<v>${index}</v>` };
        };
        const header = (table[0] ?? [null]).map((_cell, i) => `h${i}`);
        const rows = grid([header, ...table.map((row) => row.map(written))]);
        const result = await read({ sheets: [{ rows }], strings });
        const blank = (value: unknown): boolean => value === null || (typeof value === 'string' && value.trim() === '');
        const expected = table.filter((row) => !row.every(blank));
        const numbersAsSuch = result.rows.map((row, r) =>
          row.map((value, c) => (typeof expected[r]?.[c] === 'number' ? Number(value) : value)),
        );
        expect(numbersAsSuch).toEqual(
          expected.map((row) =>
            row.map((value) => {
              if (typeof value === 'boolean') return String(value);
              if (typeof value === 'number') return value === 0 ? 0 : value;
              return value === '' ? null : value;
            }),
          ),
        );
      }),
      { numRuns: 120 },
    );
  });
});
