import { readFile, writeFile } from 'node:fs/promises';
import { z } from 'zod';
import type { Matrix } from '../../kernels/matrix.js';

/** A matrix in a file: float32, row-major, little-endian, nothing else. */
export const matrixFile = z.object({ file: z.string(), rows: z.number(), columns: z.number() });

export type MatrixFile = z.infer<typeof matrixFile>;

export async function readMatrix({ file, rows, columns }: MatrixFile): Promise<Matrix> {
  const read = await readFile(file);
  // A small file may lie anywhere in a buffer that others share.
  const { buffer, byteOffset, byteLength } = read.byteOffset % 4 === 0 ? read : new Uint8Array(read);
  const values = new Float32Array(buffer, byteOffset, byteLength / 4);
  if (values.length !== rows * columns) {
    throw new Error(`Expected ${rows} x ${columns} values in ${file}, got ${values.length}`);
  }
  return { rows, columns, values };
}

export async function readNumbers(file: string, type: 'f64'): Promise<Float64Array>;
export async function readNumbers(file: string, type: 'i32'): Promise<Int32Array>;
export async function readNumbers(file: string, type: 'f64' | 'i32'): Promise<Float64Array | Int32Array> {
  // Copied: what is read may begin anywhere in a buffer.
  const { buffer } = new Uint8Array(await readFile(file));
  return type === 'f64' ? new Float64Array(buffer) : new Int32Array(buffer);
}

export const writeNumbers = async (file: string, { buffer, byteOffset, byteLength }: ArrayBufferView): Promise<void> =>
  writeFile(file, new Uint8Array(buffer, byteOffset, byteLength));
