import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import { writeMatrix } from '../../lake/matrix-file.js';
import { readerPython } from '../support/reader-python.js';

const scratch = await mkdtemp(join(tmpdir(), 'segmenta-arrow-'));
afterAll(() => rm(scratch, { recursive: true, force: true }));

const SCRIPT = `
import json, sys
import polars as pl, pyarrow as pa

with pa.memory_map(sys.argv[1]) as file:
    table = pa.ipc.open_file(file).read_all()
    table.validate(full=True)
    frame = pl.read_ipc(sys.argv[1])
    print(json.dumps({
        "columns": json.loads(table.schema.metadata[b"columns"]),
        "types": [str(field.type) for field in table.schema],
        "dni": table["dni"].to_pylist(),
        "values": table["values"].to_pylist(),
        "polars": [frame["dni"].to_list(), frame["values"].to_list()],
    }))
`;

const { python, absence } = await readerPython();

describe.skipIf(absence !== null)('a matrix file', () => {
  it.each([
    [3, 5],
    [7, 3],
    [8, 8],
  ])('of %i x %i opens in pyarrow and polars', async (rows, columns) => {
    const file = join(scratch, `${rows}.arrow`);
    const ids = Array.from({ length: rows }, (_, i) => `00${i} ñ 日本`);
    const names = Array.from({ length: columns }, (_, i) => `canal:${i} "ñ"`);
    const values = Float32Array.from({ length: rows * columns }, (_, i) => i / 4 - 3);
    await writeMatrix(file, { ids, columns: names, matrix: { rows, columns, values } });
    const { stdout } = await promisify(execFile)(python, ['-c', SCRIPT, file]);
    const lists = ids.map((_, row) => Array.from(values.subarray(row * columns, (row + 1) * columns)));
    expect(JSON.parse(stdout)).toEqual({
      columns: names,
      types: ['string', `fixed_size_list<item: float not null>[${columns}]`],
      dni: ids,
      values: lists,
      polars: [ids, lists],
    });
  });
});
