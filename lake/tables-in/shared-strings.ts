import { BadInput } from '../bad-input.js';
import type { Culprit } from '../bad-input.js';
import { readXml } from './read-xml.js';
import type { Reading } from './table-visitor.js';
import { unescapeText } from './escaped-text.js';
import type { ZipParts } from './zip-parts.js';

/** Of all different texts of a workbook, as UTF-8. */
const MAX_BYTES = 1024 ** 3;

/** The texts that a workbook's cells name by number. */
export interface SharedStrings {
  readonly count: number;
  at(index: number): string;
}

/**
 * Reads them into one stretch of bytes: two million short texts take a quarter of what they would as strings, and none of
 * it from V8's heap. Of rich text the runs are joined; how it is pronounced is left out.
 */
export async function readSharedStrings(
  zip: ZipParts,
  part: string | undefined,
  culprit: Culprit,
  reading: Reading,
): Promise<SharedStrings> {
  const texts = new PackedTexts();
  if (part === undefined) return texts;
  let [text, taking] = ['', false];
  const runs: string[] = [];
  const visitor = {
    open: (name: string, _attributes: unknown, depth: number) => {
      runs[depth] = name;
      if (depth === 2) text = '';
      taking = name === 't' && (depth === 3 || (depth === 4 && runs[3] === 'r'));
    },
    text: (piece: string) => {
      if (taking) text += piece;
    },
    close: (name: string, depth: number) => {
      taking = false;
      if (depth !== 2 || name !== 'si') return;
      texts.push(unescapeText(text));
      if (texts.bytes > MAX_BYTES) {
        throw new BadInput(`Expected at most ${MAX_BYTES} bytes of different texts: save the sheet as csv`, culprit);
      }
    },
  };
  await readXml(part, zip.read(part), visitor, culprit, reading);
  return texts;
}

class PackedTexts implements SharedStrings {
  count = 0;
  bytes = 0;
  private data = Buffer.allocUnsafeSlow(1 << 16);
  private ends = new Uint32Array(1 << 10);

  push(text: string): void {
    // No UTF-16 unit takes more than three bytes.
    const most = this.bytes + text.length * 3;
    if (most > this.data.length) {
      const grown = Buffer.allocUnsafeSlow(Math.max(most, this.data.length * 2));
      this.data.copy(grown, 0, 0, this.bytes);
      this.data = grown;
    }
    if (this.count === this.ends.length) {
      const grown = new Uint32Array(this.ends.length * 2);
      grown.set(this.ends);
      this.ends = grown;
    }
    this.bytes += this.data.write(text, this.bytes);
    this.ends[this.count] = this.bytes;
    this.count += 1;
  }

  at(index: number): string {
    const start = index === 0 ? 0 : this.ends[index - 1];
    return this.data.toString('utf8', start, this.ends[index]);
  }
}
