import { BadInput } from '../bad-input.js';
import type { Culprit } from '../bad-input.js';
import { nearestName } from './nearest-name.js';
import { readXml } from './read-xml.js';
import { sheetRows } from './sheet-rows.js';
import type { Reading } from './table-visitor.js';
import type { Sheet, Workbook } from './workbook-parts.js';
import type { ZipParts } from './zip-parts.js';

/**
 * The sheet of this name; without a name the one visible sheet that has a value in any cell. A hidden sheet is read when
 * it is named: what nobody sees is nobody's table by chance.
 */
export async function chooseSheet(
  zip: ZipParts,
  { sheets }: Workbook,
  name: string | undefined,
  culprit: Culprit,
  reading: Reading,
): Promise<Sheet> {
  const all = sheets.map((sheet) => `'${sheet.name}'${sheet.hidden ? ' (hidden)' : ''}`).join(', ');
  if (name !== undefined) {
    const found = sheets.find((sheet) => sheet.name === name);
    if (found === undefined) {
      const nearest = nearestName(
        name,
        sheets.map((sheet) => sheet.name),
      );
      const hint = nearest === undefined ? '' : ` (nearest: '${nearest}')`;
      throw new BadInput(
        `Expected a sheet called '${name}', got ${all}${hint}: say one of these as the source's \`sheet\``,
        culprit,
      );
    }
    return found;
  }
  const visible = sheets.filter(({ hidden }) => !hidden);
  if (visible.length === 1 && visible[0] !== undefined) return visible[0];
  const filled: Sheet[] = [];
  for (const sheet of visible) {
    if (await hasValues(zip, sheet, culprit, reading)) filled.push(sheet);
  }
  const [only, ...more] = filled;
  if (only !== undefined && more.length === 0) return only;
  const got = only === undefined ? 'none' : filled.map((sheet) => `'${sheet.name}'`).join(', ');
  throw new BadInput(`Expected one visible sheet with rows, got ${got} of ${all}: say which by \`sheet\``, culprit);
}

async function hasValues(zip: ZipParts, sheet: Sheet, culprit: Culprit, reading: Reading): Promise<boolean> {
  let found = false;
  const rows = sheetRows(
    {
      row: (_row, cells) => {
        found = cells.some(({ value, formula }) => value !== '' || formula);
        return !found;
      },
      merged: () => undefined,
    },
    { ...culprit, sheet: sheet.name },
  );
  await readXml(sheet.part, zip.read(sheet.part), rows, culprit, reading);
  return found;
}
