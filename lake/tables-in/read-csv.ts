import { createReadStream } from 'node:fs';
import { CsvError, parse } from 'csv-parse';
import type { Parser } from 'csv-parse';
import { BadInput } from '../bad-input.js';
import type { Culprit } from '../bad-input.js';
import { CsvRows } from './csv-rows.js';
import { decodeText } from './decode-text.js';
import type { TextEncoding } from './decode-text.js';
import { gunzip } from './gunzip.js';
import { MAX_ROW, RowInPieces } from './row-in-pieces.js';
import type { Reading, TableFile, TableRead, TableVisitor } from './table-visitor.js';

export interface CsvFormat {
  readonly delimiter: string;
  readonly quote: string;
  readonly encoding: TextEncoding;
}

/**
 * Reads a csv file, a row at a time: its first row is the header. Every row has as many cells as the header; quotes stand
 * around a whole cell, and twice inside. A file that ends in `.gz` is unpacked, and refused unless it is whole.
 */
export async function readCsv(
  file: TableFile,
  format: CsvFormat,
  visitor: TableVisitor,
  reading: Reading,
): Promise<TableRead> {
  const rows = new CsvRows(format, visitor, { source: file.source, file: file.name });
  await eachCsvRecord(file, format, (cells, line) => rows.take(cells, line), reading);
  return rows.read();
}

/** Hands over record by record, blank lines as one empty cell, until `take` answers `false`. */
export async function eachCsvRecord(
  file: TableFile,
  format: CsvFormat,
  take: (cells: readonly string[], line: number) => boolean,
  reading: Reading,
): Promise<void> {
  const culprit = { source: file.source, file: file.name };
  const row = new RowInPieces(format, culprit);
  let ended = false;
  let parser: Parser | undefined;
  try {
    for await (const text of decodeText(bytesOf(file.path, culprit, reading), format.encoding, culprit)) {
      parser ??= parserOf(format, text, (cells, line) => {
        row.end(cells, line);
        ended ||= !take(cells, line);
      });
      await write(parser, text);
      if (ended) return;
      row.parsed(text);
    }
    if (parser !== undefined) await end(parser);
  } catch (error) {
    throw error instanceof CsvError ? unfit(error, format, culprit) : error;
  } finally {
    parser?.destroy();
  }
}

function parserOf(
  { delimiter, quote }: CsvFormat,
  start: string,
  take: (cells: readonly string[], line: number) => void,
): Parser {
  const parser = parse({
    delimiter,
    quote,
    escape: quote,
    // Windows' line ends and others may be mixed; a carriage return alone ends a line where there is no other end.
    record_delimiter: start.includes('\n') || !start.includes('\r') ? ['\r\n', '\n'] : ['\r'],
    max_record_size: MAX_ROW,
    // The rows are held against the header where it is known.
    relax_column_count: true,
    on_record: (record: string[], { lines }) => {
      take(record, lines);
      return null;
    },
  });
  // What fails is told by the write that it fails in.
  parser.on('error', () => undefined);
  return parser;
}

const write = (parser: Parser, text: string): Promise<void> =>
  new Promise((resolve, reject) => {
    parser.write(text, (error) => (error ? reject(error) : resolve()));
  });

const end = (parser: Parser): Promise<void> =>
  new Promise((resolve, reject) => {
    parser.once('error', reject);
    parser.once('end', resolve);
    parser.resume();
    parser.end();
  });

async function* bytesOf(path: string, culprit: Culprit, reading: Reading): AsyncGenerator<Uint8Array> {
  const { signal } = reading;
  let bytes = 0;
  try {
    for await (const piece of path.endsWith('.gz')
      ? gunzip(path, culprit, signal)
      : createReadStream(path, { signal })) {
      // Without an encoding the stream gives buffers.
      const chunk = piece as Uint8Array;
      bytes += chunk.length;
      yield chunk;
      reading.progress(bytes);
    }
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  }
}

function unfit(error: CsvError, { quote }: CsvFormat, culprit: Culprit): BadInput {
  const lines: unknown = error['lines'];
  const row = typeof lines === 'number' ? { row: lines } : {};
  const opened = `a quote (${quote}) is opened and never closed: the file may be cut off, or`;
  const twice = `write the cell in quotes, with the ones inside twice, or say another \`quote\``;
  const says: { readonly [code: string]: string } = {
    CSV_INVALID_CLOSING_QUOTE: `Expected the cell to end with its closing quote (${quote}): ${twice}`,
    INVALID_OPENING_QUOTE: `Expected quotes (${quote}) around a whole cell, got one inside: ${twice}`,
    CSV_QUOTE_NOT_CLOSED: `${opened} ${twice}`,
    CSV_MAX_RECORD_SIZE: `Expected rows of at most ${MAX_ROW} bytes; perhaps ${opened} ${twice}`,
  };
  const what = says[error.code] ?? `cannot be read: ${error.message}`;
  return new BadInput(what, { ...culprit, ...row }, { cause: error });
}
