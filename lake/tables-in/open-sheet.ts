import type { Culprit } from '../bad-input.js';
import type { CellMeaning } from './cell-text.js';
import { chooseSheet } from './choose-sheet.js';
import { readNumberFormats } from './number-formats.js';
import { readXml } from './read-xml.js';
import { readSharedStrings } from './shared-strings.js';
import { sheetRows } from './sheet-rows.js';
import type { SheetVisitor } from './sheet-rows.js';
import type { Reading, TableFile } from './table-visitor.js';
import { readWorkbook } from './workbook-parts.js';
import { ZipParts } from './zip-parts.js';

/** A sheet that is about to be read. */
export interface OpenSheet {
  readonly name: string;
  /** What its cells refer to. */
  readonly meaning: CellMeaning;
  /** For what is wrong with it. */
  readonly place: Culprit;
  visit(visitor: SheetVisitor): Promise<void>;
}

/** Opens a workbook's sheet for as long as `use` takes. */
export async function openSheet<Result>(
  file: TableFile,
  sheetName: string | undefined,
  reading: Reading,
  use: (sheet: OpenSheet) => Promise<Result>,
): Promise<Result> {
  const culprit = { source: file.source, file: file.name };
  const zip = await ZipParts.open(file.path, culprit);
  try {
    const book = await readWorkbook(zip, culprit, reading);
    const { name, part } = await chooseSheet(zip, book, sheetName, culprit, reading);
    const strings = await readSharedStrings(zip, book.strings, culprit, reading);
    const formats = await readNumberFormats(zip, book.styles, culprit, reading);
    const place = { ...culprit, sheet: name };
    return await use({
      name,
      meaning: { strings, formats, date1904: book.date1904 },
      place,
      visit: (visitor) => readXml(part, zip.read(part), sheetRows(visitor, place), place, reading),
    });
  } finally {
    zip.close();
  }
}
