import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { readCsvHeader } from '../../../lake/csv-header.js';

const scratch = await mkdtemp(join(tmpdir(), 'segmenta-header-'));
afterAll(() => rm(scratch, { recursive: true, force: true }));

const UTF8 = { delimiter: ',', quote: '"', encoding: 'utf-8' } as const;

const header = async (
  bytes: string | Buffer,
  format: Partial<Parameters<typeof readCsvHeader>[1]> = {},
  name = 'file.csv',
) => {
  const file = join(scratch, name);
  await writeFile(file, bytes);
  return readCsvHeader(file, { ...UTF8, ...format });
};

describe('the header of a csv file', () => {
  it.each(['\n', '\r\n', '\r', ''])('ends at a line break of any kind or the end of the file: %j', async (end) => {
    expect(await header(`dni,monto,año${end}`)).toEqual(['dni', 'monto', 'año']);
    if (end !== '') expect(await header(`dni,monto${end}1,2${end}`)).toEqual(['dni', 'monto']);
  });

  it('leaves out a byte order mark', async () => {
    expect(await header('\uFEFFdni,monto\n1,2\n')).toEqual(['dni', 'monto']);
    expect(await header('\uFEFF"dni","monto"\n')).toEqual(['dni', 'monto']);
  });

  it('takes quoted names with the delimiter and doubled quotes inside', async () => {
    expect(await header('"dni","monto, neto","el ""otro""",x\n')).toEqual(['dni', 'monto, neto', 'el "otro"', 'x']);
    expect(await header("dni;'a;b';c''d\n", { delimiter: ';', quote: "'" })).toEqual(['dni', 'a;b', 'cd']);
  });

  it('trims names and keeps empty ones', async () => {
    expect(await header(' dni , monto,,\n')).toEqual(['dni', 'monto', '', '']);
    expect(await header('\ndni,monto\n')).toEqual(['']);
  });

  it('takes other delimiters', async () => {
    expect(await header('dni\tmonto, neto\n', { delimiter: '\t' })).toEqual(['dni', 'monto, neto']);
  });

  it('reads utf-16 and latin-1, and marks bytes that are not of the encoding', async () => {
    const utf16 = Buffer.from('\uFEFFdni,año\n1,2\n', 'utf16le');
    expect(await header(utf16, { encoding: 'utf-16' })).toEqual(['dni', 'año']);
    const latin1 = Buffer.from('dni,año\n', 'latin1');
    expect(await header(latin1, { encoding: 'latin-1' })).toEqual(['dni', 'año']);
    expect(await header(latin1)).toEqual(['dni', 'a\uFFFDo']);
  });

  it('reads through gzip', async () => {
    expect(await header(gzipSync('dni,monto\n1,2\n'), {}, 'file.csv.gz')).toEqual(['dni', 'monto']);
  });

  it('reads the first line of a file of any size, and a header of more than one chunk', async () => {
    const names = Array.from({ length: 20_000 }, (_, i) => `columna_ñ_${i}`);
    const body = '1,2,3\n'.repeat(300_000);
    expect(await header(`${names.join(',')}\n${body}`)).toEqual(names);
    expect(await header(gzipSync(`${names.join(',')}\n${body}`), {}, 'large.csv.gz')).toEqual(names);
  });

  it.each(['absent.csv', 'absent.csv.gz'])('fails as a promise where the file cannot be opened: %s', async (name) => {
    await expect(readCsvHeader(join(scratch, name), UTF8)).rejects.toThrow('ENOENT');
  });

  it('fails where gzip is promised and something else is there', async () => {
    await expect(header('dni,monto\n', {}, 'not.csv.gz')).rejects.toThrow('incorrect header check');
  });
});
