import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { filesToRead } from '../../../support/read-rows.js';
import { grid, workbook } from '../../../support/workbook.js';
import type { WorkbookParts } from '../../../support/workbook.js';
import { zipOf } from '../../../support/zip-writer.js';
import type { ZipPart } from '../../../support/zip-writer.js';

const files = await filesToRead();
afterAll(() => files.remove());

const refused = async (content: string | Uint8Array, ending?: string): Promise<string> => {
  const error = await files.refusal(content, { format: 'xlsx', ...(ending === undefined ? {} : { ending }) });
  expect(error.culprit).toMatchObject({ source: 'clientes', file: 'clientes.file' });
  return error.message;
};
const rows = grid([
  ['id', 'edad'],
  [1, 35],
]);
const good = workbook({ sheets: [{ rows }] });
const sheetOf = (xml: string, more: Partial<WorkbookParts> = {}): Buffer =>
  workbook({ sheets: [{ rows: '', xml }], ...more });
const replacing = (...parts: readonly ZipPart[]): Buffer => workbook({ sheets: [{ rows }], parts });

/** A container of Office before 2007, as far as it is looked at: its header, and its directory in the second sector. */
function oldOffice(...streams: readonly string[]): Buffer {
  const file = Buffer.alloc(512 * 3);
  file.write('d0cf11e0a1b11ae1', 'hex');
  file.writeUInt16LE(9, 30);
  file.writeUInt32LE(1, 48);
  for (const [i, name] of ['Root Entry', ...streams].entries()) file.write(name, 1024 + 128 * i, 'utf16le');
  return file;
}

describe('a file that is not what its configuration says', () => {
  it('is refused with what it is', async () => {
    expect(await refused(oldOffice('EncryptionInfo', 'EncryptedPackage'))).toMatch(
      /protected by a password: save a copy/,
    );
    expect(await refused(oldOffice('Workbook'))).toMatch(/Excel before 2007 \(xls\): save it as xlsx/);
    const unknown = await refused(oldOffice('Contents'));
    expect(unknown).toMatch(
      /workbooks under a password into, and those of before 2007 \(xls\): open it .* without a pass/,
    );
    expect(await refused('id,edad\n1,35\n')).toMatch(/no zip file: if it is text, say `format: csv`/);
    expect(await refused('<html><table><tr><td>1</td></tr></table></html>')).toMatch(/web page or an XML file/);
    expect(await refused(gzipSync(good), '.xlsx.gz')).toMatch(/unpack this gzip file/);
    expect(await refused(zipOf([{ name: 'a.txt', data: 'x' }]))).toMatch(/Expected a workbook, got another zip file/);
    expect(
      await refused(
        zipOf([
          { name: 'mimetype', data: 'x' },
          { name: 'content.xml', data: '<x/>' },
        ]),
      ),
    ).toMatch(/OpenDocument file: save it as xlsx/);
    expect((await files.refusal(good)).message).toMatch(/this is a zip file: if it is a workbook, say `format: xlsx`/);
    expect((await files.refusal(oldOffice('Workbook'))).message).toMatch(/save it as xlsx/);
    expect((await files.refusal(gzipSync('a,b\n'))).message).toMatch(/a name that ends in .csv.gz/);
    expect((await files.refusal('a,b\n1,2\n', { ending: '.csv.gz' })).message).toMatch(/take .gz off its name/);
  });

  it('is refused where it is a binary workbook or another document', async () => {
    const pointing = (target: string): Buffer =>
      replacing({
        name: '_rels/.rels',
        data: `<Relationships><Relationship Id="r" Type="urn:x/officeDocument" Target="${target}"/></Relationships>`,
      });
    expect(await refused(pointing('xl/workbook.bin'))).toMatch(/binary workbook \(xlsb\): save it as xlsx/);
    expect(await refused(pointing('word/document.xml'))).toMatch(/another document \('word\/document.xml'\)/);
    expect(await refused(pointing('xl/workbook-2.xml'))).toMatch(/Expected a part 'xl\/workbook-2.xml', got none/);
  });
});

describe('a damaged workbook', () => {
  it('is refused wherever it was cut off', async () => {
    for (const share of [0.1, 0.5, 0.9, 0.99]) {
      expect(await refused(good.subarray(0, Math.floor(good.length * share)))).toMatch(
        /Expected a whole xlsx file.*Fetch or save/,
      );
    }
  });

  it('is refused whichever of its bytes is another, or read right', async () => {
    const expected = (await files.read(good, { format: 'xlsx' })).rows;
    for (let at = 0; at < good.length; at += 37) {
      const damaged = Buffer.from(good);
      damaged.writeUInt8(damaged.readUInt8(at) ^ 0x24, at);
      const result = await files.read(damaged, { format: 'xlsx' }).catch((error: unknown) => error);
      if (result instanceof Error) expect(result.name, `byte ${at}: ${result.message}`).toBe('BadInput');
      else expect(result).toMatchObject({ rows: expected });
    }
  });

  it('is refused with two parts of one name, a password on a part, or a way of packing that nobody has', async () => {
    const twice = zipOf([
      { name: 'a.xml', data: '1' },
      { name: 'A.XML', data: '2' },
    ]);
    expect(await refused(twice)).toMatch(/Expected one part 'A.XML', got two/);
    const styles = { name: 'xl/styles.xml', data: '<styleSheet/>' };
    expect(await refused(replacing({ ...styles, claims: { flags: 0x801 } }))).toMatch(/protected by a password/);
    expect(await refused(replacing({ ...styles, claims: { method: 12 } }))).toMatch(/packed by method 12/);
    expect(await refused(replacing({ ...styles, claims: { crc: 1 } }))).toMatch(/its checksum differs/);
  });

  it('is refused where its XML is none, with the part', async () => {
    expect(await refused(sheetOf('<worksheet><sheetData><row></sheetData></worksheet>'))).toMatch(
      /part 'xl\/worksheets\/sheet1.xml' cannot be read/,
    );
    expect(await refused(sheetOf('<worksheet><sheetData>'))).toMatch(/cannot be read: .*unclosed tag/);
    expect(await refused(sheetOf(''))).toMatch(/cannot be read/);
    expect(await refused(sheetOf('<worksheet>&ntilde;</worksheet>'))).toMatch(/undefined entity/);
    expect(await refused(sheetOf('<chartsheet/>'))).toMatch(/Expected a sheet of rows, got a chartsheet/);
    const latin = { name: 'xl/worksheets/sheet1.xml', data: Buffer.from('<worksheet>\xf1</worksheet>', 'latin1') };
    expect(await refused(replacing(latin))).toMatch(/its bytes are not utf-8/);
  });

  it('is refused where rows or cells are where they cannot be', async () => {
    const of = (all: string): Promise<string> => refused(workbook({ sheets: [{ rows: all }] }));
    const header = '<row r="1"><c r="A1"><v>1</v></c></row>';
    expect(await of(`${header}<row r="3"/><row r="2"/>`)).toMatch(/Expected rows in order, got row 2 after 3/);
    expect(await of(`${header}<row r="1"/>`)).toMatch(/Expected rows in order, got row 1 after 1/);
    for (const row of ['0', '1048577', 'x', '1.5', '-1', '1e9']) {
      expect(await of(`<row r="${row}"/>`)).toMatch(/Expected a row 1 to 1048576/);
    }
    expect(await of('<row r="1"><c r="A1"/><c r="B1"/><c r="A1"/></row>')).toMatch(
      /Expected one cell in column 1, got two/,
    );
    for (const cell of ['A2', 'XFE1', '1', 'A', '']) {
      expect(await of(`<row r="1"><c r="${cell}"/></row>`)).toMatch(/Expected a cell of this row, A1 to XFD1/);
    }
    expect(await of(`${header}<row r="2"><c r="A2" t="s"><v>5</v></c></row>`)).toMatch(
      /row '2', column '1', value 'A2': Expected one of/,
    );
  });
});

describe('a workbook that would fill memory or disk', () => {
  const MIB = 1024 ** 2;

  it('is refused as a bomb before it is unpacked where its directory says so, and while it is where that lies', async () => {
    const name = 'xl/worksheets/sheet1.xml';
    const large = { name, data: Buffer.alloc(80 * MIB, ' ') };
    expect(await refused(replacing(large))).toMatch(/unpacks \d+ bytes to 83886080 or more, as a zip bomb does/);
    const more = { name, data: `<worksheet>${'<a/>'.repeat(MIB)}</worksheet>`, claims: { size: MIB } };
    expect(await refused(replacing(more))).toMatch(/Expected a whole xlsx file.*too many bytes/);
  });

  it('is refused where a part that has to be in memory claims to be large, before it is unpacked', async () => {
    const claiming = (name: string, mib: number, data: string): Promise<string> =>
      refused(replacing({ name, data, claims: { size: mib * MIB } }));
    // Not so alike that they look like bombs.
    const noise = Array.from({ length: 400_000 }, (_, i) => (i * 7_919) % 1_000_003).join('</t></si><si><t>');
    const sst = `<sst><si><t>${noise}</t></si></sst>`;
    expect(await claiming('xl/sharedStrings.xml', 513, sst)).toMatch(
      /part 'xl\/sharedStrings.xml' of at most 536870912/,
    );
    expect(await claiming('xl/styles.xml', 65, sst)).toMatch(/part 'xl\/styles.xml' of at most 67108864 bytes, got/);
    expect(await claiming('xl/workbook.xml', 65, sst)).toMatch(/part 'xl\/workbook.xml' of at most 67108864 bytes/);
  });

  it('is refused where one text is put together of a million others', async () => {
    const runs = '<r><t>ocho 88 </t></r>'.repeat(140_000);
    const strings = { name: 'xl/sharedStrings.xml', data: `<sst><si>${runs}</si></sst>` };
    expect(await refused(replacing(strings))).toMatch(/Expected texts of at most 1048576 characters/);
    const inline = `<row r="1"><c r="A1" t="inlineStr"><is>${runs}</is></c></row>`;
    expect(await refused(workbook({ sheets: [{ rows: inline }] }))).toMatch(/Expected cells of at most 1048576 char/);
  });

  it('is refused where it has more parts than any workbook', async () => {
    const parts = Array.from({ length: 10_001 }, (_, i) => ({ name: `p${i}`, data: '' }));
    expect(await refused(zipOf(parts))).toMatch(/Expected at most 10000 parts, as workbooks have, got 10001/);
  });

  it('is refused where it declares entities, one made of the other', async () => {
    const laughs = Array.from({ length: 10 }, (_, i) => `<!ENTITY l${i + 1} "${`&l${i};`.repeat(10)}">`).join('');
    const xml = `<!DOCTYPE x [<!ENTITY l0 "ja">${laughs}]><worksheet><sheetData>&l10;</sheetData></worksheet>`;
    expect(await refused(sheetOf(xml))).toMatch(/it declares a document type, which no workbook does/);
    const outside = '<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><worksheet>&f;</worksheet>';
    expect(await refused(sheetOf(outside))).toMatch(/declares a document type/);
  });

  it.each([
    [
      'a cell',
      (long: string) => `<worksheet><sheetData><row><c t="str"><v>${long}</v></c></row></sheetData></worksheet>`,
    ],
    ['a comment', (long: string) => `<worksheet><!--${long}--></worksheet>`],
    ['an attribute', (long: string) => `<worksheet a="${long}"></worksheet>`],
    ['a document type', (long: string) => `<!DOCTYPE ${long}><worksheet/>`],
  ])('is refused where %s goes on for ever', async (_what, xml) => {
    // Not so alike that it looks like a bomb.
    const long = Array.from({ length: 300_000 }, (_, i) => (i * 7_919) % 1_000_003).join(' ');
    expect(await refused(sheetOf(xml(long)))).toMatch(/Expected a tag every 1048576 bytes, as a workbook has/);
  });

  it('is refused where its tags nest without end', async () => {
    expect(await refused(sheetOf('<worksheet>'.repeat(100_000)))).toMatch(/Expected tags at most 64 deep/);
  });
});

describe('a sheet without a table', () => {
  it('is refused where it is empty', async () => {
    expect(await refused(workbook({ sheets: [{ rows: '' }] }))).toMatch(
      /the sheet is empty: Expected a header in row 1/,
    );
    expect(await refused(workbook({ sheets: [] }))).toMatch(/the workbook has no sheet of rows/);
  });

  it('is refused where the header is not in row 1', async () => {
    const below = '<row r="3"><c r="A3"><v>1</v></c></row>';
    expect(await refused(workbook({ sheets: [{ rows: below }] }))).toMatch(
      /row '1': Expected the header in row 1, got the first value in row 3: delete the rows above/,
    );
  });

  it('gives a header alone as no rows', async () => {
    const { headers, rows: none } = await files.read(workbook({ sheets: [{ rows: grid([['id', 'edad']]) }] }), {
      format: 'xlsx',
    });
    expect(headers).toEqual(['id', 'edad']);
    expect(none).toEqual([]);
  });
});
