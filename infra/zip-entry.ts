import { inflateRawSync } from 'node:zlib';

// Field offsets: PKWARE APPNOTE 6.3.10, sections 4.3.7, 4.3.12 and 4.3.16.
const END_OF_DIRECTORY = 0x06054b50;
const DIRECTORY_ENTRY = 0x02014b50;
const STORED = 0;
const DEFLATED = 8;

/** The bytes of one entry of a ZIP archive. Throws where the archive has no such entry. No ZIP64, no encryption. */
export function readZipEntry(zip: Buffer, name: string): Buffer {
  const end = zip.lastIndexOf(Buffer.from([0x50, 0x4b, 0x05, 0x06]));
  if (end < 0 || zip.readUInt32LE(end) !== END_OF_DIRECTORY)
    throw new Error('Expected a ZIP archive, found no directory');
  const entries = zip.readUInt16LE(end + 10);
  let at = zip.readUInt32LE(end + 16);
  for (let i = 0; i < entries; i++) {
    if (zip.readUInt32LE(at) !== DIRECTORY_ENTRY) throw new Error(`Expected a ZIP directory entry at byte ${at}`);
    const nameLength = zip.readUInt16LE(at + 28);
    if (zip.toString('utf8', at + 46, at + 46 + nameLength) === name) {
      return content(zip, zip.readUInt32LE(at + 42), zip.readUInt16LE(at + 10), zip.readUInt32LE(at + 20));
    }
    at += 46 + nameLength + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
  }
  throw new Error(`Expected an entry '${name}' in the ZIP archive, found none among ${entries}`);
}

function content(zip: Buffer, header: number, method: number, compressedBytes: number): Buffer {
  // The local header repeats the name and has an extra field of its own length.
  const start = header + 30 + zip.readUInt16LE(header + 26) + zip.readUInt16LE(header + 28);
  const compressed = zip.subarray(start, start + compressedBytes);
  if (method === STORED) return compressed;
  if (method === DEFLATED) return inflateRawSync(compressed);
  throw new Error(`Expected a stored or deflated ZIP entry, got method ${method}`);
}
