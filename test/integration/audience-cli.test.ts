import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { ActivityDeps } from '../../activities/run-activity.js';
import { publishCustomersOf, someCustomers } from '../support/audience-lake.js';
import { taskWorkspace } from '../support/single-tasks.js';
import type { TaskWorkspace } from '../support/single-tasks.js';
import type { SomeCustomers } from '../support/audience-lake.js';

// Every command is a process of its own.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

const run = promisify(execFile);
const program = resolve('dist/cli/main.js');

let space: TaskWorkspace;
let deps: ActivityDeps;
let some: SomeCustomers;

beforeAll(async () => {
  space = await taskWorkspace(1);
  ({ deps } = space);
  some = await someCustomers(space, deps, 600);
  for (const fecha of ['2026-03-02', '2026-03-09']) await publishCustomersOf(space, deps, fecha, some);
  // Half of those who are alike; the id that looks like a formula is of the other half, and so in the audience.
  const seeds = some.ids.filter((_, i) => i % 12 === 6);
  await writeFile(
    join(space.folder, 'semillas.csv'),
    `nombre,customer_id\n${seeds.map((id) => `x,${id}`).join('\n')}\n`,
  );
  await writeFile(join(space.folder, 'fuera.txt'), `${some.ids[12]}\nnobody\n`);
});
afterAll(async () => space.remove());

async function segmenta(...args: readonly string[]): Promise<{ status: number; stdout: string; stderr: string }> {
  const env = { PATH: process.env['PATH'], SEGMENTA_LAKE: space.lake, SEGMENTA_THREADS: '1' };
  try {
    return { status: 0, ...(await run(process.execPath, [program, ...args], { cwd: space.folder, env })) };
  } catch (error) {
    // What `execFile` rejects with where the status is not 0.
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { status: code, stdout, stderr };
  }
}
const create = ['audience', 'create', 'parecidos', '--seeds', 'semillas.csv', '--suppress', 'fuera.txt'];

describe('segmenta audience', () => {
  it('makes an audience of the newest date from a file of seeds, says what it is worth, and writes the list', async () => {
    const made = await segmenta(...create, '--size', '60', '--out', 'lista.csv', '--as', 'ana');
    expect(made.stderr).toBe('');
    expect(made.stdout).toContain('parecidos, 2026-03-09: 60 of 549 candidates, like 50 seeds; publicada');
    expect(made.stdout).toContain('1 of 2 suppressed ids are of no customer: nobody');
    expect(made.stdout).toMatch(/10 %\s+│/);
    const [head, ...lines] = (await readFile(join(space.folder, 'lista.csv'), 'utf8')).trimEnd().split('\n');
    expect(head).toBe('posicion,customer_id,score,percentil');
    expect(lines).toHaveLength(60);
    expect(lines[0]).toMatch(/^1,'\+1\+1,0\.\d+,1\.0$/);
    const ids = lines.map((line) => line.split(',')[1]);
    expect(ids).toContain("'+1+1");
    expect(ids).not.toContain(some.ids[12]);
    expect(lines.every((line) => /^\d+,('\+1\+1|000|c\d+),[\d.e-]+,[\d.]+$/.test(line))).toBe(true);
  });

  it('shows and lists them, also for programs', async () => {
    const listed = await segmenta('audience', 'list', '--json');
    expect(JSON.parse(listed.stdout)).toMatchObject({
      fecha: '2026-03-09',
      audiences: [{ audiencia: 'parecidos', clientes: 60, semillas: 50, origen: 'manual', estado: 'publicada' }],
    });
    const other = await segmenta('audience', 'create', 'vip', '--seeds', 'vip_flag=true', '--reach', '10%', '--json');
    expect(JSON.parse(other.stdout)).toMatchObject({
      fecha: '2026-03-09',
      row: { audiencia: 'vip', clientes: 55 },
      overlaps: [{ audience: 'parecidos' }],
      report: { seeds: { found: 50 }, scoring: { heldOut: 50 } },
      tables: [{ table: 'audiencias_resumen' }, { table: 'audiencias' }],
    });
    const shown = await segmenta('audience', 'show', 'parecidos', '--fecha', '2026-03-09');
    expect(shown.stdout).toContain('also in');
    expect(shown.stdout).toContain('vip');
  });

  it('holds one that grew too much, writes no list of it, and publishes it when somebody confirms', async () => {
    const fecha = ['--fecha', '2026-03-09'];
    const held = await segmenta(...create, '--size', '120', ...fecha, '--out', 'retenida.csv');
    expect(held.stderr).toContain('parecidos is held: 120 clientes, antes 60 (+100 %; se admite ±50 %)');
    expect(held.stderr).toContain('No list was written to retenida.csv');
    await expect(readFile(join(space.folder, 'retenida.csv'))).rejects.toThrow('ENOENT');
    const confirm = ['audience', 'confirm', 'parecidos', ...fecha];
    const unsaid = await segmenta(...confirm);
    expect([unsaid.status, unsaid.stderr]).toEqual([1, expect.stringContaining("'--why <reason>' not specified")]);
    const why = ['--why', 'campaña', '--as', 'ana'];
    const done = await segmenta(...confirm, ...why, '--out', 'si.csv');
    expect(done.stderr).toBe('');
    expect(done.stdout).toContain('confirmed by ana: campaña');
    expect((await readFile(join(space.folder, 'si.csv'), 'utf8')).split('\n')).toHaveLength(122);
    const again = await segmenta(...confirm, '--why', 'otra vez', '--as', 'eva');
    expect([again.status, again.stderr]).toEqual([
      0,
      'Nothing to confirm: parecidos of 2026-03-09 is published already since ana confirmed it\n',
    ]);
    expect(again.stdout).toContain('confirmed by ana: campaña');
  });

  it('says how many candidates there are where it is to have more, and which values there are of one that is not', async () => {
    const large = ['audience', 'create', 'todos', '--seeds', 'vip_flag=true', '--size', '5000'];
    const all = await segmenta(...large, '--filter', 'region_clean!=Norte', '--fecha', '2026-03-02');
    expect(all.stdout).toContain('todos, 2026-03-02: 550 of 550 candidates');
    expect(all.stdout).toContain('asked for 5,000, but there are 550 candidates: all of them are in it');
    expect(all.stdout).toContain("no customer has region_clean 'Norte': there are 'norte', 'sur'");
    const none = await segmenta(...large, '--filter', 'region_clean=nort', '--json');
    expect([none.status, none.stdout]).toEqual([1, '']);
    expect(none.stderr).toMatch(/^BadAudience: .*no customer has region_clean 'nort': there are 'norte', 'sur'$/m);
  });

  it.each([
    [['--seeds', 'vip_flag=true'], 'Expected one of `size`, `reach` and `minSimilarity`'],
    [['--seeds', 'vip_flag=true', '--reach', '200%'], 'reach'],
    [
      ['--seeds', 'ninguno.csv', '--size', '5'],
      "--seeds: Expected a file of ids, or a condition such as vip_flag=true, got 'ninguno.csv'",
    ],
    [
      ['--seeds', 'vip=true', '--size', '5'],
      "BadConfig: audience x: Expected one of the columns customer_id, vip_flag, alike, region_clean, alta; got 'vip'",
    ],
    [['--seeds', 'fuera.txt', '--size', '5'], 'Expected at least 50 seeds for the audience x, got 1'],
    [['--seeds', 'vip_flag=true', '--size', 'x'], "--size: Expected a number, got 'x'"],
    [
      ['--seeds', 'vip_flag=true', '--size', '5', '--fecha', '2020-01-01'],
      'Expected one of the dates of clientes_limpios',
    ],
  ])('refuses %j', async (options, message) => {
    const refused = await segmenta('audience', 'create', 'x', ...options);
    expect(refused.status).toBe(1);
    expect(refused.stderr).toContain(message);
  });

  it('knows the audiences of the date', async () => {
    const refused = await segmenta('audience', 'show', 'otra', '--fecha', '2026-03-09');
    expect(refused.stderr).toContain(
      "NoAudience: Expected one of the audiences of 2026-03-09 (parecidos, vip), got 'otra'",
    );
  });
});
