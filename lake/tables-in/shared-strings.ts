import { BadInput } from '../bad-input.js';
import type { Culprit } from '../bad-input.js';
import { readXml } from './read-xml.js';
import type { Reading } from './table-visitor.js';
import { unescapeText } from './escaped-text.js';
import type { ZipParts } from './zip-parts.js';

/** In memory: of all different texts of a workbook, as UTF-8, and where they lie. */
const MAX_BYTES = 256 * 1024 ** 2;
/** Of their part: twice as much, as each text has its tags. */
const MAX_PART = 2 * MAX_BYTES;
/** Characters of one text. A cell holds 32,767; who writes more is not read wrong. */
export const MAX_TEXT = 1024 ** 2;

/** The texts that a workbook's cells name by number. */
export interface SharedStrings {
  readonly count: number;
  at(index: number): string;
}

/**
 * Reads them into slabs of bytes: two million short texts take half of what they would as strings, and none of it from
 * V8's heap. Of rich text the runs are joined; how it is pronounced is left out.
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
      if (!taking) return;
      text += piece;
      if (text.length > MAX_TEXT) throw new BadInput(`Expected texts of at most ${MAX_TEXT} characters`, culprit);
    },
    close: (name: string, depth: number) => {
      taking = false;
      if (depth !== 2 || name !== 'si') return;
      texts.push(unescapeText(text));
      if (texts.bytes > MAX_BYTES) {
        throw new BadInput(
          `Expected at most ${MAX_BYTES} bytes of different texts, got more: save the sheet as csv`,
          culprit,
        );
      }
    },
  };
  await readXml(part, zip.read(part, MAX_PART), visitor, culprit, reading);
  return texts;
}

/** Bytes of a slab, and texts of a list of places. What grows by new ones leaves no old one to be collected. */
const SLAB = 1024 ** 2;
const LIST = 64 * 1024;
/** Bytes of a place. */
const PLACE = 12;

class PackedTexts implements SharedStrings {
  count = 0;
  bytes = 0;
  private readonly slabs: Buffer[] = [];
  /** Of each text its slab, where it begins there, and its bytes. */
  private readonly places: Uint32Array[] = [];
  private used = SLAB;

  push(text: string): void {
    const size = Buffer.byteLength(text);
    if (this.used + size > SLAB) {
      // A text of more than a slab has one of its own.
      this.slabs.push(Buffer.allocUnsafeSlow(Math.max(SLAB, size)));
      this.used = 0;
    }
    const slab = this.slabs.length - 1;
    this.slabs[slab]?.write(text, this.used);
    const at = (this.count % LIST) * 3;
    if (at === 0) this.places.push(new Uint32Array(LIST * 3));
    this.places[Math.floor(this.count / LIST)]?.set([slab, this.used, size], at);
    this.used += size;
    this.bytes += size + PLACE;
    this.count += 1;
  }

  at(index: number): string {
    const list = this.places[Math.floor(index / LIST)];
    const at = (index % LIST) * 3;
    const start = list?.[at + 1] ?? 0;
    return this.slabs[list?.[at] ?? 0]?.toString('utf8', start, start + (list?.[at + 2] ?? 0)) ?? '';
  }
}
