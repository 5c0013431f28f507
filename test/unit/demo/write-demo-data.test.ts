import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { generateTransactions } from '../../../demo/generate-transactions.js';
import { writeDemoData } from '../../../demo/write-demo-data.js';

const options = { seed: 3, customers: 60, from: '2026-03-01', to: '2026-11-30' };

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'demo-data-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function contents(folder: string): Promise<Record<string, string>> {
  const names = (await readdir(folder)).toSorted();
  return Object.fromEntries(await Promise.all(names.map(async (n) => [n, await readFile(join(folder, n), 'utf8')])));
}

/** The fields of a line of CSV without line breaks in its fields. */
function fields(line: string): string[] {
  return [...`,${line}`.matchAll(/,(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(
    ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? '',
  );
}

describe('writeDemoData', () => {
  it('writes a file a month and the truth apart from them', async () => {
    const written = await writeDemoData(folder, options);
    const months = ['03', '04', '05', '06', '07', '08', '09', '10', '11'];
    const names = months.map((month) => `transacciones-2026-${month}.csv`);
    expect(await readdir(folder).then((found) => found.toSorted())).toEqual([...names, 'verdad.csv']);
    expect(written.files).toEqual(names.map((name) => join(folder, name)));
    expect(written.truthFile).toBe(join(folder, 'verdad.csv'));
  });

  it('gives the same bytes for the same options', async () => {
    await writeDemoData(join(folder, 'a'), options);
    await writeDemoData(join(folder, 'b'), options);
    expect(await contents(join(folder, 'a'))).toEqual(await contents(join(folder, 'b')));
  });

  it('writes the generated rows, as many as it returns, in the file of their month', async () => {
    const written = await writeDemoData(folder, options);
    const found: string[][] = [];
    for (const file of written.files) {
      const lines = (await readFile(file, 'utf8')).trimEnd().split('\n');
      expect(lines[0]).toBe('dni,fecha,rubro,canal,monto,ubicacion,producto');
      const month = file.slice(-'2026-03.csv'.length, -'.csv'.length);
      const body = lines.slice(1).map(fields);
      const dates = body.map((row) => row[1] ?? '').filter((fecha) => fecha.startsWith('2026-'));
      expect(dates.filter((fecha) => !fecha.startsWith(month))).toEqual([]);
      found.push(...body);
    }
    expect(found).toHaveLength(written.rows);
    expect(found).toEqual([...generateTransactions(options)].map((row) => Object.values(row)));
  });

  it('quotes places with a comma or a quote', async () => {
    await writeDemoData(folder, { ...options, customers: 100 });
    const all = Object.values(await contents(folder)).join('');
    expect(all).toContain(',"Palermo, Buenos Aires",');
    expect(all).toContain(',"Galería ""El Paseo"", Paraná",');
  });

  it('writes the persona and appearance of every customer, by dni, with the returned counts', async () => {
    const written = await writeDemoData(folder, options);
    const [header, ...lines] = (await readFile(written.truthFile, 'utf8')).trimEnd().split('\n');
    expect(header).toBe('dni,persona,aparicion');
    expect(lines).toHaveLength(written.customers.total);
    expect(lines).toEqual(lines.toSorted());
    expect(lines.filter((line) => line.startsWith('0'))).toHaveLength(written.customers.leadingZeros);
    for (const [persona, count] of Object.entries(written.customers.byPersona)) {
      expect(lines.filter((line) => line.split(',')[1] === persona)).toHaveLength(count);
    }
    for (const [aparicion, count] of Object.entries(written.customers.byAparicion)) {
      expect(lines.filter((line) => line.endsWith(`,${aparicion}`))).toHaveLength(count);
    }
  });
});
