import type { Cell } from './cell.js';
import { writeZip } from './zip-file.js';

// The few parts of a workbook that spreadsheets ask for (ECMA-376, part 1): a sheet, its texts shared, two formats.

const PERCENT_STYLE = 1;
const DATE_STYLE = 2;

const HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006';
const TYPE = 'application/vnd.openxmlformats-officedocument.spreadsheetml';

/**
 * Writes an .xlsx workbook of one sheet. Rows are taken one by one, and what stays in memory are the different texts
 * and the compressed sheet. The same rows give the same bytes.
 */
export async function writeXlsx(file: string, sheet: string, rows: Iterable<readonly Cell[]>): Promise<void> {
  const texts = new Map<string, number>();
  const relation = (id: number, type: string, target: string): string =>
    `<Relationship Id="rId${id}" Type="${OFFICE}/${type}" Target="${target}"/>`;
  const relations = (...all: readonly string[]): string[] => [
    `${HEAD}<Relationships xmlns="${PACKAGE}/relationships">${all.join('')}</Relationships>`,
  ];
  await writeZip(file, [
    { path: '[Content_Types].xml', text: [contentTypes] },
    { path: '_rels/.rels', text: relations(relation(1, 'officeDocument', 'xl/workbook.xml')) },
    { path: 'xl/workbook.xml', text: [workbook(sheet)] },
    {
      path: 'xl/_rels/workbook.xml.rels',
      text: relations(
        relation(1, 'worksheet', 'worksheets/sheet1.xml'),
        relation(2, 'styles', 'styles.xml'),
        relation(3, 'sharedStrings', 'sharedStrings.xml'),
      ),
    },
    { path: 'xl/styles.xml', text: [styles] },
    { path: 'xl/worksheets/sheet1.xml', text: sheetXml(rows, texts) },
    // Entries are written in order: by now the sheet has named all its texts.
    { path: 'xl/sharedStrings.xml', text: sharedStrings(texts) },
  ]);
}

function* sheetXml(rows: Iterable<readonly Cell[]>, texts: Map<string, number>): Generator<string> {
  yield `${HEAD}<worksheet xmlns="${MAIN}"><sheetData>`;
  let row = 0;
  for (const cells of rows) {
    row++;
    yield `<row r="${row}">${cells.map((cell, i) => cellXml(cell, `${letters(i)}${row}`, texts)).join('')}</row>`;
  }
  yield '</sheetData></worksheet>';
}

function cellXml(cell: Cell, at: string, texts: Map<string, number>): string {
  if (cell === null) return '';
  if (typeof cell === 'number') return `<c r="${at}"><v>${cell}</v></c>`;
  if (typeof cell === 'boolean') return `<c r="${at}" t="b"><v>${cell ? 1 : 0}</v></c>`;
  if (typeof cell === 'string') return `<c r="${at}" t="s"><v>${indexOf(cell, texts)}</v></c>`;
  if ('percent' in cell) return `<c r="${at}" s="${PERCENT_STYLE}"><v>${cell.percent}</v></c>`;
  return `<c r="${at}" s="${DATE_STYLE}"><v>${serialDay(cell.date)}</v></c>`;
}

function indexOf(text: string, texts: Map<string, number>): number {
  const index = texts.get(text) ?? texts.size;
  texts.set(text, index);
  return index;
}

/** Days of the 1900 date system, right from March 1900 on. */
export const serialDay = (date: string): number => Date.parse(`${date}T00:00:00Z`) / 86_400_000 + 25_569;

/** The name of a column: A, B, …, Z, AA, … */
function letters(column: number): string {
  const last = String.fromCodePoint(65 + (column % 26));
  return column < 26 ? last : letters(Math.floor(column / 26) - 1) + last;
}

function* sharedStrings(texts: ReadonlyMap<string, number>): Generator<string> {
  yield `${HEAD}<sst xmlns="${MAIN}" uniqueCount="${texts.size}">`;
  for (const text of texts.keys()) yield `<si><t xml:space="preserve">${escaped(text)}</t></si>`;
  yield '</sst>';
}

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escaped = (text: string): string => text.replaceAll(/[&<>"]/g, (sign) => escapes[sign] ?? sign);

const part = (path: string, type: string): string =>
  `<Override PartName="/xl/${path}" ContentType="${TYPE}.${type}+xml"/>`;

const contentTypes = `${HEAD}<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>${part('workbook.xml', 'sheet.main')}${part('worksheets/sheet1.xml', 'worksheet')}${part('styles.xml', 'styles')}${part('sharedStrings.xml', 'sharedStrings')}</Types>`;

const workbook = (sheet: string): string =>
  `${HEAD}<workbook xmlns="${MAIN}" xmlns:r="${OFFICE}"><sheets><sheet name="${escaped(sheet)}" sheetId="1" r:id="rId1"/></sheets></workbook>`;

/** 10 is `0.00%`, 14 a day as the reader's country writes it. */
const styles = `${HEAD}<styleSheet xmlns="${MAIN}"><fonts count="1"><font><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="3"><xf numFmtId="0" xfId="0"/><xf numFmtId="10" xfId="0" applyNumberFormat="1"/><xf numFmtId="14" xfId="0" applyNumberFormat="1"/></cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>`;
