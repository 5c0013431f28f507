import { setImmediate as nextTurn } from 'node:timers/promises';

/** Texts as Arrow has them: their UTF-8 bytes one after the other; text `i` goes from `offsets[i]` to `offsets[i + 1]`. */
export interface Utf8Texts {
  readonly data: Uint8Array;
  readonly offsets: Int32Array;
}

/** Texts that are made before others have a turn on the event loop. */
const AT_ONCE = 10_000;

/** Many texts at once: ids are mostly ASCII, of which a byte is a character. */
export async function utf8Of(texts: readonly string[]): Promise<Utf8Texts> {
  const parts: Buffer[] = [];
  const offsets = new Int32Array(texts.length + 1);
  for (let first = 0; first < texts.length; first += AT_ONCE) {
    if (first > 0) await nextTurn();
    const some = texts.slice(first, first + AT_ONCE);
    const whole = some.join('');
    const bytes = Buffer.from(whole);
    const isAscii = bytes.length === whole.length;
    for (const [i, text] of some.entries()) {
      const length = isAscii ? text.length : Buffer.byteLength(text);
      offsets[first + i + 1] = (offsets[first + i] ?? 0) + length;
    }
    parts.push(bytes);
  }
  return { data: Buffer.concat(parts), offsets };
}

export async function textsOf({ data, offsets }: Utf8Texts): Promise<string[]> {
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  const texts: string[] = [];
  const rows = offsets.length - 1;
  for (let first = 0; first < rows; first += AT_ONCE) {
    if (first > 0) await nextTurn();
    const last = Math.min(first + AT_ONCE, rows);
    const start = offsets[first] ?? 0;
    const end = offsets[last] ?? 0;
    const whole = bytes.toString('utf8', start, end);
    const isAscii = whole.length === end - start;
    for (let i = first; i < last; i++) {
      const [from, to] = [offsets[i] ?? 0, offsets[i + 1] ?? 0];
      texts.push(isAscii ? whole.slice(from - start, to - start) : bytes.toString('utf8', from, to));
    }
  }
  return texts;
}
