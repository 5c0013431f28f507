import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { removeAbandonedDownloads, removeAbandonedScratch, withScratch } from '../../../activities/scratch-folder.js';

let cache: string;
beforeEach(async () => {
  cache = await mkdtemp(join(tmpdir(), 'segmenta-scratch-'));
});
afterEach(() => rm(cache, { recursive: true, force: true }));

const left = async (): Promise<string[]> => readdir(join(cache, 'scratch'));
const hourAgo = new Date(Date.now() - 3_600_000);

/** A folder of this name pattern with a file in it, as a killed process leaves it. */
async function leave(change: (name: string) => string): Promise<void> {
  let name = '';
  await withScratch(cache, 'fitClusters', async (folder) => {
    name = basename(folder);
  });
  const folder = join(cache, 'scratch', change(name));
  await mkdir(folder);
  await writeFile(join(folder, 'half.parquet'), 'x');
}

const deadPid = (): number => spawnSync(process.execPath, ['-e', '']).pid;

describe('withScratch', () => {
  it('gives every attempt a folder of its own and removes it, also after a failure', async () => {
    const folders = new Set<string>();
    const use = async (folder: string): Promise<void> => {
      folders.add(folder);
      await writeFile(join(folder, 'a'), 'x');
    };
    await Promise.all([withScratch(cache, 'a', use), withScratch(cache, 'a', use)]);
    await expect(withScratch(cache, 'a', async () => Promise.reject(new Error('no luck')))).rejects.toThrow('no luck');
    expect(folders.size).toBe(2);
    expect(await left()).toEqual([]);
  });
});

describe('removeAbandonedScratch', () => {
  it('has nothing to do where nobody has worked', async () => {
    await removeAbandonedScratch(join(cache, 'none'));
  });

  it('removes at once what a dead process of this machine left', async () => {
    const pid = deadPid();
    await leave((name) => name.replace(/\.\d+\./, `.${pid}.`));
    await removeAbandonedScratch(cache);
    expect(await left()).toEqual([]);
  });

  it('leaves alone what a living process has', async () => {
    await withScratch(cache, 'a', async () => {
      await removeAbandonedScratch(cache);
      expect(await left()).toHaveLength(1);
    });
    await leave((name) => name.replace(/\.\d+\./, `.${process.ppid}.`));
    await removeAbandonedScratch(cache);
    expect(await left()).toHaveLength(1);
  });

  it('removes what another machine has only when nobody has touched it for long', async () => {
    const pid = deadPid();
    await leave((name) => name.replace(/^[^.]+\.\d+/, `elsewhere.${pid}`));
    await removeAbandonedScratch(cache);
    const [name = ''] = await left();
    expect(name).toMatch(/^elsewhere/);
    await utimes(join(cache, 'scratch', name), hourAgo, hourAgo);
    await removeAbandonedScratch(cache);
    expect(await left()).toEqual([]);
  });

  it('takes folders without such a name for those of nobody, once they are old', async () => {
    await leave(() => 'fitClusters-0f0f');
    await removeAbandonedScratch(cache);
    expect(await left()).toEqual(['fitClusters-0f0f']);
    await utimes(join(cache, 'scratch', 'fitClusters-0f0f'), hourAgo, hourAgo);
    await removeAbandonedScratch(cache);
    expect(await left()).toEqual([]);
  });
});

describe('removeAbandonedDownloads', () => {
  it('removes parts that nobody writes to any more, and nothing else', async () => {
    const folder = join(cache, 'artifacts');
    await mkdir(folder);
    for (const name of ['done.parquet', 'old.parquet.1.part', 'young.parquet.2.part']) {
      await writeFile(join(folder, name), 'x');
    }
    for (const name of ['done.parquet', 'old.parquet.1.part']) await utimes(join(folder, name), hourAgo, hourAgo);
    await removeAbandonedDownloads(cache);
    expect(await readdir(folder)).toEqual(['done.parquet', 'young.parquet.2.part']);
  });
});
