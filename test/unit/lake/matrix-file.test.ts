import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readMatrix, writeMatrix } from '../../../lake/matrix-file.js';
import type { NamedMatrix } from '../../../lake/matrix-file.js';

const scratch = await mkdtemp(join(tmpdir(), 'segmenta-matrix-'));
afterAll(() => rm(scratch, { recursive: true, force: true }));

const matrixOf = (rows: number, columns: number): NamedMatrix => ({
  ids: Array.from({ length: rows }, (_, i) => String(i).padStart(8, '0')),
  columns: Array.from({ length: columns }, (_, i) => `monto_medio:rubro ${i}`),
  matrix: { rows, columns, values: Float32Array.from({ length: rows * columns }, (_, i) => i / 3 - 5) },
});

const written = async (named: NamedMatrix): Promise<string> => {
  const file = join(scratch, `${randomUUID()}.arrow`);
  await writeMatrix(file, named);
  return file;
};

describe('a matrix file', () => {
  it.each([
    [1, 1],
    [1, 2],
    [3, 1],
    [3, 5],
    [7, 11],
    [16, 4],
    [1001, 37],
  ])('gives back %i x %i values, also where Arrow pads them', async (rows, columns) => {
    const named = matrixOf(rows, columns);
    expect(await readMatrix(await written(named))).toEqual(named);
  });

  it('gives back ids and names as they were: zeros, accents, other scripts, quotes, empty', async () => {
    const ids = ['00000042', '', 'ñandú', '日本', '😀', 'a"b', String.raw`\n`, ' x '];
    const columns = ['frecuencia:panadería', 'canal:"web", app', '日本'];
    const named = { ...matrixOf(ids.length, columns.length), ids, columns };
    expect(await readMatrix(await written(named))).toEqual(named);
  });

  it('gives back more ids than are made at once, ASCII or not', async () => {
    const named = matrixOf(25_001, 1);
    const ids = named.ids.map((id, i) => (i % 9_973 === 0 ? `ñ${id}` : id));
    expect((await readMatrix(await written({ ...named, ids }))).ids).toEqual(ids);
  });

  it('gives back values bit by bit', async () => {
    const values = Float32Array.of(0, -0, 1e-45, -3.4e38, 1 / 3, Infinity);
    const named = { ids: ['a', 'b'], columns: ['x', 'y', 'z'], matrix: { rows: 2, columns: 3, values } };
    const back = await readMatrix(await written(named));
    expect(Buffer.from(back.matrix.values.slice().buffer).equals(Buffer.from(values.buffer))).toBe(true);
  });

  it('gives back a matrix without rows', async () => {
    const named = matrixOf(0, 3);
    expect(await readMatrix(await written(named))).toEqual(named);
  });

  it('takes values that are a part of a larger buffer', async () => {
    const all = Float32Array.from({ length: 20 }, (_, i) => i);
    const named = { ...matrixOf(2, 3), matrix: { rows: 2, columns: 3, values: all.subarray(5, 11) } };
    expect([...(await readMatrix(await written(named))).matrix.values]).toEqual([5, 6, 7, 8, 9, 10]);
  });

  it('is one batch for 200 000 rows', async () => {
    const named = matrixOf(200_000, 2);
    const back = await readMatrix(await written(named));
    expect(back.ids.at(-1)).toBe('00199999');
    expect(back.matrix.values).toHaveLength(400_000);
    expect(back.matrix.values.at(-1)).toBe(named.matrix.values.at(-1));
  });

  it('has the same bytes for the same matrix', async () => {
    const [one, two] = [await written(matrixOf(5, 3)), await written(matrixOf(5, 3))];
    expect((await readFile(one)).equals(await readFile(two))).toBe(true);
  });

  it('is refused where it is cut or is something else', async () => {
    const file = await written(matrixOf(100, 3));
    const bytes = await readFile(file);
    for (const damage of [bytes.subarray(0, bytes.length / 2), Buffer.from('dni,values\n1,2\n'), Buffer.alloc(0)]) {
      await writeFile(file, damage);
      await expect(readMatrix(file)).rejects.toThrow(file);
    }
  });
});
