import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { boundCache, touchCached } from '../../../lake/bounded-cache.js';

const scratch = await mkdtemp(join(tmpdir(), 'segmenta-bound-'));
afterAll(() => rm(scratch, { recursive: true, force: true }));

const HOUR = 3_600_000;
let folder: string;
beforeEach(async () => {
  folder = join(scratch, randomUUID());
  await mkdir(folder);
});

const add = async (name: string, bytes: number, hoursAgo: number): Promise<void> => {
  await writeFile(join(folder, name), 'x'.repeat(bytes));
  const used = new Date(Date.now() - hoursAgo * HOUR);
  await utimes(join(folder, name), used, used);
};
const names = async (): Promise<string[]> => (await readdir(folder)).toSorted();

describe('a bounded cache', () => {
  it('removes the files that were not used for longest, until the rest fits', async () => {
    await add('a', 10, 5);
    await add('b', 10, 9);
    await add('c', 10, 7);
    await add('d', 10, 3);
    await boundCache(folder, { maxBytes: 20 });
    expect(await names()).toEqual(['a', 'd']);
  });

  it('removes nothing while it fits', async () => {
    await add('a', 10, 5000);
    await add('b', 10, 9000);
    await boundCache(folder, { maxBytes: 20 });
    await boundCache(folder);
    expect(await names()).toEqual(['a', 'b']);
  });

  it('keeps what was used within the hour, whatever its size', async () => {
    await add('old', 10, 1.1);
    await add('running', 1000, 0.9);
    await add('new', 1000, 0);
    await boundCache(folder, { maxBytes: 1 });
    expect(await names()).toEqual(['new', 'running']);
    await boundCache(folder, { maxBytes: 1, keepMs: HOUR / 2 });
    expect(await names()).toEqual(['new']);
  });

  it('removes downloads that were never finished, also where there is room', async () => {
    await add('a.parquet.1.part', 10, 2);
    await add('b.parquet.2.part', 10, 0.5);
    await add('c.parquet', 10, 2);
    await boundCache(folder, { maxBytes: 1000 });
    expect(await names()).toEqual(['b.parquet.2.part', 'c.parquet']);
  });

  it('counts a look at a file as a use of it', async () => {
    await add('a', 10, 9);
    await add('b', 10, 8);
    expect(await touchCached(join(folder, 'a'), 10)).toBe(true);
    await boundCache(folder, { maxBytes: 10 });
    expect(await names()).toEqual(['a']);
  });

  it('does not take a file of another size, or none, for the cached one', async () => {
    await add('a', 10, 9);
    expect(await touchCached(join(folder, 'a'), 11)).toBe(false);
    expect(await touchCached(join(folder, 'absent'), 10)).toBe(false);
  });

  it('leaves folders below alone and does nothing where there is no folder', async () => {
    await mkdir(join(folder, 'below'));
    await boundCache(folder, { maxBytes: 0, keepMs: -1 });
    expect(await names()).toEqual(['below']);
    await boundCache(join(folder, 'absent'), { maxBytes: 0 });
  });

  it('takes several processes at once', async () => {
    for (let i = 0; i < 20; i++) await add(String(i).padStart(2, '0'), 10, 40 - i);
    await Promise.all(Array.from({ length: 5 }, () => boundCache(folder, { maxBytes: 50 })));
    expect(await names()).toEqual(['15', '16', '17', '18', '19']);
  });
});
