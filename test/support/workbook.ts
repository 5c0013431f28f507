import { zipOf } from './zip-writer.js';
import type { ZipPart } from './zip-writer.js';

const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';

export interface SheetParts {
  readonly name?: string;
  readonly state?: 'hidden' | 'veryHidden';
  /** The rows' XML. */
  readonly rows: string;
  /** What follows the rows. */
  readonly after?: string;
  /** The whole part, in the place of it all. */
  readonly xml?: string;
}

export interface WorkbookParts {
  readonly sheets: readonly SheetParts[];
  /** XML of the shared texts: what is in each `si`. */
  readonly strings?: readonly string[];
  /** Formats that styles 1, 2, … have; style 0 is General. A number is one of the built-in formats. */
  readonly formats?: readonly (string | number)[];
  readonly date1904?: boolean;
  /** Further parts; one of a name that is there already takes its place. */
  readonly parts?: readonly ZipPart[];
}

/** The bytes of a workbook of sheets written by hand: what no program would write can be written as well. */
export function workbook({ sheets, strings = [], formats = [], date1904 = false, parts = [] }: WorkbookParts): Buffer {
  const worksheets = sheets.map((_sheet, i) => relation(`rId${i + 1}`, 'worksheet', `worksheets/sheet${i + 1}.xml`));
  const texts = relation('rIdText', 'sharedStrings', 'sharedStrings.xml');
  const styled = relation('rIdStyle', 'styles', '/xl/styles.xml');
  const own: ZipPart[] = [
    { name: '_rels/.rels', data: relations([relation('rId1', 'officeDocument', 'xl/workbook.xml')]) },
    { name: 'xl/_rels/workbook.xml.rels', data: relations([...worksheets, texts, styled]) },
    { name: 'xl/workbook.xml', data: workbookXml(sheets, date1904) },
    { name: 'xl/styles.xml', data: stylesXml(formats) },
    {
      name: 'xl/sharedStrings.xml',
      data: `<sst xmlns="${MAIN}">${strings.map((si) => `<si>${si}</si>`).join('')}</sst>`,
    },
    ...sheets.map((sheet, i) => ({ name: `xl/worksheets/sheet${i + 1}.xml`, data: sheetXml(sheet) })),
  ];
  const replaced = new Set(parts.map(({ name }) => name));
  return zipOf([...own.filter(({ name }) => !replaced.has(name)), ...parts]);
}

const relation = (id: string, type: string, target: string): string =>
  `<Relationship Id="${id}" Type="${OFFICE}/${type}" Target="${target}"/>`;

const relations = (all: readonly string[]): string =>
  `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${all.join('')}</Relationships>`;

function workbookXml(sheets: readonly SheetParts[], date1904: boolean): string {
  const tags = sheets.map(({ name, state }, i) => {
    const hidden = state === undefined ? '' : ` state="${state}"`;
    return `<sheet name="${xml(name ?? `Hoja${i + 1}`)}" sheetId="${i + 1}"${hidden} r:id="rId${i + 1}"/>`;
  });
  const settings = `<workbookPr${date1904 ? ' date1904="1"' : ''}/>`;
  return `<workbook xmlns="${MAIN}" xmlns:r="${OFFICE}">${settings}<sheets>${tags.join('')}</sheets></workbook>`;
}

function stylesXml(formats: readonly (string | number)[]): string {
  const codes = formats.flatMap((format, i) =>
    typeof format === 'number' ? [] : [`<numFmt numFmtId="${200 + i}" formatCode="${xml(format)}"/>`],
  );
  const used = [0, ...formats.map((format, i) => (typeof format === 'number' ? format : 200 + i))];
  const cells = used.map((id) => `<xf numFmtId="${id}"/>`).join('');
  // The styles' own list comes first, and is not the cells'.
  const named = '<cellStyleXfs><xf numFmtId="14"/></cellStyleXfs>';
  return `<styleSheet xmlns="${MAIN}"><numFmts>${codes.join('')}</numFmts>${named}<cellXfs>${cells}</cellXfs></styleSheet>`;
}

const sheetXml = ({ rows, after = '', xml: whole }: SheetParts): string =>
  whole ?? `<?xml version="1.0"?>\n<worksheet xmlns="${MAIN}"><sheetData>${rows}</sheetData>${after}</worksheet>`;

const ESCAPES: { readonly [char: string]: string } = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** A text as XML has it. */
export const xml = (text: string): string => text.replaceAll(/[&<>"]/g, (char) => ESCAPES[char] ?? char);

/** What of a text XML cannot hold is escaped as workbooks do it, and so is what looks like such an escape. */
const UNHELD = /[^\t\n\u0020-\uD7FF\uE000-\uFFFD]|_(?=x[0-9A-Fa-f]{4}_)/g;
export const cellXml = (text: string): string =>
  xml(text.replaceAll(UNHELD, (char) => `_x${char.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}_`));

/** Letters of a column, from 0. */
const letters = (column: number): string =>
  (column >= 26 ? letters(Math.floor(column / 26) - 1) : '') + String.fromCharCode(65 + (column % 26));

/** Cells in the places of a grid: `null` is none, a text an inline one, a number one without a format, else its XML. */
export type Cell = string | number | null | { readonly attributes?: string; readonly inner: string };

/** The XML of rows from row 1 on. */
export const grid = (rows: readonly (readonly Cell[])[]): string =>
  rows
    .map((cells, row) => {
      const all = cells.map((cell, column) => cellTag(cell, `${letters(column)}${row + 1}`));
      return `<row r="${row + 1}">${all.join('')}</row>`;
    })
    .join('');

function cellTag(cell: Cell, reference: string): string {
  if (cell === null) return '';
  if (typeof cell === 'number') return `<c r="${reference}"><v>${cell}</v></c>`;
  if (typeof cell !== 'string') return `<c r="${reference}" ${cell.attributes ?? ''}>${cell.inner}</c>`;
  return `<c r="${reference}" t="inlineStr"><is><t xml:space="preserve">${cellXml(cell)}</t></is></c>`;
}
