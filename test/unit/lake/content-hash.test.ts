import { createHash, randomUUID } from 'node:crypto';
import { appendFile, mkdtemp, readdir, readlink, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import * as fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { contentOf, contentWhileWritten } from '../../../lake/content-hash.js';

const scratch = await mkdtemp(join(tmpdir(), 'segmenta-hash-'));
afterAll(() => rm(scratch, { recursive: true, force: true }));

const somewhere = (): string => join(scratch, randomUUID());
const contentIn = (bytes: Uint8Array) => ({
  sha256: createHash('sha256').update(bytes).digest('hex'),
  bytes: bytes.length,
});

/** What this process has open, as Linux tells it. */
const openFiles = async (): Promise<readonly string[]> =>
  Promise.all((await readdir('/proc/self/fd')).map(async (fd) => readlink(`/proc/self/fd/${fd}`).catch(() => '')));

describe('the content of a file', () => {
  it('is the hash and the number of its bytes', async () => {
    const file = somewhere();
    await writeFile(file, 'abc');
    // FIPS 180-2, appendix B.1.
    const sha256 = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
    expect(await contentOf(file)).toEqual({ sha256, bytes: 3 });
  });

  it('that is written meanwhile is that of the finished one, however its parts come', async () => {
    const part = fc.record({
      bytes: fc.constantFrom(0, 1, 1_000, (1 << 20) - 1, 1 << 20, 3_000_000),
      pause: fc.nat(12),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(part, { maxLength: 5 }), fc.nat(255), async (parts, seed) => {
        const file = somewhere();
        const whole = Buffer.concat(parts.map(({ bytes }, i) => Buffer.alloc(bytes, `${seed} ${i}`)));
        const content = await contentWhileWritten(file, async () => {
          let at = 0;
          for (const { bytes, pause } of parts) {
            await sleep(pause);
            await appendFile(file, whole.subarray(at, at + bytes));
            at += bytes;
          }
          await appendFile(file, '');
        });
        expect(content).toEqual(contentIn(whole));
        expect(await contentOf(file)).toEqual(content);
      }),
      { numRuns: 25, seed: 20_261_122 },
    );
  });

  it('has nothing of a file that lay there before', async () => {
    const file = somewhere();
    await writeFile(file, 'a file that is longer than the new one');
    const content = await contentWhileWritten(file, async () => {
      await sleep(20);
      await writeFile(file, 'new');
    });
    expect(content).toEqual(contentIn(Buffer.from('new')));
  });

  it('is not told where the writer fails, and by then nobody reads what it left', async () => {
    const file = somewhere();
    const failing = contentWhileWritten(file, async () => {
      await writeFile(file, Buffer.alloc(30_000_000));
      await sleep(20);
      throw new Error('no space left');
    });
    await expect(failing).rejects.toThrow('no space left');
    expect(await openFiles()).not.toContain(file);
  });

  it('is not waited for where the writer fails at once', async () => {
    const failing = contentWhileWritten(somewhere(), async () => Promise.reject(new Error('at once')));
    await expect(failing).rejects.toThrow('at once');
  });

  it('is missed where the writer wrote no file', async () => {
    const file = somewhere();
    await expect(contentWhileWritten(file, async () => sleep(10))).rejects.toThrow(`open '${file}'`);
  });
});
