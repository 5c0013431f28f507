import { crc32 } from 'node:zlib';
import { openPromise } from 'yauzl';
import type { Entry, ZipFile } from 'yauzl';
import { BadInput } from '../bad-input.js';
import type { Culprit } from '../bad-input.js';
import { firstLine } from '../read-failure.js';
import { isBomb } from './inflate-limits.js';

/** No workbook has more parts; a directory of millions of them is there to fill the memory. */
const MAX_ENTRIES = 10_000;

/**
 * The parts of a zip file, by name, read as streams. What a part claims to be is checked before it is inflated, and what
 * it is while it is: size, ratio and CRC. Names compare without case, as the packaging of Office files has it.
 */
export class ZipParts {
  private constructor(
    private readonly zip: ZipFile,
    private readonly entries: ReadonlyMap<string, Entry>,
    private readonly culprit: Culprit,
  ) {}

  static async open(path: string, culprit: Culprit): Promise<ZipParts> {
    const zip = await openPromise(path, { autoClose: false }).catch((error: unknown) => {
      throw damaged(error, culprit);
    });
    try {
      if (zip.entryCount > MAX_ENTRIES) {
        throw new BadInput(`Expected at most ${MAX_ENTRIES} parts, as workbooks have, got ${zip.entryCount}`, culprit);
      }
      const entries = new Map<string, Entry>();
      for await (const entry of zip.eachEntry()) {
        const name = entry.fileName.toLowerCase();
        if (entries.has(name)) throw new BadInput(`Expected one part '${entry.fileName}', got two`, culprit);
        entries.set(name, entry);
      }
      return new ZipParts(zip, entries, culprit);
    } catch (error) {
      zip.close();
      throw damaged(error, culprit);
    }
  }

  has(name: string): boolean {
    return this.entries.has(name.toLowerCase());
  }

  names(): readonly string[] {
    return [...this.entries.keys()];
  }

  /** The bytes of a part, a piece at a time; of one that is taken into memory, `most` at most. */
  async *read(name: string, most = Number.POSITIVE_INFINITY): AsyncGenerator<Buffer> {
    const entry = this.entries.get(name.toLowerCase());
    if (entry === undefined) throw this.bad(`Expected a part '${name}', got none: the file is no whole workbook`);
    if (entry.isEncrypted()) {
      throw this.bad('the file is protected by a password: save a copy without one');
    }
    if (!entry.canDecodeFileData()) {
      throw this.bad(`part '${name}' is packed by method ${entry.compressionMethod}: save it in a spreadsheet program`);
    }
    this.checkSize(name, entry, entry.uncompressedSize);
    if (entry.uncompressedSize > most) {
      throw this.bad(
        `Expected a part '${name}' of at most ${most} bytes, got ${entry.uncompressedSize}: save the sheet as csv`,
      );
    }
    let [bytes, crc] = [0, 0];
    try {
      const stream = await this.zip.openReadStreamPromise(entry);
      for await (const piece of stream) {
        // Without an encoding the stream gives buffers.
        const chunk = piece as Buffer;
        bytes += chunk.length;
        this.checkSize(name, entry, bytes);
        crc = crc32(chunk, crc);
        yield chunk;
      }
    } catch (error) {
      throw damaged(error, this.culprit);
    }
    if (crc !== entry.crc32) throw this.bad(`part '${name}' is damaged: its checksum differs. Fetch the file again`);
  }

  close(): void {
    this.zip.close();
  }

  private checkSize(name: string, entry: Entry, bytes: number): void {
    if (!isBomb(entry.compressedSize, bytes, 'part')) return;
    throw this.bad(
      `part '${name}' unpacks ${entry.compressedSize} bytes to ${bytes} or more, as a zip bomb does: ` +
        'if it is a workbook indeed, save it as csv',
    );
  }

  private bad(what: string): BadInput {
    return new BadInput(what, this.culprit);
  }
}

/** A zip file's own faults are bad input; a disk's are not. */
function damaged(error: unknown, culprit: Culprit): unknown {
  if (error instanceof BadInput || (error instanceof Error && 'syscall' in error)) return error;
  const isZip = error instanceof Error && 'code' in error && String(error.code).startsWith('Z_');
  const what = isZip ? `its packed data is damaged (${firstLine(error)})` : firstLine(error);
  return new BadInput(`Expected a whole xlsx file, got: ${what}. Fetch or save it again`, culprit, { cause: error });
}
