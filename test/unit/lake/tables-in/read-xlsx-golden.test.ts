import { readFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { filesToRead } from '../../../support/read-rows.js';
import { zipOf } from '../../../support/zip-writer.js';

const { header, workbooks } = z
  .object({
    header: z.array(z.string()),
    workbooks: z.record(
      z.string(),
      z.object({ parts: z.record(z.string(), z.string()), rows: z.array(z.array(z.string().nullable())) }),
    ),
  })
  .parse(JSON.parse(readFileSync('test/golden/workbooks-openpyxl.json', 'utf8')));

const files = await filesToRead();
afterAll(() => files.remove());

// Made by test/golden/workbooks_openpyxl.py.
describe('a workbook that another program wrote', () => {
  it.each(Object.entries(workbooks))('%s: has the texts that openpyxl reads', async (_writer, { parts, rows }) => {
    const book = zipOf(Object.entries(parts).map(([name, data]) => ({ name, data })));
    const read = await files.read(book, { format: 'xlsx' });
    expect(read.headers).toEqual(header);
    expect(read.rows).toEqual(rows);
  });
});
