import { TextDecoder } from 'node:util';
import { SaxesParser } from 'saxes';
import { BadInput } from '../bad-input.js';
import type { Culprit } from '../bad-input.js';
import { firstLine } from '../read-failure.js';
import type { Reading } from './table-visitor.js';

export type Attributes = Readonly<Record<string, string>>;

/** Who takes in a document. Names come without their prefixes; the root's depth is 1. */
export interface XmlVisitor {
  open(name: string, attributes: Attributes, depth: number): void;
  text(text: string): void;
  close(name: string, depth: number): void;
  /** Whether it has seen enough. */
  done?(): boolean;
}

/** The parts of a workbook nest less than ten deep. */
const MAX_DEPTH = 64;
/** A cell holds at most 32,767 characters; nothing else in a workbook is longer without a tag in between. */
const MAX_PIECE = 1024 ** 2;

/**
 * Reads a document piece by piece, in memory that its size does not change. A document type, and with it every entity but
 * XML's own five, is refused: no spreadsheet program writes one, and expanding one can fill any memory.
 */
export async function readXml(
  part: string,
  pieces: AsyncIterable<Uint8Array>,
  visitor: XmlVisitor,
  culprit: Culprit,
  reading: Reading,
): Promise<void> {
  const fail = (what: string, cause?: unknown): never => {
    throw new BadInput(`part '${part}' cannot be read: ${what}`, culprit, { cause });
  };
  let depth = 0;
  let sinceEvent = 0;
  const parser = new SaxesParser({ position: false, xmlns: false as const });
  parser.on('opentag', ({ name, attributes }) => {
    sinceEvent = 0;
    depth += 1;
    if (depth > MAX_DEPTH) fail(`Expected tags at most ${MAX_DEPTH} deep`);
    visitor.open(localName(name), attributes, depth);
  });
  parser.on('closetag', ({ name }) => {
    sinceEvent = 0;
    visitor.close(localName(name), depth);
    depth -= 1;
  });
  const text = (value: string): void => {
    sinceEvent = 0;
    visitor.text(value);
  };
  parser.on('text', text);
  parser.on('cdata', text);
  parser.on('comment', () => {
    sinceEvent = 0;
  });
  parser.on('doctype', () => fail('it declares a document type, which no workbook does'));
  parser.on('error', (error) => fail(firstLine(error), error));
  let bytes = 0;
  let decoder: TextDecoder | undefined;
  for await (const piece of pieces) {
    reading.signal.throwIfAborted();
    decoder ??= decoderOf(piece);
    bytes += piece.length;
    sinceEvent += piece.length;
    if (sinceEvent > MAX_PIECE) fail(`Expected a tag every ${MAX_PIECE} bytes, as a workbook has`);
    parser.write(decode(decoder, piece, fail));
    reading.progress(bytes);
    if (visitor.done?.() === true) return;
  }
  parser.write(decode(decoder ?? new TextDecoder(), undefined, fail));
  parser.close();
}

function decode(decoder: TextDecoder, piece: Uint8Array | undefined, fail: (what: string) => never): string {
  try {
    return decoder.decode(piece, { stream: piece !== undefined });
  } catch {
    return fail(`its bytes are not ${decoder.encoding}`);
  }
}

/** By the byte order mark, as XML has it; without one it is UTF-8. */
function decoderOf(start: Uint8Array): TextDecoder {
  const [first, second] = start;
  const encoding =
    first === 0xff && second === 0xfe ? 'utf-16le' : first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8';
  return new TextDecoder(encoding, { fatal: true });
}

const localName = (name: string): string => {
  const colon = name.indexOf(':');
  return colon === -1 ? name : name.slice(colon + 1);
};
