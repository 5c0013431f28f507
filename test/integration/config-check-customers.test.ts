import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { grid, workbook } from '../support/workbook.js';

// Every command is a process of its own.
vi.setConfig({ testTimeout: 300_000 });

const run = promisify(execFile);
const scratch = await mkdtemp(join(tmpdir(), 'segmenta-check-'));
afterAll(() => rm(scratch, { recursive: true, force: true }));

/** `config check` over a customer table of these files. */
async function check(files: { readonly [name: string]: string | Uint8Array }, more = '', ...args: readonly string[]) {
  const folder = await mkdtemp(join(scratch, 'project-'));
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
  const columns = 'columns: { customer_id: { kind: id, from: ID }, age: { kind: age, from: [Edad, edad_texto] } }';
  await writeFile(
    join(folder, 'segmenta.yaml'),
    `lake: file:./lake\nsources:\n  crm: { path: '*.*sv', ${columns} ${more} }\n`,
  );
  const env = { PATH: process.env['PATH'] };
  try {
    const { stdout } = await run(process.execPath, [resolve('dist/cli/main.js'), 'config', 'check', ...args], {
      cwd: folder,
      env,
    });
    return { status: 0, said: stdout };
  } catch (error) {
    // What `execFile` rejects with where the status is not 0.
    const { code, stderr } = error as { code: number; stderr: string };
    return { status: code, said: stderr };
  }
}

const book = workbook({ sheets: [{ rows: grid([['ID'], ['a']]), name: 'enero' }] });

describe('segmenta config check, of a customer table', () => {
  it('opens every file, and says how many of its headers are mapped', async () => {
    const good = await check({ 'a.csv': 'ID,Edad,otra\n1,35,x\n', 'b.csv': 'ID,Edad\n2,36\n' });
    expect(good.status).toBe(0);
    expect(good.said).toMatch(/^source +crm: 2 files, \d+ bytes, 2 mapped headers found$/m);
    const { said } = await check({ 'a.csv': 'ID,Edad\n1,35\n' }, '', '--json');
    expect(JSON.parse(said)).toMatchObject({ sources: { crm: { files: 1, mapped: 2 } } });
  });

  it.each<[string, Parameters<typeof check>, RegExp]>([
    [
      'a column that no file has',
      [{ 'a.csv': 'ID,Edat\n1,35\n' }],
      /^BadInput: source 'crm', file '.*a\.csv', column 'age': Expected a header 'Edad' or 'edad_texto' in row 1, got 'ID', 'Edat' \(nearest: 'Edad?t'\)/,
    ],
    [
      'files with other headers',
      [{ 'a.csv': 'ID,Edad\n1,3\n', 'b.csv': 'ID,edad_texto\n2,3\n' }],
      /b\.csv.*mapped headers of/,
    ],
    ['a missing file', [{}], /file '.*\*\.\*sv': no such file: check the path/],
    ['a header alone', [{ 'a.csv': 'ID,Edad\n' }], /file '.*a\.csv': the source has no rows/],
    ['a sheet that is not there', [{ 'a.tsv': book }, ", format: xlsx, sheet: 'marzo'"], /called 'marzo', got 'enero'/],
  ])('finds %s, in the words of a run', async (_what, given, message) => {
    const refused = await check(...given);
    expect(refused.status).toBe(1);
    expect(refused.said).toMatch(message);
  });
});
