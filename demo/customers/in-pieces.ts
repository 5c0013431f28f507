const PIECE_BYTES = 256 * 1024;

/** The texts as bytes, joined to pieces that are worth a write. */
export function* inPieces(texts: Iterable<string>, encoding: 'utf8' | 'latin1' = 'utf8'): Generator<Buffer> {
  let waiting: string[] = [];
  let size = 0;
  for (const text of texts) {
    waiting.push(text);
    size += text.length;
    if (size < PIECE_BYTES) continue;
    yield Buffer.from(waiting.join(''), encoding);
    [waiting, size] = [[], 0];
  }
  if (size > 0) yield Buffer.from(waiting.join(''), encoding);
}
