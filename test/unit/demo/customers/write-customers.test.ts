import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { argentina } from '../../../../demo/customers/argentina.js';
import { brasil } from '../../../../demo/customers/brasil.js';
import { writeCustomers } from '../../../../demo/customers/write-customers.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'demo-customers-'));
});
afterEach(() => rm(folder, { recursive: true }));

const hashOf = async (file: string): Promise<string> =>
  createHash('sha256')
    .update(await readFile(file))
    .digest('hex');

describe('writeCustomers', () => {
  it('gives the same bytes for the same options', async () => {
    const options = { profile: argentina, seed: 5, customers: 300 };
    const [a, b] = [await writeCustomers(join(folder, 'a'), options), await writeCustomers(join(folder, 'b'), options)];
    for (const file of ['xlsxFile', 'csvFile', 'truthFile'] as const) {
      expect(await hashOf(a[file]), file).toBe(await hashOf(b[file]));
    }
  });

  it('names the files by the number of customers', async () => {
    const written = await writeCustomers(folder, { profile: argentina, seed: 5, customers: 1000 });
    expect(written.xlsxFile).toBe(join(folder, 'customer_lookalike_raw_1k.xlsx'));
    expect(written.truthFile).toBe(join(folder, 'customer_lookalike_raw_1k-truth.csv'));
  });

  it('writes a line of csv for every row, and a line of truth for every customer, in order of the id', async () => {
    const { csvFile, truthFile, planted } = await writeCustomers(folder, {
      profile: argentina,
      seed: 5,
      customers: 300,
    });
    const lines = (await readFile(csvFile, 'utf8')).trimEnd().split('\n');
    expect(lines).toHaveLength(planted.rows + 1);
    const truths = (await readFile(truthFile, 'utf8')).trimEnd().split('\n').slice(1);
    expect(truths).toHaveLength(300);
    const ids = truths.map((line) => line.slice(0, line.indexOf(',')));
    expect(ids).toEqual(ids.toSorted());
  });

  it('writes what the encoding of the profile can say', async () => {
    const { csvFile } = await writeCustomers(folder, { profile: brasil, seed: 5, customers: 2000 });
    const text = await readFile(csvFile, 'latin1');
    expect(text).toContain('indicação');
    // eslint-disable-next-line no-control-regex
    expect(text).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/);
  });
});
