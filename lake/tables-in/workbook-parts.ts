import { posix } from 'node:path';
import { BadInput } from '../bad-input.js';
import type { Culprit } from '../bad-input.js';
import { MAX_LIST } from './inflate-limits.js';
import { readXml } from './read-xml.js';
import type { Reading } from './table-visitor.js';
import type { ZipParts } from './zip-parts.js';

export interface Sheet {
  readonly name: string;
  readonly part: string;
  readonly hidden: boolean;
}

/** Where the parts of a workbook lie. */
export interface Workbook {
  /** Those with rows and columns, in order; charts are none. */
  readonly sheets: readonly Sheet[];
  readonly strings: string | undefined;
  readonly styles: string | undefined;
  /** Whether days are counted from 1904 on, as old Macs did. */
  readonly date1904: boolean;
}

interface Relation {
  readonly id: string;
  /** The last part of its URI: there are two families of them. */
  readonly type: string;
  readonly part: string;
}

export async function readWorkbook(zip: ZipParts, culprit: Culprit, reading: Reading): Promise<Workbook> {
  const main = await mainPart(zip, culprit, reading);
  const relations = await readRelations(zip, main, culprit, reading);
  const partOf = (type: string): string | undefined => relations.find((one) => one.type === type)?.part;
  const sheets: Sheet[] = [];
  let date1904 = false;
  const visitor = {
    open: (name: string, attributes: Readonly<Record<string, string>>) => {
      if (name === 'workbookPr') date1904 = ['1', 'true'].includes(attributes['date1904'] ?? '');
      if (name !== 'sheet') return;
      const id = Object.entries(attributes).find(([key]) => key.endsWith(':id'))?.[1];
      const relation = relations.find((one) => one.id === id);
      const { name: title = '', state = 'visible' } = attributes;
      if (relation?.type !== 'worksheet') return;
      sheets.push({ name: title, part: relation.part, hidden: state !== 'visible' });
    },
    text: () => undefined,
    close: () => undefined,
  };
  await readXml(main, zip.read(main, MAX_LIST), visitor, culprit, reading);
  if (sheets.length === 0) throw new BadInput('the workbook has no sheet of rows', culprit);
  return { sheets, strings: partOf('sharedStrings'), styles: partOf('styles'), date1904 };
}

async function mainPart(zip: ZipParts, culprit: Culprit, reading: Reading): Promise<string> {
  if (zip.has('mimetype') && zip.has('content.xml')) {
    throw new BadInput('this is an OpenDocument file: save it as xlsx', culprit);
  }
  const main = zip.has('_rels/.rels')
    ? (await readRelations(zip, '', culprit, reading)).find(({ type }) => type === 'officeDocument')?.part
    : undefined;
  if (main === undefined) {
    throw new BadInput('Expected a workbook, got another zip file: save the table as xlsx', culprit);
  }
  if (main.endsWith('.bin')) throw new BadInput('this is a binary workbook (xlsb): save it as xlsx', culprit);
  if (!/(^|\/)workbook[^/]*\.xml$/i.test(main)) {
    throw new BadInput(`Expected a workbook, got another document ('${main}'): save the table as xlsx`, culprit);
  }
  return main;
}

/** The parts that a part points to; those of the whole package for ''. Links to the outside are left alone. */
async function readRelations(zip: ZipParts, part: string, culprit: Culprit, reading: Reading): Promise<Relation[]> {
  const folder = posix.dirname(part);
  const name = posix.join(folder, '_rels', `${posix.basename(part)}.rels`);
  const relations: Relation[] = [];
  if (!zip.has(name)) return relations;
  const visitor = {
    open: (tag: string, attributes: Readonly<Record<string, string>>) => {
      const { Id: id, Type: type, Target: target, TargetMode: mode } = attributes;
      if (tag !== 'Relationship' || id === undefined || type === undefined || target === undefined) return;
      if (mode === 'External') return;
      const path = posix.join('/', target.startsWith('/') ? '' : folder, target).slice(1);
      relations.push({ id, type: type.slice(type.lastIndexOf('/') + 1), part: path });
    },
    text: () => undefined,
    close: () => undefined,
  };
  await readXml(name, zip.read(name, MAX_LIST), visitor, culprit, reading);
  return relations;
}
