import { createHash } from 'node:crypto';
import { readFile, rm, stat, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { runCommand } from '../../infra/run-command.js';
import type { Place } from './contender.js';

/** Hundreds of packages, on a slow network. */
const INSTALL_TIMEOUT_MS = 1_800_000;

/**
 * The Python of a virtual environment with the packages of `requirements`, made at first use and again when that file
 * changes. Rejects with pip's last words where it cannot be made.
 */
export async function pythonEnvironment(requirements: string, { home, log }: Place): Promise<string> {
  const hash = createHash('sha256').update(await readFile(requirements));
  const name = basename(requirements, '.txt').replace('requirements-', '');
  // It cannot be moved when it is complete: its commands hold their path. Hence the mark.
  const folder = join(home, `${name}-${hash.digest('hex').slice(0, 12)}`);
  const complete = join(folder, 'complete');
  const python = join(folder, 'bin', 'python');
  if ((await stat(complete).catch(() => undefined)) !== undefined) return python;
  log(`installing ${name} (once) …`);
  await rm(folder, { recursive: true, force: true });
  const options = { env: process.env, timeoutMs: INSTALL_TIMEOUT_MS };
  await runCommand('python3', ['-m', 'venv', folder], options);
  await runCommand(
    python,
    ['-m', 'pip', 'install', '--quiet', '--no-input', '--disable-pip-version-check', '-r', requirements],
    options,
  );
  await writeFile(complete, '');
  return python;
}
