import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type { FileSet } from './source-definition.js';

const HEADER_BYTES = 1 << 20;

/**
 * The column names in a csv file's first line. Quoted names may hold the delimiter and doubled quotes; a byte order
 * mark is left out. Bytes that the encoding does not allow come back as U+FFFD.
 */
export async function readCsvHeader(path: string, format: Pick<FileSet, 'delimiter' | 'quote' | 'encoding'>) {
  const bytes = await firstBytes(path);
  const start = new TextDecoder(format.encoding === 'latin-1' ? 'latin1' : format.encoding).decode(bytes);
  const line = /^[^\r\n]*/.exec(start)?.[0] ?? '';
  return splitLine(line, format.delimiter, format.quote).map((name) => name.trim());
}

function splitLine(line: string, delimiter: string, quote: string): string[] {
  const fields = [''];
  let quoted = false;
  for (let i = 0; i < line.length; i += 1) {
    const char = line[i] ?? '';
    if (char === quote && quoted && line[i + 1] === quote) {
      fields[fields.length - 1] += quote;
      i += 1;
    } else if (char === quote) quoted = !quoted;
    else if (char === delimiter && !quoted) fields.push('');
    else fields[fields.length - 1] += char;
  }
  return fields;
}

async function firstBytes(path: string): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  const file = createReadStream(path);
  // Unlike `pipe`, `pipeline` hands on that the file cannot be opened; the loop below throws it.
  const bytes = path.endsWith('.gz') ? pipeline(file, createGunzip(), () => undefined) : file;
  for await (const chunk of bytes) {
    // Without an encoding both streams give buffers.
    chunks.push(chunk as Buffer);
    size += (chunk as Buffer).length;
    if (size >= HEADER_BYTES || (chunk as Buffer).includes(0x0a)) break;
  }
  return Buffer.concat(chunks);
}
