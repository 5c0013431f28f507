import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';

const folder = await mkdtemp(join(tmpdir(), 'segmenta-refused-'));
afterAll(() => rm(folder, { recursive: true, force: true }));

const child = fileURLToPath(new URL('../support/ingest-child.js', import.meta.url));
const MIB = 1024 ** 2;

/** Far below what any of these files unpacks to, or its cells would take. */
const LIMIT_MIB = 400;

async function refusal(name: string, content: string | Uint8Array): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  const source = { path, columns: { customer_id: { kind: 'id' } } };
  const { stdout } = await promisify(execFile)(process.execPath, [child, `${path}-lake`, JSON.stringify(source)]);
  // Written by the child of this very test.
  const { refused = '', peakMib } = JSON.parse(stdout) as { readonly refused?: string; readonly peakMib: number };
  expect(peakMib).toBeLessThan(LIMIT_MIB);
  return refused;
}

describe('a customer file that is there to fill the memory is refused before it has', () => {
  it('as a row of millions of cells', async () => {
    const commas = `customer_id,age\n1,2\n${','.repeat(60 * MIB)}\n`;
    expect(await refusal('commas.csv', commas)).toMatch(/row '3'.*Expected 2 cells, as in the header, got \d+ or more/);
    expect(await refusal('commas.csv.gz', gzipSync(commas))).toMatch(/Expected 2 cells|as a bomb does/);
  });

  it('as millions of packed rows that are all alike', async () => {
    const rows = Buffer.from(`0,${'a'.repeat(76)}\n`.repeat(2 * MIB));
    const packed = gzipSync(Buffer.concat([Buffer.from('customer_id,nombre\n'), rows]));
    expect(await refusal('alike.csv.gz', packed)).toMatch(/unpack to \d+ or more, as a bomb does/);
  });
});
