import { open } from 'node:fs/promises';
import { BadInput } from '../bad-input.js';
import type { Culprit } from '../bad-input.js';
import type { TableFile } from './table-visitor.js';

const START = 64 * 1024;
const starts = (bytes: Buffer, hex: string): boolean => bytes.subarray(0, hex.length / 2).toString('hex') === hex;

/** Refuses a file that is, by its first bytes, of another format than the one it is read as, and says which. */
export async function checkMagic(file: TableFile, format: 'csv' | 'xlsx'): Promise<void> {
  const culprit = { source: file.source, file: file.name };
  const bad = (what: string): BadInput => new BadInput(what, culprit);
  const { bytes, directory } = await peek(file.path);
  const isPacked = format === 'csv' && file.path.endsWith('.gz');
  if (starts(bytes, 'd0cf11e0a1b11ae1')) throw oldOffice(directory, culprit);
  if (starts(bytes, '1f8b') && !isPacked) {
    throw bad(format === 'csv' ? 'this is a gzip file: give it a name that ends in .csv.gz' : 'unpack this gzip file');
  }
  if (isPacked && !starts(bytes, '1f8b')) throw bad('Expected a gzip file, as its name says: take .gz off its name');
  const isZip = starts(bytes, '504b');
  if (format === 'csv' && isZip)
    throw bad('this is a zip file: if it is a workbook, say `format: xlsx`, else unpack it');
  if (format === 'csv' || isZip) return;
  const start = bytes.toString('latin1').trimStart().toLowerCase();
  if (start.startsWith('<')) {
    throw bad('this is a web page or an XML file, no workbook: open it in a spreadsheet program and save it as xlsx');
  }
  throw bad(
    'Expected a workbook, got no zip file: if it is text, say `format: csv`; if it was cut off, fetch it again',
  );
}

/** The container of Office before 2007 holds an old workbook, or a new one under a password. */
function oldOffice(directory: string, culprit: Culprit): BadInput {
  const isLocked = directory.includes('EncryptedPackage');
  if (isLocked) return new BadInput('the workbook is protected by a password: save a copy without one', culprit);
  const isOld = /Workbook|Book/.test(directory);
  if (isOld) return new BadInput('this is a workbook of Excel before 2007 (xls): save it as xlsx', culprit);
  return new BadInput(
    'this is no xlsx, but what Office puts workbooks under a password into, and those of before 2007 (xls): ' +
      'open it in a spreadsheet program and save it as xlsx, without a password',
    culprit,
  );
}

/** The start of a file, and, if it is an old Office file, of the names of its streams. */
async function peek(path: string): Promise<{ bytes: Buffer; directory: string }> {
  const file = await open(path);
  try {
    const read = async (position: number): Promise<Buffer> => {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(START), 0, START, position);
      return buffer.subarray(0, bytesRead);
    };
    const bytes = await read(0);
    if (bytes.length < 512) return { bytes, directory: '' };
    // [MS-CFB] 2.2: the size of sectors as a power of two, and the first one of the directory.
    const sector = 2 ** Math.min(bytes.readUInt16LE(30), 12);
    const at = (bytes.readUInt32LE(48) + 1) * sector;
    return { bytes, directory: (await read(at)).toString('utf16le') };
  } finally {
    await file.close();
  }
}
