import { createHash } from 'node:crypto';
import { readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { defineActivity } from '../../activities/define-activity.js';
import type { ActivityDefinition } from '../../activities/define-activity.js';
import { publishSegments } from '../../activities/publish-segments.js';
import { runActivity } from '../../activities/run-activity.js';
import type { ActivityDeps } from '../../activities/run-activity.js';
import type { Json } from '../../dag/artifact.js';
import { KernelThreads } from '../../kernels/threads/kernel-threads.js';
import { putArtifact } from '../../lake/artifact-store.js';
import { openStore } from '../../lake/open-store.js';
import { csvOf, purchaseSource, sixCustomers } from '../support/purchases.js';
import { execute, publishedFiles, runSegmentation, statesOf, workspace } from '../support/run-segmentation.js';
import type { Workspace } from '../support/run-segmentation.js';

const FECHA = '2026-07-01';
let space: Workspace;
let deps: ActivityDeps;
let beats: { readonly [what: string]: Json }[];

beforeEach(async () => {
  space = await workspace();
  beats = [];
  deps = {
    store: openStore(space.lake),
    cacheFolder: join(space.folder, 'cache'),
    threads: new KernelThreads({ threads: 1 }),
    queryThreads: 2,
    queryMemory: '1GB',
  };
});
afterEach(async () => {
  await deps.threads.close();
  await space.remove();
});

const attempt = <Input, Output>(
  definition: ActivityDefinition<Input, Output>,
  input: Input,
  signal: AbortSignal = new AbortController().signal,
  onBeat: () => void = () => {},
) => {
  const heartbeat = (detail: { readonly [what: string]: Json }): void => {
    beats.push(detail);
    onBeat();
  };
  const attempt = { task: 'tried', run: 'test', record: 'runs/test', mode: 'by-content', attempt: 1 } as const;
  return runActivity(definition, deps, { ...attempt, signal, heartbeat }, input);
};

const scratchFolders = (): Promise<string[]> => readdir(join(deps.cacheFolder, 'scratch')).catch(() => []);

/** Far longer than any test may take, unless something stops it. */
const ENDLESS = `SELECT count(*) FROM range(100000000) a, range(100000000) b WHERE (a.range * b.range) % 7 = 3`;

const endless = defineActivity<object, number>({
  version: 1,
  cache: 'never',
  run: (_, context) =>
    context.withDuckDb('UTC', async (db, phase) => {
      phase('counting');
      await writeFile(join(context.scratch, 'half'), 'x');
      await db.rows(ENDLESS);
      return { output: 1, note: '' };
    }),
});

describe('a task at work', () => {
  it('sends heartbeats while a long query runs, and an abort ends it at once and leaves no scratch folder', async () => {
    const stop = new AbortController();
    const work = attempt(endless, {}, stop.signal, () => {
      if (beats.length > 3) stop.abort(new Error('stopped by the test'));
    });
    await expect(work).rejects.toThrow('stopped by the test');
    expect(beats.length).toBeGreaterThan(3);
    expect(beats.every(({ phase }) => phase === 'counting')).toBe(true);
    expect(await scratchFolders()).toEqual([]);
  });

  it('ends by an abort between two queries too', async () => {
    const stop = new AbortController();
    const between = defineActivity<object, number>({
      version: 1,
      cache: 'never',
      run: (_, context) =>
        context.withDuckDb('UTC', async (db) => {
          await db.rows('SELECT 1 AS one');
          stop.abort(new Error('stopped between'));
          await db.rows(ENDLESS);
          return { output: 1, note: '' };
        }),
    });
    await expect(attempt(between, {}, stop.signal)).rejects.toThrow('stopped between');
    expect(await scratchFolders()).toEqual([]);
  });

  it('does not begin once aborted', async () => {
    await expect(attempt(endless, {}, AbortSignal.abort(new Error('too late')))).rejects.toThrow('too late');
    expect(await scratchFolders()).toEqual([]);
  });

  it('leaves no scratch folder when it fails or succeeds', async () => {
    const ends = (how: 'success' | 'failure') =>
      defineActivity<object, number>({
        version: 1,
        cache: 'never',
        run: async (_, context) => {
          await writeFile(join(context.scratch, 'file'), 'x');
          if (how === 'failure') throw new Error('as planned');
          return { output: 1, note: '' };
        },
      });
    expect((await attempt(ends('success'), {})).output).toBe(1);
    await expect(attempt(ends('failure'), {})).rejects.toThrow('as planned');
    expect(await scratchFolders()).toEqual([]);
  });

  it('may not hand over rows: an output above 16 KiB is refused', async () => {
    const wordy = defineActivity<object, string>({
      version: 1,
      cache: 'never',
      run: async () => ({ output: 'x'.repeat(17_000), note: '' }),
    });
    await expect(attempt(wordy, {})).rejects.toThrow('put rows into an artifact');
  });

  it('is read again when the files that it reads changed meanwhile', async () => {
    let state = 0;
    const unsteady = defineActivity<object, number>({
      version: 1,
      cache: 'by-content',
      fingerprint: async () => state,
      run: async () => {
        state += 1;
        return { output: state, note: '' };
      },
    });
    await expect(attempt(unsteady, {})).rejects.toThrow('changed while it was read');
  });
});

describe('a run that is cancelled', () => {
  it('publishes nothing, says what was cancelled, and leaves no scratch folder', async () => {
    const file = join(space.folder, 'a.csv');
    await writeFile(file, csvOf(sixCustomers));
    for (const task of ['ingestTransactions', 'buildFeatures', 'nameClusters']) {
      const stop = new AbortController();
      const run = await runSegmentation({
        workspace: space,
        fecha: FECHA,
        config: purchaseSource(file),
        signal: stop.signal,
        onChange: (state) => {
          if (state.tasks[task]?.state === 'running') stop.abort(new Error('stopped by the test'));
        },
      });
      const states = statesOf(run);
      expect(states[task]).toBe('cancelled');
      expect(states['publishSegments']).toBe('cancelled');
      expect(await publishedFiles(space)).toEqual({});
      expect(await readdir(join(space.folder, '.segmenta/cache/scratch')).catch(() => [])).toEqual([]);
    }
  });
});

describe('the check before the commit', () => {
  const columns = `NULL::VARCHAR AS rubro_top, 0::DOUBLE AS score_supermercado, 0::DOUBLE AS score_farmacia, 0::DOUBLE AS score_restaurante`;

  async function publish(rows: string, count: number) {
    const put = async <Kind extends string>(kind: Kind, select: string, rows: number) => {
      const file = join(space.folder, `${kind}.parquet`);
      await execute(`COPY (${select}) TO '${file}' (FORMAT parquet)`);
      return putArtifact(deps.store, kind, file, { rows, schema: [] });
    };
    const clientes = await put(
      'clientes_segmentados',
      `SELECT dni::VARCHAR AS dni, cluster_id::INTEGER AS cluster_id, 'x' AS cluster_nombre, ${columns}, motivo::VARCHAR AS motivo
        FROM (VALUES ${rows}) t(dni, cluster_id, motivo)`,
      count,
    );
    const scores = await put('scores_rubro', `SELECT 'a' AS dni, 'x' AS rubro, 1::DOUBLE AS score`, 1);
    const segmentos = await put('segmentos', `SELECT 0 AS cluster_id`, 1);
    const index = { ...clientes, kind: 'knn-index' as const };
    return attempt(publishSegments, { fecha: FECHA, segments: { clientes, scores, segmentos }, index });
  }

  const refused: readonly (readonly [string, string, number, RegExp])[] = [
    [
      'a dni that comes twice',
      `('a', 0, NULL), ('b', 0, NULL), ('a', 1, NULL)`,
      3,
      /got 3 rows of 2 dnis; repeated: 'a'/,
    ],
    ['a row without dni', `('a', 0, NULL), (NULL, 0, NULL)`, 2, /got 2 rows of 1 dnis/],
    ['fewer rows than were made', `('a', 0, NULL)`, 2, /Expected 2 rows.*got 1 rows/],
    ['no segment and no reason', `('a', 0, NULL), ('b', NULL, NULL)`, 2, /reason for every dni.*1 have none/],
  ];
  it.each(refused)('refuses %s, and publishes nothing', async (_, rows, count, message) => {
    const error: unknown = await publish(rows, count).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name: 'PartitionCheckFailed' });
    expect(String(error)).toMatch(message);
    expect(await publishedFiles(space)).toEqual({});
  });

  it('lets a sound partition through, once', async () => {
    const rows = `('a', 0, NULL), ('b', NULL, 'sin_filas_usables')`;
    expect(await publish(rows, 2)).toMatchObject({
      cached: false,
      output: { tables: [{ rows: 2, version: 0 }, {}, {}] },
    });
    const files = await publishedFiles(space);
    expect(await publish(rows, 2)).toMatchObject({ cached: true, note: 'unchanged, version 0' });
    expect(await publishedFiles(space)).toEqual(files);
    const part = Object.keys(files).find((path) => /^clientes_segmentados\/.*parquet$/.test(path));
    const sha256 = createHash('sha256')
      .update(await readFile(join(space.lake, part ?? '')))
      .digest('hex');
    expect(files[part ?? '']).toBe(sha256);
  });

  it('takes up an export that is missing or damaged, without a new version', async () => {
    const rows = `('a', 0, NULL)`;
    await publish(rows, 1);
    const files = await publishedFiles(space);
    const copy = join(space.lake, `exports/clientes_segmentados/fecha_modelo=${FECHA}/clientes_segmentados.csv`);
    await writeFile(copy, 'damaged');
    expect(await publish(rows, 1)).toMatchObject({ cached: false });
    expect(await publishedFiles(space)).toEqual(files);
  });
});
