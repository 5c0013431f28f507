import { readFile } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { createWriteStream } from 'node:fs';
import {
  Field,
  FixedSizeList,
  Float32,
  RecordBatch,
  RecordBatchFileWriter,
  Schema,
  Struct,
  Table,
  Utf8,
  makeData,
  tableFromIPC,
} from 'apache-arrow';
import type { Matrix } from '../kernels/matrix.js';
import { textsOf, utf8Of } from './arrow-texts.js';

/** A matrix with the ids of its rows and the names of its columns. */
export interface NamedMatrix {
  readonly ids: readonly string[];
  readonly columns: readonly string[];
  /** `ids.length x columns.length`, row-major. */
  readonly matrix: Matrix;
}

/**
 * Writes an Arrow IPC file with two columns: `dni` (utf8) and `values` (fixed-size list of float32, one list a row),
 * the columns' names as JSON in the schema's metadata `columns`. The lists lie one after the other, so that a reader
 * gets the row-major matrix without copying it.
 */
export async function writeMatrix(file: string, { ids, columns, matrix }: NamedMatrix): Promise<void> {
  const item = new Field('item', new Float32(), false);
  const list = new FixedSizeList(columns.length, item);
  const values = makeData({
    type: list,
    length: matrix.rows,
    nullCount: 0,
    child: makeData({ type: new Float32(), length: matrix.values.length, nullCount: 0, data: matrix.values }),
  });
  const { data, offsets } = await utf8Of(ids);
  const names = makeData({ type: new Utf8(), length: ids.length, nullCount: 0, valueOffsets: offsets, data });
  const schema = new Schema(
    [new Field('dni', new Utf8(), false), new Field('values', list, false)],
    new Map([['columns', JSON.stringify(columns)]]),
  );
  const struct = makeData({
    type: new Struct(schema.fields),
    length: matrix.rows,
    nullCount: 0,
    children: [names, values],
  });
  // Piece by piece: the values go to the file from where they are.
  const writer = RecordBatchFileWriter.writeAll(new Table([new RecordBatch(schema, struct)]));
  await pipeline(writer, createWriteStream(file));
}

/** Reads what `writeMatrix` wrote; the values are a view of the file's bytes. */
export async function readMatrix(file: string): Promise<NamedMatrix> {
  const bytes = await readFile(file);
  try {
    return await matrixIn(tableFromIPC(bytes));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`Expected a matrix, as one record batch of \`dni\` and \`values\`, in ${file}: ${reason}`, {
      cause: error,
    });
  }
}

async function matrixIn(table: Table): Promise<NamedMatrix> {
  const columns: unknown = JSON.parse(table.schema.metadata.get('columns') ?? 'null');
  const values: unknown = table.getChild('values')?.data[0]?.children[0]?.values;
  const texts = table.getChild('dni')?.data[0];
  const isMatrix = Array.isArray(columns) && values instanceof Float32Array && texts?.type instanceof Utf8;
  if (!isMatrix || table.batches.length !== 1) {
    throw new Error(`got ${table.batches.length} batches of ${table.schema.toString()}`);
  }
  // Arrow pads its buffers.
  const ids = await textsOf({ data: texts.values, offsets: texts.valueOffsets.subarray(0, texts.length + 1) });
  const length = ids.length * columns.length;
  if (values.length < length) throw new Error(`got ${values.length} values for ${ids.length} x ${columns.length}`);
  const matrix = { rows: ids.length, columns: columns.length, values: values.subarray(0, length) };
  return { ids, columns: columns.map(String), matrix };
}
