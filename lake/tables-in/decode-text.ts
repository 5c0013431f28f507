import { TextDecoder } from 'node:util';
import { BadInput } from '../bad-input.js';
import type { Culprit } from '../bad-input.js';
import { shownEnd } from '../shown-text.js';

export type TextEncoding = 'utf-8' | 'latin-1' | 'utf-16' | 'utf-16be';

/**
 * Turns a text file's bytes into text, and refuses what is not in its encoding, with its line. A byte order mark is left
 * out. Latin-1 is what everybody calls so, Windows' code page 1252: there the euro has a sign.
 */
export async function* decodeText(
  pieces: AsyncIterable<Uint8Array>,
  encoding: TextEncoding,
  culprit: Culprit,
): AsyncGenerator<string> {
  let decoder: TextDecoder | undefined;
  let line = 1;
  let before: Uint8Array = new Uint8Array();
  for await (const piece of pieces) {
    // The first piece may be a single byte, and a mark has three.
    if (decoder === undefined && before.length + piece.length < 4 && before.length < 3) {
      before = Buffer.concat([before, piece]);
      continue;
    }
    const bytes = before.length > 0 ? Buffer.concat([before, piece]) : piece;
    before = new Uint8Array();
    decoder ??= decoderOf(bytes, encoding, culprit);
    const text = decode(decoder, bytes, line, encoding, culprit);
    line += newlines(text);
    yield text;
  }
  decoder ??= decoderOf(before, encoding, culprit);
  const text = decode(decoder, before, line, encoding, culprit);
  yield text + decode(decoder, undefined, line + newlines(text), encoding, culprit);
}

function decoderOf(start: Uint8Array, encoding: TextEncoding, culprit: Culprit): TextDecoder {
  const bad = (what: string): BadInput => new BadInput(what, { ...culprit, row: 1 });
  const marked = markOf(start);
  const isUtf16 = encoding === 'utf-16' || encoding === 'utf-16be';
  const isMarkedSo = marked?.encoding === encoding || (isUtf16 && marked?.label === 'utf-16be');
  if (marked !== undefined && !isMarkedSo) {
    throw bad(
      `Expected ${encoding}, got a file that starts with the mark of ${marked.encoding}: say \`encoding: ${marked.encoding}\``,
    );
  }
  if (marked === undefined) checkZeros(start, encoding, bad);
  if (encoding === 'latin-1') return new TextDecoder('windows-1252');
  // Without a mark it is little-endian, as Windows writes it.
  const unmarked = encoding === 'utf-16' ? 'utf-16le' : encoding;
  return new TextDecoder(marked?.label ?? unmarked, { fatal: true });
}

/** Bytes at the start that tell which encoding it looks like. */
const LOOKED_AT = 16 * 1024;

/**
 * Holds the encoding against the zero bytes of a start without a mark. Whatever the language, delimiters and line ends
 * have one in utf-16: the second of their bytes, or, in big-endian files, the first.
 */
function checkZeros(start: Uint8Array, encoding: TextEncoding, bad: (what: string) => BadInput): void {
  const looked = start.subarray(0, LOOKED_AT);
  let [first, second] = [0, 0];
  for (const [at, byte] of looked.entries()) {
    if (byte !== 0) continue;
    if (at % 2 === 0) first += 1;
    else second += 1;
  }
  const isBig = first > 10 * second;
  const isLittle = second > 10 * first;
  const [looks, order] = isBig ? ['utf-16be', 'big-endian'] : ['utf-16', 'little-endian'];
  const say = `got what looks like utf-16, ${order}, without a mark: say \`encoding: ${looks}\``;
  if (encoding === 'utf-16' || encoding === 'utf-16be') {
    if (first + second === 0) {
      throw bad(`Expected ${encoding}, got a text without a zero byte: say its \`encoding\`, for instance utf-8`);
    }
    if ((isBig || isLittle) && looks !== encoding) throw bad(`Expected ${encoding}, ${say}`);
  } else if ((isBig || isLittle) && first + second > looked.length / 4) throw bad(`Expected ${encoding}, ${say}`);
}

function markOf([a, b, c]: Uint8Array): { encoding: TextEncoding; label: string } | undefined {
  if (a === 0xef && b === 0xbb && c === 0xbf) return { encoding: 'utf-8', label: 'utf-8' };
  if (a === 0xff && b === 0xfe) return { encoding: 'utf-16', label: 'utf-16le' };
  return a === 0xfe && b === 0xff ? { encoding: 'utf-16', label: 'utf-16be' } : undefined;
}

function decode(
  decoder: TextDecoder,
  bytes: Uint8Array | undefined,
  line: number,
  encoding: TextEncoding,
  culprit: Culprit,
): string {
  let text: string;
  try {
    text = decoder.decode(bytes, { stream: bytes !== undefined });
  } catch (error) {
    const readable = new TextDecoder(decoder.encoding).decode(bytes).split('\uFFFD')[0] ?? '';
    const other = encoding === 'utf-8' ? 'latin-1' : 'utf-8';
    throw new BadInput(
      `the file is not ${encoding}: say its \`encoding\`, for instance ${other}`,
      { ...culprit, row: line + newlines(readable), value: shownEnd(readable) },
      { cause: error },
    );
  }
  if (!text.includes('\0')) return text;
  const upTo = text.slice(0, text.indexOf('\0'));
  throw new BadInput(
    encoding.startsWith('utf-16')
      ? 'the text holds a NUL character: remove it'
      : 'the text holds a NUL character: remove it, or, if the file is utf-16, say `encoding: utf-16`',
    { ...culprit, row: line + newlines(upTo), value: shownEnd(upTo) },
  );
}

function newlines(text: string): number {
  let count = 0;
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) count += 1;
  return count;
}
