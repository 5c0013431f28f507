import { createHash, randomUUID } from 'node:crypto';
import { access, readFile, rename, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

const REQUIREMENTS = resolve('test/golden/requirements-readers.txt');

const isCi = !['', '0', 'false', undefined].includes(process.env['CI']);

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

/**
 * A Python interpreter with the packages of `requirements-readers.txt`, made once for each state of that file and kept in
 * the project's cache. Where none can be made `absence` says why; in CI that is an error.
 */
export async function readerPython(): Promise<{ readonly python: string; readonly absence: string | null }> {
  const hash = createHash('sha256').update(await readFile(REQUIREMENTS));
  const folder = resolve('.segmenta', 'cache', `python-${hash.digest('hex').slice(0, 16)}`);
  const python = join(folder, 'bin', 'python');
  if (await exists(python)) return { python, absence: null };
  // Under a name of its own until it is whole: neither a crash nor another run can leave half of one. The interpreter
  // finds its packages by where it lies, so that a finished environment can be renamed.
  const unfinished = `${folder}-${randomUUID()}`;
  try {
    await run('python3', ['-m', 'venv', unfinished]);
    const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '-r', REQUIREMENTS];
    await run(join(unfinished, 'bin', 'python'), pip, { maxBuffer: 1 << 26 });
    await rename(unfinished, folder).catch(async (error: unknown) => {
      if (!(await exists(python))) throw error;
    });
    return { python, absence: null };
  } catch (error) {
    if (isCi) throw error;
    const reason = error instanceof Error ? error.message.trim() : String(error);
    process.stderr.write(`\nSKIPPED: the tests with Python's readers, for want of their environment. ${reason}\n`);
    return { python, absence: reason };
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
}
