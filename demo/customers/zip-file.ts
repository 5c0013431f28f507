import { once } from 'node:events';
import { open } from 'node:fs/promises';
import { crc32, createDeflateRaw } from 'node:zlib';
import { inPieces } from './in-pieces.js';

/** A file within a zip: its path, and its text in pieces. */
export interface ZipEntry {
  readonly path: string;
  readonly text: Iterable<string>;
}

/**
 * Writes a zip of deflated entries, one after the other: only one entry's compressed bytes are in memory. Every date is
 * 1 January 1980, the format's first, so that the same texts give the same bytes. Up to 4 GiB in all: no zip64.
 */
export async function writeZip(file: string, entries: Iterable<ZipEntry>): Promise<void> {
  const handle = await open(file, 'w');
  try {
    let offset = 0;
    const directory: Buffer[] = [];
    const write = async (...parts: readonly Buffer[]): Promise<void> => {
      await handle.writev([...parts]);
      offset += sizeOf(parts);
    };
    for (const { path, text } of entries) {
      const { chunks, crc, size } = await deflate(text);
      const name = Buffer.from(path);
      const about = fields([
        // Version 2.0, names in UTF-8, deflated, midnight, 1 January 1980.
        [2, 20],
        [2, 0x0800],
        [2, 8],
        [2, 0],
        [2, 0x21],
        [4, crc],
        [4, sizeOf(chunks)],
        [4, size],
        [2, name.length],
        [2, 0],
      ]);
      // By a version 2.0; no comment, disk 0, no attributes, and where the entry begins.
      const place = fields([2, 2, 2, 4].map((width) => [width, 0]).concat([[4, offset]]));
      directory.push(
        fields([
          [4, 0x02014b50],
          [2, 20],
        ]),
        about,
        place,
        name,
      );
      await write(fields([[4, 0x04034b50]]), about, name, ...chunks);
    }
    const [start, count] = [offset, directory.length / 4];
    await write(...directory);
    const end: [number, number][] = [
      [4, 0x06054b50],
      [2, 0],
      [2, 0],
      [2, count],
      [2, count],
      [4, offset - start],
      [4, start],
      [2, 0],
    ];
    await write(fields(end));
  } finally {
    await handle.close();
  }
}

async function deflate(text: Iterable<string>): Promise<{ chunks: Buffer[]; crc: number; size: number }> {
  const stream = createDeflateRaw({ level: 6 });
  const chunks: Buffer[] = [];
  stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  const ended = once(stream, 'end');
  let [crc, size] = [0, 0];
  for (const bytes of inPieces(text)) {
    crc = crc32(bytes, crc);
    size += bytes.length;
    if (!stream.write(bytes)) await once(stream, 'drain');
  }
  stream.end();
  await ended;
  return { chunks, crc, size };
}

const sizeOf = (parts: readonly Buffer[]): number => parts.reduce((sum, { length }) => sum + length, 0);

/** Unsigned integers of so many bytes each, the lowest first. */
function fields(values: readonly (readonly number[])[]): Buffer {
  return Buffer.concat(
    values.map(([width = 0, value = 0]) => {
      const bytes = Buffer.alloc(width);
      bytes.writeUIntLE(value, 0, width);
      return bytes;
    }),
  );
}
