import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { readTable } from '../../lake/delta-log.js';
import { openStore } from '../../lake/open-store.js';
import { csvOf, sixCustomers } from '../support/purchases.js';
import { readerPython } from '../support/reader-python.js';

// Every command is a process of its own, and the steps of the story build on each other.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

const run = promisify(execFile);
const command = resolve('bin/segmenta.mjs');
const FECHA = '2026-07-01';
const TABLES = 'clientes_segmentados scores_rubro segmentos';

const CONFIG = `
sources:
  compras:
    files: { compras: { path: compras.csv } }
    select: select * from compras
dags:
  segmentation: { source: compras }
`;

const cwd = await mkdtemp(join(tmpdir(), 'segmenta-revert-'));
afterAll(() => rm(cwd, { recursive: true, force: true, maxRetries: 3 }));
const lake = join(cwd, '.segmenta', 'lake');
const store = openStore(lake);

interface Ended {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The real command, as a process of its own. */
const segmenta = async (line: string, ...more: readonly string[]): Promise<Ended> => {
  const args = [command, ...line.split(' '), ...more];
  const env = { PATH: process.env['PATH'], HOME: cwd };
  return run(process.execPath, args, { cwd, env }).then(
    (said) => ({ status: 0, ...said }),
    // A command that ends with another status than 0 rejects with what it said.
    (ended: { code: number; stdout: string; stderr: string }) => ({ status: ended.code, ...ended }),
  );
};
const succeed = async (line: string, ...more: readonly string[]): Promise<string> => {
  const { status, stdout, stderr } = await segmenta(line, ...more);
  expect([status, stderr]).toEqual([0, '']);
  return stdout;
};
const publish = (k: number): Promise<string> => succeed(`run segmentation --fecha ${FECHA} --param k=${k} --local`);

/** What consumers read: each table's content and version, the copies, and the nearest customers. */
const published = async () => {
  const tables = await Promise.all(
    TABLES.split(' ').map(async (name) => {
      const { version, files } = await readTable(store, name);
      const [file] = files;
      return { name, version, sha256: file?.tags['sha256'], bytes: await readFile(join(lake, name, file?.path ?? '')) };
    }),
  );
  const copies = ['csv', 'jsonl'].map((ending) =>
    readFile(
      join(lake, 'exports/clientes_segmentados', `fecha_modelo=${FECHA}`, `clientes_segmentados.${ending}`),
      'utf8',
    ),
  );
  return { tables, copies: await Promise.all(copies) };
};
const contents = ({ tables, copies }: Awaited<ReturnType<typeof published>>) => ({
  tables: tables.map(({ sha256, bytes }) => [sha256, bytes.toString('hex')]),
  copies,
});
const versions = ({ tables }: Awaited<ReturnType<typeof published>>) => tables.map(({ version }) => version);

const historyJson = z.object({
  table: z.string(),
  version: z.number(),
  history: z.array(
    z.object({
      fecha: z.string(),
      version: z.number(),
      when: z.iso.datetime(),
      operation: z.string(),
      run: z.string(),
      by: z.string().optional(),
      why: z.string().optional(),
      restored: z.number().optional(),
      rows: z.number(),
      sha256: z.string(),
      current: z.boolean(),
    }),
  ),
});
const history = async (table: string) =>
  historyJson.parse(JSON.parse(await succeed(`history ${table} --fecha ${FECHA} --json`)));

const revertJson = z.object({
  dryRun: z.boolean(),
  by: z.string(),
  tables: z.array(
    z.object({
      table: z.string(),
      from: z.number(),
      to: z.number(),
      version: z.number().optional(),
      unchanged: z.boolean(),
    }),
  ),
  exports: z.array(z.string()),
});

let two: Awaited<ReturnType<typeof published>>;
let three: Awaited<ReturnType<typeof published>>;
beforeAll(async () => {
  await writeFile(join(cwd, 'segmenta.yaml'), CONFIG);
  await writeFile(join(cwd, 'compras.csv'), csvOf(sixCustomers));
  await publish(2);
  two = await published();
  await publish(3);
  three = await published();
});

const { python, absence } = await readerPython();

describe('segmenta revert', () => {
  it('finds two runs of a date, of which the second left one table as it was', () => {
    expect([versions(two), versions(three)]).toEqual([
      [0, 0, 0],
      [1, 0, 1],
    ]);
    expect(three.copies).not.toEqual(two.copies);
  });

  it('with --dry-run says what it would do, and does nothing', async () => {
    const stdout = await succeed(`revert ${TABLES} --fecha ${FECHA} --dry-run`);
    const described = (version: number): string =>
      `version ${version} \\(\\d+ rows, \\S+Z, segmentation/${FECHA}/\\S+\\)`;
    expect(stdout.trimEnd().split('\n')).toEqual([
      expect.stringMatching(`^clientes_segmentados ${FECHA}: would go back to ${described(0)}, from ${described(1)}$`),
      expect.stringMatching(`^scores_rubro ${FECHA}: would stay as it is, ${described(0)}$`),
      expect.stringMatching(`^segmentos ${FECHA}: would go back to ${described(0)}, from ${described(1)}$`),
    ]);
    const json = revertJson.parse(JSON.parse(await succeed(`revert segmentos --fecha ${FECHA} --dry-run --json`)));
    expect(json).toMatchObject({ dryRun: true, tables: [{ from: 1, to: 0, unchanged: false }], exports: [] });
    expect(await published()).toEqual(three);
  });

  it('puts back what the newest run changed, byte by byte, with the copies in other formats', async () => {
    const stdout = await succeed(`revert ${TABLES} --fecha ${FECHA} --as ana --why`, 'k was wrong');
    expect(stdout.trimEnd().split('\n')).toEqual([
      expect.stringMatching(
        `^clientes_segmentados ${FECHA}: version 2 is back at version 0 \\(6 rows, .*from version 1$`,
      ),
      expect.stringMatching(/^written again: exports\/clientes_segmentados\/.*\.csv$/),
      expect.stringMatching(/^written again: exports\/clientes_segmentados\/.*\.jsonl$/),
      expect.stringMatching(`^scores_rubro ${FECHA}: stays as it is, version 0`),
      expect.stringMatching(`^segmentos ${FECHA}: version 2 is back at version 0 \\(2 rows, .*from version 1$`),
    ]);
    const now = await published();
    expect(versions(now)).toEqual([2, 0, 2]);
    expect(contents(now)).toEqual(contents(two));
  });

  it('has its customers shown, and their neighbours found, as before', async () => {
    const shown: unknown = JSON.parse(await succeed('show clientes_segmentados --json'));
    expect(shown).toMatchObject({ version: 2, partitions: [{ fecha: FECHA, rows: 6, version: 2 }] });
    expect(JSON.parse(await succeed('neighbours a -k 2 --json'))).toMatchObject({ dni: 'a', fecha: FECHA });
  });

  it('is told by `segmenta history`, newest first', async () => {
    const { version, history: entries } = await history('clientes_segmentados');
    expect(version).toBe(2);
    const [reverted, wrong, first] = entries;
    expect(entries).toHaveLength(3);
    expect(reverted).toMatchObject({ version: 2, operation: 'RESTORE', by: 'ana', why: 'k was wrong', restored: 0 });
    expect(wrong).toMatchObject({ version: 1, operation: 'WRITE', current: false });
    expect(first).toMatchObject({ version: 0, fecha: FECHA, operation: 'WRITE', rows: 6 });
    expect(reverted?.sha256).toBe(first?.sha256);
    expect(entries.map(({ current }) => current)).toEqual([true, false, false]);
    // Each run by a name of its own, so that what one changed is told from what another did.
    expect(new Set(entries.map(({ run }) => run)).size).toBe(3);
    const text = await succeed('history clientes_segmentados');
    expect(text.split('\n')[0]).toMatch(/^clientes_segmentados in file:\S+, version 2$/);
    expect(text).toMatch(/RESTORE +│ ana +│ +6 │ [0-9a-f]{12} │ current; content of version 0; k was wrong +│/);
  });

  it.skipIf(absence !== null)('is read by other people’s software, with its history', async () => {
    const read = await run(python, ['test/golden/read_published.py', join(lake, 'clientes_segmentados')]);
    const seen = z.object({
      tables: z.object({ clientes_segmentados: z.object({ version: z.number(), agree: z.boolean() }).loose() }),
    });
    const table = seen.parse(JSON.parse(read.stdout)).tables.clientes_segmentados;
    const rows = { rows: 6, rows_by_fecha_modelo: { [FECHA]: 6 } };
    expect(table).toMatchObject({
      version: 2,
      files: 1,
      agree: true,
      readers: { deltalake: rows, polars: rows, duckdb: rows },
    });
    const told = await run(python, [
      '-c',
      'import json, sys; from deltalake import DeltaTable; print(json.dumps(DeltaTable(sys.argv[1]).history(1)[0]))',
      join(lake, 'clientes_segmentados'),
    ]);
    expect(JSON.parse(told.stdout)).toMatchObject({
      version: 2,
      operation: 'RESTORE',
      operationParameters: { version: '0', fecha_modelo: FECHA },
      userName: 'ana',
      userMetadata: 'k was wrong',
    });
  });

  it('again undoes the revert; by version it goes where it is told, and twice there changes nothing', async () => {
    const undone = revertJson.parse(JSON.parse(await succeed(`revert ${TABLES} --fecha ${FECHA} --json`)));
    expect(undone).toMatchObject({ dryRun: false, by: userInfo().username });
    expect(undone.tables).toMatchObject([
      { table: 'clientes_segmentados', from: 2, to: 1, version: 3, unchanged: false },
      { table: 'scores_rubro', from: 0, to: 0, version: 0, unchanged: true },
      { table: 'segmentos', from: 2, to: 1, version: 3, unchanged: false },
    ]);
    expect(undone.exports).toHaveLength(2);
    expect(contents(await published())).toEqual(contents(three));
    for (const unchanged of [false, true]) {
      const json = await succeed(`revert clientes_segmentados --fecha ${FECHA} --to-version 0 --json`);
      expect(revertJson.parse(JSON.parse(json)).tables).toMatchObject([{ version: 4, unchanged }]);
    }
    expect((await succeed(`revert segmentos --fecha ${FECHA} --to-version 0`)).split('\n')).toHaveLength(2);
    expect(contents(await published())).toEqual(contents(two));
  });

  it('does not hinder the run whose result was put back: repeated, it publishes that again', async () => {
    expect(await publish(3)).toContain('publishSegments');
    const now = await published();
    expect(versions(now)).toEqual([5, 0, 5]);
    expect(contents(now)).toEqual(contents(three));
    expect(await publish(3)).toContain('nothing to compute');
    expect(versions(await published())).toEqual([5, 0, 5]);
  });

  it.each([
    ['revert clientes --fecha 2026-07-01', /^BadConfig: Expected one of the tables \(.*\), got 'clientes'$/],
    ['revert segmentos', /^error: required option '--fecha <date>' not specified/],
    [`revert segmentos --fecha 2026-07-08`, /^NothingToRevert: Expected a date of segmentos .*\(2026-07-01\), got/],
    [`revert scores_rubro --fecha ${FECHA}`, /^NothingToRevert: .* it is the first one, of version 0/],
    [`revert segmentos --fecha ${FECHA} --to-version x`, /^BadConfig: --to-version: Expected a version .*, got 'x'$/],
    [`revert ${TABLES} --fecha ${FECHA} --to-version 0`, /^BadConfig: --to-version: Expected one table, got 3/],
    [`revert segmentos --fecha ${FECHA} --to-version 9`, /^NothingToRevert: .* from 0 to 5, got 9$/],
    ['history segmentos --fecha 2026-07-08', /^BadConfig: Expected one of the dates of segmentos \(2026-07-01\), got/],
  ])('`segmenta %s` is one clear message, and nothing changes', async (line, message) => {
    const before = await published();
    const { status, stdout, stderr } = await segmenta(line);
    expect([status, stdout]).toEqual([1, '']);
    expect(stderr.split('\n')[0]).toMatch(message);
    expect(await published()).toEqual(before);
  });

  it('is refused before any table changes where one’s bytes are gone', async () => {
    const { history: entries } = await history('segmentos');
    const uri = `artifacts/segmentos/${entries.at(-1)?.sha256}.parquet`;
    await store.remove(uri);
    const before = await published();
    const { status, stderr } = await segmenta(`revert ${TABLES} --fecha ${FECHA}`);
    expect([status, stderr.trimEnd()]).toEqual([1, expect.stringMatching(`^ContentGone: .*'${uri}'.* got none`)]);
    expect(await published()).toEqual(before);
  });

  it('says what to do about the rest where one table fails after others went back', async () => {
    await publish(2);
    const before = await published();
    const wrong = (await history('segmentos')).history.find(({ rows }) => rows === 3);
    const uri = `artifacts/segmentos/${wrong?.sha256}.parquet`;
    const bytes = Buffer.from(await store.read(uri));
    await store.write(
      uri,
      bytes.map((byte) => 255 - byte),
    );
    const { status, stdout, stderr } = await segmenta(`revert ${TABLES} --fecha ${FECHA}`);
    expect([status, stdout.split('\n').length]).toEqual([1, 5]);
    expect(stderr.split('\n')).toEqual([
      'clientes_segmentados went back before this failed. For the rest, name only: segmentos',
      expect.stringMatching(`^ContentGone: .*'${uri}'.*damaged`),
      '',
    ]);
    const [customers = 0, scores, segments] = versions(before);
    const between = await published();
    expect(versions(between)).toEqual([customers + 1, scores, segments]);
    expect(between.copies).toEqual(three.copies);
    await store.write(uri, bytes);
    await succeed(`revert segmentos --fecha ${FECHA}`);
    expect(contents(await published())).toEqual(contents(three));
  });
});
